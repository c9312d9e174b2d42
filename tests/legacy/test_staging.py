"""The life of a staging schema: replaced only on request and only if a load made it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
import pytest
from psycopg import sql

from fullhouse.migration.legacy import loader, staging
from fullhouse.migration.legacy.batches import BATCH_ROWS
from fullhouse.migration.legacy.loader import load_file, load_items
from fullhouse.migration.legacy.reader import Item
from fullhouse.migration.legacy.refusals import (
    SchemaBusyError,
    SchemaNameError,
    SchemaRefusedError,
)
from fullhouse.migration.legacy.tables import LAYOUT

from .conftest import WriteDump, fetch, key, row, schemas

Database = psycopg.Connection[Any]
LOAD = """
import pathlib, sys, psycopg
from fullhouse.migration.legacy.loader import load_file
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    load_file(connection, path=pathlib.Path(sys.argv[2]), schema=sys.argv[3])
"""


def test_another_file_needs_replace(database: Database, schema: str, write_dump: WriteDump) -> None:
    load_file(database, path=write_dump(row("events.seat", key(1))), schema=schema)
    other = write_dump(row("events.seat", key(2)))

    with pytest.raises(SchemaRefusedError, match="--replace"):
        load_file(database, path=other, schema=schema)
    seats = "SELECT id::text FROM {}.events_seat"
    assert fetch(database, seats, schema) == [(key(1),)]

    assert not load_file(database, path=other, schema=schema, replace=True).already_loaded
    assert fetch(database, seats, schema) == [(key(2),)]
    assert schemas(database, schema) == [schema]


def test_a_failed_replacement_keeps_what_was_there(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    load_file(database, path=write_dump(row("events.seat", key(1))), schema=schema)
    repeated = write_dump(row("events.seat", key(2)), row("events.seat", key(2)))
    with pytest.raises(Exception, match="second time"):
        load_file(database, path=repeated, schema=schema, replace=True)
    assert fetch(database, "SELECT id::text FROM {}.events_seat", schema) == [(key(1),)]
    assert schemas(database, schema) == [schema]


@pytest.mark.parametrize("comment", [None, "the sales of 2019", "fullhouse legacy load: {}"])
def test_a_schema_of_other_making_is_never_replaced(
    database: Database, schema: str, write_dump: WriteDump, comment: str | None
) -> None:
    name = sql.Identifier(schema)
    database.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    database.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(comment)))
    database.execute(sql.SQL("CREATE TABLE {}.events_seat (id int)").format(name))

    with pytest.raises(SchemaRefusedError, match="never replaced"):
        load_file(database, path=write_dump(), schema=schema, replace=True)

    assert fetch(database, "SELECT count(*) FROM {}.events_seat", schema) == [(0,)]
    assert schemas(database, schema) == [schema]


def test_what_others_built_on_a_load_is_not_torn_down(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    load_file(database, path=write_dump(row("events.seat", key(1))), schema=schema)
    built = sql.Identifier(f"{schema}_report")
    seats = sql.Identifier(schema, "events_seat")
    database.execute(sql.SQL("CREATE SCHEMA {}").format(built))
    database.execute(sql.SQL("CREATE VIEW {}.seats AS SELECT id FROM {}").format(built, seats))
    other = write_dump(row("events.seat", key(2)))
    with pytest.raises(SchemaRefusedError, match="depends on it"):
        load_file(database, path=other, schema=schema, replace=True)
    assert fetch(database, "SELECT id::text FROM {}.events_seat", schema) == [(key(1),)]
    assert schemas(database, schema) == [schema, f"{schema}_report"]


@pytest.mark.parametrize(
    "name", ["public", "fullhouse", "pg_temp", "information_schema", "", "1a", "A", 'a"b', "a" * 39]
)
def test_names_that_are_not_for_legacy_data(name: str) -> None:
    with pytest.raises(SchemaNameError):
        staging.check_name(name, own_schema="fullhouse")


@contextmanager
def half_written(path: Path, rows: int = 8000) -> Iterator[BinaryIO]:
    """A dump that stops in its middle, until the reader has taken far more than one batch."""
    with path.open("wb") as pipe:
        seats = [json.dumps(row("events.seat", key(at), section="x" * 500)) for at in range(rows)]
        pipe.write(f"[{','.join(seats)}".encode())
        pipe.flush()
        yield pipe
        pipe.write(f",{json.dumps(row('events.seat', key(rows)))}]".encode())


def test_of_two_loads_at_once_one_is_refused(
    database: Database, conninfo: str, schema: str, tmp_path: Path, write_dump: WriteDump
) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    outcome: list[Any] = []

    def load() -> None:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            outcome.append(load_file(connection, path=pipe, schema=schema))

    thread = threading.Thread(target=load)
    thread.start()
    with half_written(pipe):
        with pytest.raises(SchemaBusyError):
            load_file(database, path=write_dump(), schema=schema, replace=True)
        assert len(schemas(database, schema)) == 1
    thread.join()

    assert outcome[0].tables["events_seat"] == 8001
    assert schemas(database, schema) == [schema]


def test_a_killed_load_leaves_nothing_once_the_next_has_run(
    database: Database, conninfo: str, schema: str, tmp_path: Path, write_dump: WriteDump
) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    process = subprocess.Popen([sys.executable, "-c", LOAD, conninfo, str(pipe), schema])
    try:
        with suppress(BrokenPipeError), half_written(pipe):
            process.send_signal(signal.SIGKILL)
            process.wait()
    finally:
        process.kill()
    (left,) = schemas(database, schema)
    assert left.startswith(f"{schema}_loading_")

    _wait_for_the_lock(database, schema)
    load_file(database, path=write_dump(row("events.seat", key(1))), schema=schema)

    assert schemas(database, schema) == [schema]


def test_a_load_whose_server_session_ends_is_cleaned_up_by_the_next(
    database: Database, conninfo: str, schema: str, write_dump: WriteDump
) -> None:
    with psycopg.connect(conninfo, autocommit=True) as doomed:

        def items() -> Iterator[Item]:
            for at in range(3 * BATCH_ROWS):
                if at == 2 * BATCH_ROWS:
                    database.execute(
                        "SELECT pg_terminate_backend(%s, 10000)", [doomed.info.backend_pid]
                    )
                yield Item(0, "events.seat", key(at), {})

        with pytest.raises(psycopg.OperationalError):
            load_items(doomed, items=items(), schema=schema, source="test", sha256="0")
    assert len(schemas(database, schema)) == 1

    load_file(database, path=write_dump(row("events.seat", key(1))), schema=schema)
    assert schemas(database, schema) == [schema]


def test_a_load_that_is_stopped_leaves_nothing(database: Database, schema: str) -> None:
    def items() -> Iterator[Item]:
        for at in range(BATCH_ROWS + 1):
            yield Item(0, "events.seat", key(at), {})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_items(database, items=items(), schema=schema, source="test", sha256="0")
    assert schemas(database, schema) == []
    assert database.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_schema_of_an_older_layout_is_not_already_loaded(
    database: Database, schema: str, write_dump: WriteDump, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_dump(row("events.seat", key(1)))
    load_file(database, path=path, schema=schema)
    monkeypatch.setattr(f"{loader.__name__}.LAYOUT", LAYOUT + 1)
    with pytest.raises(SchemaRefusedError, match="--replace"):
        load_file(database, path=path, schema=schema)


def test_a_load_under_a_similar_name_is_not_swept_away(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    neighbour = staging.create(database, f"{schema}_loading_a")
    load_file(database, path=write_dump(row("events.seat", key(1))), schema=schema)
    assert schemas(database, schema) == [schema, neighbour]


def _wait_for_the_lock(database: Database, schema: str) -> None:
    """The server ends a dead client's session when it notices; its lock goes with it."""
    name = f"fullhouse legacy load {schema}"
    database.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    database.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def test_memory_does_not_grow_with_the_file(
    conninfo: str, schema: str, sample_file: Callable[..., Path], tmp_path: Path
) -> None:
    peaks = []
    for at, seats in enumerate((6_000, 60_000)):
        path = sample_file(seats=seats, name=f"{seats}.json.gz")
        script = (
            f"{LOAD}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        command = [sys.executable, "-c", script, conninfo, str(path), f"{schema}_{at}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < 1.25 * peaks[0]
