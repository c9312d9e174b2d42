"""One database session at work on a run: its views of the legacy side, its working tables.

The tables and views are temporary and go when the session is closed. Statements plan over hash
joins only: working tables have no statistics, and a nested loop over one of them never ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from django.db import Error, connections, transaction
from psycopg import sql

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.migration import source as sources
from fullhouse.migration import sql_files
from fullhouse.migration.models import KeptRow, MigrationRun, Outbox
from fullhouse.migration.source import Source
from fullhouse.migration.source.back_views import make_back_views
from fullhouse.migration.source.links import make_link_view
from fullhouse.migration.source.views import tables

READ: Final = sql_files.folder("read")
_TEMP_BUFFERS: Final = "64MB"
_SETTINGS: Final = (
    "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off;"
    " SET LOCAL work_mem = '128MB'; SET LOCAL max_parallel_workers_per_gather = 0"
)


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; `execute` runs a file of `sql/` in the current transaction."""

    run: MigrationRun
    using: str
    cursor: Any
    #: Whether units read rows of other tables, whose marks are looked up (source/links.py).
    has_links: bool = False

    def execute(self, name: str, **values: object) -> None:
        """Run one file; `values` fill its placeholders and are numbers or fixed words only."""
        text = sql_files.text(name)
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", str(value))
        self.cursor.execute(text)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """Run one file that is a single query and return what it gives."""
        self.execute(name)
        return list(self.cursor.fetchall())

    def settle(self) -> None:
        """Set what every transaction of a session needs; lasts until its end."""
        self.cursor.execute(_SETTINGS)

    def project(self) -> None:
        """Read the units of `m_batch` from the legacy side into the working tables."""
        for name in READ:
            if "_equal_" not in name or self.run.split == "equal":
                self.execute(name)

    def allow_writing(self) -> None:
        """Open the engine's tables to this transaction, in the name of the run and its epoch."""
        self.cursor.execute(
            "SELECT set_config('fullhouse.engine', 'on', true),"
            " set_config('fullhouse.migration_run', %s, true),"
            " set_config('fullhouse.migration_epoch', %s, true)",
            [str(self.run.pk), str(self.run.epoch)],
        )


@contextmanager
def opened(
    run: MigrationRun, *, using: str, source: Source | None = None, back: bool = False
) -> Iterator[Session]:
    """Open a session on the connection of `using`; it must be outside a transaction.

    `back`: one that writes back; rows that Fullhouse added over there have its ids. Raises
    SourceError if the legacy schema is not what the source says.
    """
    source = source or sources.load(run.source)
    values = [value for view in source.views.values() for value in view.values.values()]
    has_links = any(value.elsewhere is not None for value in values)
    connection = connections[using]
    with connection.cursor() as cursor:
        session = Session(run, using, cursor, has_links)
        try:
            _widen_buffers(cursor, using)
            with transaction.atomic(using=using):
                _drop(cursor)
                _make_views(cursor, run, source, back=back)
                session.settle()
                session.execute("session/functions.sql")
                session.execute("session/tables.sql")
                cursor.execute("INSERT INTO m_run VALUES (%s, %s)", [run.pk, run.split])
                session.execute("session/catalogue.sql")
                session.execute("session/given.sql")
                session.execute("rows/views.sql")
            yield session
        finally:
            # A connection that is lost has dropped its temporary objects by itself.
            with suppress(Error), transaction.atomic(using=using):
                _drop(cursor)


def _make_views(cursor: Any, run: MigrationRun, source: Source, *, back: bool) -> None:
    schema, home = run.legacy_schema, run.home_schema
    sources.make_views(cursor, source, schema, home)
    present = tables(cursor, schema, source.tables())
    present.home = home
    outbox = sql.Identifier(own_schema(), Outbox._meta.db_table)
    make_link_view(cursor, source, schema, present, outbox)
    if back and source.reverse is not None:
        kept = sql.Identifier(own_schema(), KeptRow._meta.db_table)
        make_back_views(cursor, source, schema, present, kept, run.pk)


def _widen_buffers(cursor: Any, using: str) -> None:
    """Keep a batch's working tables in memory; a session that had temporary tables cannot."""
    with suppress(Error), transaction.atomic(using=using):
        cursor.execute(f"SET temp_buffers = '{_TEMP_BUFFERS}'")


@contextmanager
def bare(run: MigrationRun, *, using: str) -> Iterator[Session]:
    """Open a session that knows the run but reads nothing of the legacy side."""
    with connections[using].cursor() as cursor:
        session = Session(run, using, cursor)
        try:
            with transaction.atomic(using=using):
                _drop(cursor)
                session.execute("session/tables.sql")
                cursor.execute("INSERT INTO m_run VALUES (%s, %s)", [run.pk, run.split])
            yield session
        finally:
            with suppress(Error), transaction.atomic(using=using):
                _drop(cursor)


def _drop(cursor: Any) -> None:
    """Drop what `opened` makes, by the prefixes that only it uses."""
    cursor.execute(
        "SELECT format('DROP %s IF EXISTS pg_temp.%I CASCADE',"
        " CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, relname)"
        " FROM pg_catalog.pg_class WHERE relnamespace = pg_my_temp_schema()"
        " AND relkind IN ('r', 'v') AND relname ~ '^(b|back|m|v|src|want)_'"
        " UNION ALL SELECT format('DROP FUNCTION IF EXISTS pg_temp.%I CASCADE', proname)"
        " FROM pg_catalog.pg_proc WHERE pronamespace = pg_my_temp_schema() AND proname ~ '^m_'"
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
