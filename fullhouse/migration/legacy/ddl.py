"""The statements that make staging tables; keys and indexes come after the rows."""

from __future__ import annotations

from typing import Final

from psycopg import sql

from fullhouse.migration.legacy.tables import Kind, Table

POSTGRES_TYPES: Final[dict[Kind, str]] = {
    "uuid": "uuid",
    "bigint": "bigint",
    "integer": "integer",
    "numeric": "numeric",
    "boolean": "boolean",
    "text": "text",
    "jsonb": "jsonb",
    "date": "date",
    "time": "time without time zone",
    "timestamptz": "timestamp with time zone",
}


def create_table(schema: str, table: Table) -> sql.Composed:
    """Return the CREATE TABLE of a staging table; its key and indexes are added after the rows."""
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(POSTGRES_TYPES[column.kind]))
        for column in table.columns
    ]
    return sql.SQL("CREATE TABLE {} ({})").format(
        sql.Identifier(schema, table.name), sql.SQL(", ").join(columns)
    )


def create_key(schema: str, table: Table) -> sql.Composed:
    """Return the statement that makes the first column the primary key."""
    return sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(
        sql.Identifier(schema, table.name), sql.Identifier(table.key.name)
    )


def create_indexes(schema: str, table: Table) -> list[sql.Composed]:
    """Return the statements for the lookups that a migration makes."""
    return [
        sql.SQL("CREATE INDEX ON {} ({})").format(
            sql.Identifier(schema, table.name),
            sql.SQL(", ").join(sql.Identifier(name) for name in index),
        )
        for index in table.indexes
    ]
