"""Loads items into a new staging schema: typed, by COPY, in constant memory, all or nothing.

Values that do not fit become NULL and a row of `load_rejects`; only a broken structure or a
repeated primary key ends a load, and then nothing of it stays.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from fullhouse.migration.legacy import reader, staging
from fullhouse.migration.legacy.batches import Batches, DuplicateKeyError
from fullhouse.migration.legacy.reader import Item, Source
from fullhouse.migration.legacy.refusals import FileRefusedError
from fullhouse.migration.legacy.tables import LAYOUT
from fullhouse.migration.legacy.values import UnfitError, converter

#: Called with the stored bytes read and the rows loaded so far.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The outcome of a load; `already_loaded` says that the schema held this very source."""

    schema: str
    tables: dict[str, int]
    rejects: int
    skipped_models: dict[str, int]
    ignored_fields: dict[str, int]
    seconds: float
    sha256: str
    already_loaded: bool = False

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def load_file(
    connection: staging.Connection,
    *,
    path: Path,
    schema: str,
    replace: bool = False,
    progress: Progress = lambda _bytes, _rows: None,
) -> Loaded:
    """Load a `dumpdata` file into `schema`; the same file again changes nothing.

    Raises `FileRefusedError`, `SchemaRefusedError` or `SchemaBusyError`; after each of them the
    database is as it was. Takes the load lock of the schema. The connection must be in autocommit.
    """
    started = time.monotonic()
    rows = Counter[str]()
    with staging.exclusive(connection, schema):
        known = _known(connection, schema, lambda: reader.file_digest(path))
        if known:
            return _loaded(schema, known, started, already=True)
        source = Source(path, on_bytes=lambda done: progress(done, rows.total()))
        try:
            return _load(
                connection,
                schema=schema,
                items=source,
                describe=lambda: (path.name, source.digest),
                rows=rows,
                replace=replace,
                started=started,
            )
        except DuplicateKeyError as error:
            line = _second_line(path, error)
            raise FileRefusedError(
                line,
                f"primary key {error.key} of {error.table.model} for the second time",
                f"کلید {error.key} از {error.table.model} برای بار دوم آمده است",
            ) from error


def load_items(
    connection: staging.Connection,
    *,
    items: Iterable[Item],
    schema: str,
    source: str,
    sha256: str,
    replace: bool = False,
) -> Loaded:
    """Load generated items as `load_file` loads a file; `sha256` identifies what they are."""
    started = time.monotonic()
    with staging.exclusive(connection, schema):
        known = _known(connection, schema, lambda: sha256)
        if known:
            return _loaded(schema, known, started, already=True)
        return _load(
            connection,
            schema=schema,
            items=items,
            describe=lambda: (source, sha256),
            rows=Counter(),
            replace=replace,
            started=started,
        )


def _load(
    connection: staging.Connection,
    *,
    schema: str,
    items: Iterable[Item],
    describe: Callable[[], tuple[str, str]],
    rows: Counter[str],
    replace: bool,
    started: float,
) -> Loaded:
    staging.check_replaceable(connection, schema, replace=replace)
    staging.sweep(connection, schema)
    loading = staging.create(connection, schema)
    try:
        # Losing an unfinished load in a crash costs nothing; publishing it is durable.
        connection.execute("SET synchronous_commit = off")
        batches = Batches(connection, loading, rows)
        skipped = Counter[str]()
        for item in items:
            if not batches.add(item):
                skipped[item.model] += 1
        batches.finish()
        source, sha256 = describe()
        mark = staging.Mark(
            source=source,
            sha256=sha256,
            tables=dict(rows),
            layout=LAYOUT,
            rejects=batches.rejected,
            skipped_models=dict(skipped),
            ignored_fields=dict(batches.ignored_fields),
        )
        staging.publish(connection, loading, schema, mark, replace=replace)
    except BaseException:
        # A lost connection cannot clean up; the next load into this schema does.
        with suppress(psycopg.OperationalError):
            staging.drop(connection, loading)
        raise
    finally:
        with suppress(psycopg.OperationalError):
            connection.execute("RESET synchronous_commit")
    return _loaded(schema, mark, started)


def _known(
    connection: staging.Connection, schema: str, digest: Callable[[], str]
) -> staging.Mark | None:
    mark = staging.read_mark(staging.schema_comment(connection, schema)[1])
    if mark is None or mark.layout != LAYOUT or mark.sha256 != digest():
        return None
    # A takeover that was purged took the tables with it and left the schema with its mark.
    return mark if staging.has_tables(connection, schema, mark) else None


def _loaded(schema: str, mark: staging.Mark, started: float, *, already: bool = False) -> Loaded:
    return Loaded(
        schema=schema,
        tables=mark.tables,
        rejects=mark.rejects,
        skipped_models=mark.skipped_models,
        ignored_fields=mark.ignored_fields,
        seconds=round(time.monotonic() - started, 3),
        sha256=mark.sha256,
        already_loaded=already,
    )


def _second_line(path: Path, duplicate: DuplicateKeyError) -> int:
    """Read the file again up to the second row with the repeated key; return its line."""
    convert = converter(duplicate.table.key.kind)
    seen = 0
    for item in Source(path):
        if item.model.lower() != duplicate.table.model or item.pk is None:
            continue
        with suppress(UnfitError):
            seen += convert(item.pk).lower() == duplicate.key
        if seen == 2:
            return item.line
    raise duplicate
