"""Legacy rows into a schema, staging or strict, and through the product's own migration."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from fullhouse.migration import decisions
from fullhouse.migration.backfill import backfill, remove
from fullhouse.migration.legacy.loader import load_file
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.plan import make_plan
from fullhouse.migration.validate import validate

STRICT = (Path(__file__).parent / "strict_schema.sql").read_text(encoding="utf-8")


def _execute(statement: str | sql.Composable, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def _new_schema(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex[:12]}"


@contextmanager
def staged(path: Path) -> Iterator[str]:
    """A staging schema with the file's rows, for the length of the block."""
    schema = _new_schema("staged")
    connection.ensure_connection()
    load_file(connection.connection, path=path, schema=schema)
    try:
        yield schema
    finally:
        _execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


@contextmanager
def running(path: Path) -> Iterator[str]:
    """A schema as a legacy system has it beside Fullhouse, every rule of its tables in force."""
    schema = _new_schema("running")
    with staged(path) as loaded:
        _execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        try:
            _execute(sql.SQL(STRICT).format(schema=sql.Identifier(schema)))
            tables = _execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema)
            with transaction.atomic():  # its foreign keys are deferred, so any order will do
                for (table,) in tables:
                    _copy(table, loaded, schema)
            yield schema
        finally:
            _execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _copy(table: str, from_schema: str, to_schema: str) -> None:
    rows = _execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = %s AND table_name = %s",
        to_schema,
        table,
    )
    columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in rows)
    _execute(
        sql.SQL("INSERT INTO {to} ({columns}) SELECT {columns} FROM {source}").format(
            to=sql.Identifier(to_schema, table),
            source=sql.Identifier(from_schema, table),
            columns=columns,
        )
    )


@contextmanager
def migrated(schema: str, split: str = "pool") -> Iterator[MigrationRun]:
    """Plan, accept, backfill, validate; what was made is removed when the block ends."""
    run = MigrationRun.objects.create(source="events", legacy_schema=schema, split=split)
    try:
        make_plan(run)
        decisions.accept_proposals(run, "test")
        done = backfill(run)
        assert not done.failed, list(done.failed)
        outcome = validate(run)
        assert outcome.ok, [str(one) for one in outcome.mismatches]
        yield run
    finally:
        remove(run)
        run.delete()
