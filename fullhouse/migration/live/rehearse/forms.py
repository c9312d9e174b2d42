"""How a row of a legacy table is filled in, by the source's mapping and the table's own rules.

A seller knows what a booking means; columns that the source does not read get what the catalogue
of the database asks for: a default, a row that is there, or an empty value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from fullhouse.migration.source import Source
from fullhouse.migration.source.load import View

Connection = psycopg.Connection[Any]

_COLUMNS: Final = (
    "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    " a.atthasdef OR a.attidentity <> '', t.typcategory::text, r.relname::text, k.attname::text,"
    " rn.nspname::text"
    " FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
    " LEFT JOIN pg_catalog.pg_constraint AS f ON f.conrelid = a.attrelid AND f.contype = 'f'"
    "  AND f.conkey = ARRAY[a.attnum]"
    " LEFT JOIN pg_catalog.pg_class AS r ON r.oid = f.confrelid"
    " LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid = r.relnamespace"
    " LEFT JOIN pg_catalog.pg_attribute AS k ON k.attrelid = r.oid AND k.attnum = f.confkey[1]"
    " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"
    " AND a.attgenerated = ''"
)
#: The empty value of a type, by name, else by PostgreSQL's category of types.
_EMPTY: Final[Mapping[str, str]] = {
    "uuid": "gen_random_uuid()",
    "jsonb": "'[]'",
    "json": "'[]'",
    "date": "current_date",
    "B": "false",
    "N": "0",
    "S": "''",
    "D": "now()",
    "T": "'0'",
    "A": "'{}'",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a legacy table; `refers_to` is the schema, table and column of a foreign key."""

    name: str
    kind: str
    category: str
    is_needed: bool
    refers_to: tuple[str, str, str] | None

    def empty(self) -> sql.Composable:
        """Return what the column takes when nobody has anything to say."""
        if self.refers_to:
            schema, table, key = self.refers_to
            return sql.SQL("(SELECT {} FROM {} LIMIT 1)").format(
                sql.Identifier(key), sql.Identifier(schema, table)
            )
        known = self.kind.partition("(")[0]
        return sql.SQL(_EMPTY.get(known) or _EMPTY.get(self.category, "NULL"))


def columns(connection: Connection, schema: str, table: str) -> list[Column]:
    """Return the columns of a table that can be written, in order."""
    named = sql.Identifier(schema, table).as_string(connection)
    rows = connection.execute(f"{_COLUMNS} ORDER BY a.attnum", [named]).fetchall()
    return [
        Column(
            str(name),
            str(kind),
            str(category),
            bool(needed) and not has_default,
            (str(where), str(refers), str(key)) if refers else None,
        )
        for name, kind, needed, has_default, category, refers, key, where in rows
    ]


def booking_form(connection: Connection, source: Source, schema: str) -> sql.Composed | None:
    """Return the INSERT of a booking with its parameters by name; None where there is no table.

    Parameters: id, performance, reference, participants, status, seats, price (of all places).
    """
    view = source.views.get("booking")
    if view is None:
        return None
    there = columns(connection, schema, view.table)
    if not there:
        return None
    values = {each.name: _value(each, view, source) for each in there}
    given = {name: value for name, value in values.items() if value is not None}
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} AS p WHERE p.{} = {}").format(
        sql.Identifier(schema, view.table),
        sql.SQL(", ").join(map(sql.Identifier, given)),
        sql.SQL(", ").join(given.values()),
        sql.Identifier(schema, source.views["performance"].table),
        sql.Identifier(source.views["performance"].columns["id"]),
        sql.Placeholder("performance"),
    )


def _value(column: Column, view: View, source: Source) -> sql.Composable | None:
    canonical = {legacy: name for name, legacy in view.columns.items()}.get(column.name)
    performance = source.views["performance"]
    said: dict[str, sql.Composable] = {
        "performance_id": sql.SQL("p.{}").format(sql.Identifier(performance.columns["id"])),
        "is_active": sql.SQL("true"),
        "created_at": sql.SQL("clock_timestamp()"),
        "unit_price": sql.SQL("{}::numeric / {}::int").format(
            sql.Placeholder("price"), sql.Placeholder("participants")
        ),
        "total_price": sql.SQL("{}::numeric").format(sql.Placeholder("price")),
    }
    for name in ("id", "reference", "participants", "status", "seats"):
        said[name] = sql.SQL("{}::{}").format(sql.Placeholder(name), sql.SQL(column.kind))
    if canonical in said:
        return said[canonical]
    event = source.views["event"]
    if column.refers_to and column.refers_to[1] == event.table:
        return sql.SQL("p.{}").format(sql.Identifier(performance.columns["event_id"]))
    return column.empty() if column.is_needed else None
