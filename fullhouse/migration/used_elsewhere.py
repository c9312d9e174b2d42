"""Rows outside of events and takeovers that point at what a run made, by their foreign keys.

Found in the catalogue, so that a reference which this package knows nothing of is named before
anything is removed, and not by a foreign key in the middle of it.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import sql

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.events.models import Event, EventPerformance, TicketType, Venue
from fullhouse.migration.models import MigrationRun

_KINDS: Final = {
    model._meta.db_table: kind
    for kind, model in (
        ("performance", EventPerformance),
        ("event", Event),
        ("ticket_type", TicketType),
        ("venue", Venue),
    )
}
#: Tables whose rows go with what they point at, or are asked about by write/75_kept_by_others.sql.
_OWN: Final = "^(events|capacity_migration)_"
_REFERENCES: Final = (
    "SELECT f.relname::text, n.nspname::text, c.relname::text, a.attname::text"
    " FROM pg_catalog.pg_constraint AS k"
    " JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid"
    " JOIN pg_catalog.pg_namespace AS m ON m.oid = f.relnamespace"
    " JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]"
    " WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND m.nspname = %s"
    " AND f.relname = ANY (%s) AND k.confdeltype NOT IN ('c', 'n', 'd')"
    " AND NOT (n.nspname = %s AND c.relname ~ %s) ORDER BY 1, 2, 3, 4"
)
#: What to do about rows of a table, where more can be said than its name.
_ADVICE: Final = {
    "api_apikey_events": (
        "an API key is limited to it: in the admin, under API keys, take the event out of the key "
        "(an empty list means all events) or delete the key"
    ),
}


def used_elsewhere(cursor: Any, run: MigrationRun) -> list[tuple[str, str, str]]:
    """Return kind, id and why of each row that `run` made and that something else points at."""
    cursor.execute(_REFERENCES, [own_schema(), list(_KINDS), own_schema(), _OWN])
    found: list[tuple[str, str, str]] = []
    for target, schema, table, column in cursor.fetchall():
        why = _ADVICE.get(table, f"rows of {schema}.{table} point at it ({column})")
        cursor.execute(
            sql.SQL(
                "SELECT DISTINCT w.row_id::text FROM capacity_migration_maderow AS w"
                " JOIN {} AS t ON t.{} = w.row_id WHERE w.run_id = %s AND w.kind = %s ORDER BY 1"
            ).format(sql.Identifier(schema, table), sql.Identifier(column)),
            [run.pk, _KINDS[target]],
        )
        found += [(_KINDS[target], str(key), why) for (key,) in cursor.fetchall()]
    return found
