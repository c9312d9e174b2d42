"""An old ticketing system beside Fullhouse: its schema, its rows, its takeover, its fences."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from fullhouse.migration import backfill, decisions
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.plan import make_plan
from tests.migration.builders import House

STRICT = Path(__file__).parents[1] / "migration" / "strict_schema.sql"
_WRITTEN = ("events_eventperformance", "events_seat", "events_eventbooking")
FENCE = """
CREATE FUNCTION {schema}.fence() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'cut over; sell on the new side' USING ERRCODE = 'FHF01'; END $$;
"""


def execute(query: str, *values: Any, **names: str) -> list[tuple[Any, ...]]:
    """Run one statement; `names` are identifiers."""
    composed = sql.SQL(query).format(**{k: sql.Identifier(v) for k, v in names.items()})
    with connection.cursor() as cursor:
        cursor.execute(composed, values)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def running(house: House) -> Iterator[str]:
    """The house's rows in legacy tables with all their rules; yields the schema's name."""
    schema = f"old_{secrets.token_hex(6)}"
    execute("CREATE SCHEMA {schema}", schema=schema)
    try:
        execute(STRICT.read_text(encoding="utf-8"), schema=schema)
        for row in house.rows:
            _insert(schema, row)
        yield schema
    finally:
        execute("DROP SCHEMA {schema} CASCADE", schema=schema)


def _insert(schema: str, row: dict[str, Any]) -> None:
    table = row["model"].replace(".", "_").replace("translation", "_translation")
    columns = {
        name
        for (name,) in execute(
            "SELECT column_name::text FROM information_schema.columns"
            " WHERE table_schema = %s AND table_name = %s",
            schema,
            table,
        )
    }
    values = {"id": row["pk"]} | {
        name if name in columns else f"{name}_id": value for name, value in row["fields"].items()
    }
    given = [json.dumps(v) if isinstance(v, dict | list) else v for v in values.values()]
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(schema, table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.SQL("%s") for _ in values),
    )
    with connection.cursor() as cursor:
        cursor.execute(insert, given)


def take_over(schema: str) -> MigrationRun:
    """Project the old system into Fullhouse; the old side still sells."""
    run = MigrationRun.objects.create(source="events", legacy_schema=schema, split="pool")
    make_plan(run)
    decisions.accept_proposals(run, "test")
    done = backfill.backfill(run)
    assert not done.failed, list(done.failed)
    set_state(schema, "validated")
    return run


def set_state(schema: str, state: str) -> None:
    """Put the run of a schema into a state, as a cut-over or a way back does."""
    MigrationRun.objects.filter(legacy_schema=schema).update(state=state)


def fence_statements(schema: str) -> list[sql.Composed]:
    """The statements that a cut-over leaves on the old tables."""
    name = sql.Identifier(schema)
    return [
        sql.SQL(FENCE).format(schema=name),
        *(
            sql.SQL(
                "CREATE TRIGGER fence BEFORE INSERT OR UPDATE OR DELETE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION {schema}.fence()"
            ).format(table=sql.Identifier(schema, table), schema=name)
            for table in _WRITTEN
        ),
    ]


def used(schema: str, performance: UUID) -> int:
    """Return the old counter of a performance."""
    return execute(
        "SELECT current_capacity FROM {schema}.events_eventperformance WHERE id = %s",
        performance,
        schema=schema,
    )[0][0]


def statuses(schema: str, performance: UUID) -> list[str]:
    """Return the old seats' statuses in the order of their ids."""
    found = execute(
        "SELECT status FROM {schema}.events_seat WHERE performance_id = %s ORDER BY id",
        performance,
        schema=schema,
    )
    return [status for (status,) in found]
