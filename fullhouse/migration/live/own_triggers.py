"""Triggers and functions whose names begin alike: made inside a lock, taken away later, one by one.

Making a trigger only keeps writers out; dropping one keeps readers out too, so that is done
afterwards, a table at a time, under a short lock timeout.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import connections
from psycopg import sql

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.migration.live.places import triggers_named
from fullhouse.migration.live.short_locks import ATTEMPTS, with_short_locks


def remove(prefix: str, *, using: str, attempts: int = ATTEMPTS) -> None:
    """Drop every trigger and function whose name begins so. Again is safe.

    Raises RetryError if a table is not free for a moment in `attempts` tries; the functions then
    stay too.
    """
    with connections[using].cursor() as cursor:
        by_table: dict[tuple[str, str], list[str]] = {}
        for schema, table, name in triggers_named(cursor, prefix):
            by_table.setdefault((schema, table), []).append(name)
        for (schema, table), names in by_table.items():
            drop = partial(_drop_triggers, cursor, schema, table, names)
            with_short_locks(drop, f"{schema}.{table}", using=using, attempts=attempts)
        drop_functions(cursor, prefix)


def drop_functions(cursor: Any, prefix: str) -> None:
    """Drop the functions of Fullhouse's schema whose names begin so."""
    cursor.execute(
        "SELECT p.proname::text FROM pg_catalog.pg_proc AS p"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace"
        " WHERE n.nspname = %s AND starts_with(p.proname, %s) ORDER BY 1",
        [own_schema(), prefix],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("DROP FUNCTION IF EXISTS {}()").format(sql.Identifier(own_schema(), name))
        )


def close_to_public(cursor: Any, name: str) -> None:
    """Let nobody else put the function on a table: it works with its owner's rights."""
    cursor.execute(
        sql.SQL("REVOKE EXECUTE ON FUNCTION {}() FROM PUBLIC").format(
            sql.Identifier(own_schema(), name)
        )
    )


def _drop_triggers(cursor: Any, schema: str, table: str, names: list[str]) -> None:
    for name in names:
        cursor.execute(
            sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(
                sql.Identifier(name), sql.Identifier(schema, table)
            )
        )
