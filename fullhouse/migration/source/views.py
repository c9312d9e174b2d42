"""Makes the canonical views of a source as temporary views of one database session.

Nothing of ours is left in the legacy schema, and the legacy tables are only ever read.
"""

from __future__ import annotations

import json
from typing import Any, Final

from django.db import Error
from psycopg import sql

from fullhouse.migration.source.canonical import CANONICAL, MAY_BE_ABSENT, REQUIRED
from fullhouse.migration.source.expressions import Tables, expression, join
from fullhouse.migration.source.layout import Source, SourceError, View

PREFIX: Final = "src_"
#: The language whose text names a venue or event; others follow in alphabetical order.
LANGUAGES: Final = ("fa", "en")


def make_views(cursor: Any, source: Source, schema: str, home: str = "") -> None:
    """Create the temporary views `src_venue` .. `src_booking` over the tables of `schema`.

    `home`: the schema whose name is in made keys, where the tables have moved since.
    Raises SourceError when a table or a required column is missing or of a type that cannot be
    read as the canonical one.
    """
    present = tables(cursor, schema, source.tables())
    present.home = home
    for name in CANONICAL:
        view = source.views.get(name)
        if view is None or (view.table not in present and name in MAY_BE_ABSENT):
            query = _empty(name)
        else:
            _require(view, schema, present)
            query = select(view, schema, present)
        try:
            cursor.execute(
                sql.SQL("CREATE TEMP VIEW {} AS {}").format(sql.Identifier(PREFIX + name), query)
            )
        except Error as error:
            if getattr(error.__cause__, "sqlstate", None) not in _DOES_NOT_FIT:
                raise
            raise SourceError(
                f"[{name}] does not fit the tables of schema {schema!r}: {str(error).strip()} "
                f"What to change: fullhouse capacity_migration source check FILE --schema {schema}",
                f"[{name}] با جدول‌های شِمای {schema!r} نمی‌خواند: {str(error).strip()} چه باید کرد:"
                f" fullhouse capacity_migration source check FILE --schema {schema}",
            ) from error


#: SQLSTATEs: no such operator, no such cast, types that do not meet.
_DOES_NOT_FIT: Final = frozenset({"42883", "42846", "42804", "42P18", "42725"})


def drop_views(cursor: Any) -> None:
    """Drop what `make_views` made, so that nothing hinders a later change of the legacy side."""
    for name in CANONICAL:
        cursor.execute(
            sql.SQL("DROP VIEW IF EXISTS pg_temp.{}").format(sql.Identifier(PREFIX + name))
        )


def tables(cursor: Any, schema: str, names: list[str] | None = None) -> Tables:
    """Return the tables of `schema` (of `names`, or all) with their columns and types."""
    cursor.execute(
        "SELECT c.relname, jsonb_object_agg(a.attname, format_type(a.atttypid, NULL))::text"
        " FROM pg_catalog.pg_class AS c"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE n.nspname = %s AND (%s::text[] IS NULL OR c.relname = ANY (%s::text[]))"
        " AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname",
        [schema, names, names],
    )
    found = Tables((str(table), json.loads(columns)) for table, columns in cursor.fetchall())
    cursor.execute(
        "SELECT c.relname, a.attname FROM pg_catalog.pg_index AS i"
        " JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
        " WHERE n.nspname = %s AND i.indisvalid AND i.indpred IS NULL",
        [schema],
    )
    found.indexed = frozenset((str(table), str(column)) for table, column in cursor.fetchall())
    return found


def lacking(view: View, name: str, present: Tables) -> list[tuple[str, str]]:
    """Return each (table, column) that the canonical column `name` reads and that is not there."""
    value = view.values[name]
    return [
        (table, column)
        for table, column in value.columns(view.table)
        if column not in present.get(table, {})
    ]


def select(
    view: View, schema: str, present: Tables, *names: str, with_key: bool = False
) -> sql.Composed:
    """Return the query of a canonical view, or of some of its columns.

    `with_key`: and the legacy row's own key, as the text `legacy_key`.
    """
    wanted = names or tuple(CANONICAL[view.name])
    there = [n for n in wanted if n in view.values and not lacking(view, n, present)]
    joins = [join(schema, name, view.values[name], present) for name in there]
    columns = [_column(view, schema, name, name in there, present) for name in wanted]
    if with_key:
        key = sql.Identifier("t", view.values["id"].column)
        columns.append(sql.SQL("({})::text AS legacy_key").format(key))
    return sql.SQL("SELECT {} FROM {} AS t{}").format(
        sql.SQL(", ").join(columns), sql.Identifier(schema, view.table), sql.SQL("").join(joins)
    )


def _require(view: View, schema: str, present: Tables) -> None:
    if view.table not in present:
        raise SourceError(
            f"Schema {schema!r} has no table {view.table!r}: is it the right schema and source?",
            f"شِمای {schema!r} جدول {view.table!r} ندارد: آیا شِما و مبدأ درست است؟",
        )
    for canonical in sorted(REQUIRED[view.name]):
        for table, column in lacking(view, canonical, present):
            raise SourceError(
                f"Table {schema}.{table} has no column {column!r}, "
                f"which gives {view.name}.{canonical}.",
                f"جدول {schema}.{table} ستون {column!r} ندارد که {view.name}.{canonical} را می‌دهد.",
            )


def _column(view: View, schema: str, name: str, is_there: bool, present: Tables) -> sql.Composed:
    value: sql.Composable = sql.SQL("NULL")
    if is_there:
        given = view.values[name]
        table = given.elsewhere.table if given.elsewhere else view.table
        type_ = present[table].get(given.column, "")
        value = expression(schema, view.name, name, given, type_, present)
    translation = view.translation
    if translation and translation.gives == name and translation.table in present:
        value = sql.SQL(
            "coalesce({own}::text, (SELECT w.{text} FROM {table} AS w WHERE w.{key} = t.{id}"
            " AND btrim(w.{text}) <> '' ORDER BY array_position({languages}, w.{language}::text),"
            " w.{language}, w.{text} LIMIT 1))"
        ).format(
            own=value,
            text=sql.Identifier(translation.text),
            table=sql.Identifier(schema, translation.table),
            key=sql.Identifier(translation.key),
            id=sql.Identifier(view.values["id"].column),
            language=sql.Identifier(translation.language),
            languages=sql.Literal(list(LANGUAGES)),
        )
    kind = CANONICAL[view.name][name]
    return sql.SQL("({})::{} AS {}").format(value, sql.SQL(kind), sql.Identifier(name))


def _empty(name: str) -> sql.Composed:
    columns = [
        sql.SQL("NULL::{} AS {}").format(sql.SQL(kind), sql.Identifier(column))
        for column, kind in CANONICAL[name].items()
    ]
    return sql.SQL("SELECT {} WHERE false").format(sql.SQL(", ").join(columns))
