"""A canonical column as SQL: an expression over the view's table `t` and what is joined to it.

Made of quoted names and literals only. Rows of another table are looked up where it has an index
for that, and else grouped once and joined: without one, a look-up a row would never end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from psycopg import sql

from fullhouse.migration.source.canonical import CANONICAL
from fullhouse.migration.source.keys import key_kind, key_sql
from fullhouse.migration.source.layout import Elsewhere, Value, Word

WITH_ZONE: Final = "timestamp with time zone"
_OWN: Final = "t"
_THEIRS: Final = "c"


class Tables(dict[str, Mapping[str, str]]):
    """Table -> column -> type, of the legacy tables that are there.

    `indexed` has each (table, column) that is the first of an index. `home` is the schema whose
    name is in the keys; empty: the one that is read.
    """

    indexed: frozenset[tuple[str, str]] = frozenset()
    home: str = ""


def expression(
    schema: str, view: str, name: str, value: Value, type_: str, present: Tables
) -> sql.Composable:
    """Return the SQL of `view.name`, without its final cast; `type_` is its legacy column's."""
    if value.form == "constant":
        return sql.Literal(value.constant)
    base: sql.Composable = sql.Identifier(_OWN, value.column)
    if value.elsewhere is not None and _by_index(value.elsewhere, present):
        base = _looked_up(schema, value, value.elsewhere, present.home or schema)
    elif value.elsewhere is not None:
        base = sql.Identifier(_alias(name), "v")
    if value.form == "key":
        return key_sql(present.home or schema, key_kind(view, name), base)
    if value.form == "absent":
        return sql.SQL("({} IS NULL)").format(base)
    if value.form == "sum" and CANONICAL[view][name] == "integer":
        return sql.SQL("CASE WHEN abs({0}) < 2147483648 THEN {0} END").format(base)
    if value.words or value.other is not None:
        return _worded(view, name, value, base)
    if value.divide:
        return sql.SQL("({}::numeric / {})").format(base, sql.Literal(value.divide))
    if value.zone and (type_ == WITH_ZONE) != (CANONICAL[view][name] == "timestamptz"):
        return sql.SQL("({} AT TIME ZONE {})").format(base, sql.Literal(value.zone))
    return base


def join(schema: str, name: str, value: Value, present: Tables) -> sql.Composable:
    """Return the join that brings the rows of another table, or nothing."""
    there = value.elsewhere
    if there is None or _by_index(there, present):
        return sql.SQL("")
    keys = [sql.Identifier(f"k{n}") for n, _ in enumerate(there.match)]
    alias = sql.Identifier(_alias(name))
    on = [
        sql.SQL("{}.{} = {}").format(alias, key, sql.Identifier(_OWN, own))
        for key, own in zip(keys, there.match.values(), strict=True)
    ]
    return sql.SQL(" LEFT JOIN ({}) AS {} ON {}").format(
        _grouped(schema, value, there, present.home or schema), alias, sql.SQL(" AND ").join(on)
    )


def _by_index(there: Elsewhere, present: Tables) -> bool:
    return any((there.table, column) in present.indexed for column in there.match)


def _looked_up(schema: str, value: Value, there: Elsewhere, home: str) -> sql.Composed:
    """Return the other table's rows of this row of `t`, as one value."""
    tests = [
        sql.SQL("{} = {}").format(sql.Identifier(_THEIRS, theirs), sql.Identifier(_OWN, own))
        for theirs, own in there.match.items()
    ]
    only = _only(there)
    rows = sql.SQL("FROM {} AS c WHERE {}{}").format(
        sql.Identifier(schema, there.table),
        sql.SQL(" AND ").join(tests),
        sql.SQL(" AND {}").format(only) if only else sql.SQL(""),
    )
    if value.per is None:
        return sql.SQL("(SELECT {} {})").format(_summary(home, value), rows)
    return sql.SQL("(SELECT jsonb_object_agg(p, v) FROM (SELECT {} {} GROUP BY p) AS s)").format(
        _per(home, value, value.per), rows
    )


def _grouped(schema: str, value: Value, there: Elsewhere, home: str) -> sql.Composed:
    """Return the other table's rows as one row a key: k0, k1, ... and v."""
    keys = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(sql.Identifier(_THEIRS, column), sql.Identifier(f"k{n}"))
        for n, column in enumerate(there.match)
    )
    ours = sql.SQL(", ").join(sql.Identifier(f"k{n}") for n, _ in enumerate(there.match))
    only = _only(there)
    rows = sql.SQL("FROM {} AS c{}").format(
        sql.Identifier(schema, there.table),
        sql.SQL(" WHERE {}").format(only) if only else sql.SQL(""),
    )
    if value.per is None:
        return sql.SQL("SELECT {}, {} AS v {} GROUP BY {}").format(
            keys, _summary(home, value), rows, ours
        )
    return sql.SQL(
        "SELECT {ours}, jsonb_object_agg(p, v) AS v"
        " FROM (SELECT {keys}, {per} {rows} GROUP BY {ours}, p) AS s GROUP BY {ours}"
    ).format(ours=ours, keys=keys, per=_per(home, value, value.per), rows=rows)


def _per(home: str, value: Value, per: Value) -> sql.Composed:
    """Return key and number: rows of one key add up; what is no number of places is shown."""
    return sql.SQL(
        "coalesce({per}::text, '') AS p,"
        " CASE WHEN bool_and({n} >= 0) THEN sum({n}) ELSE min({n}) END AS v"
    ).format(per=_inner(home, "ticket_type_id", per), n=sql.Identifier(_THEIRS, value.column))


def _summary(home: str, value: Value) -> sql.Composed:
    if value.form == "list":
        pairs = [
            sql.SQL("{}, {}").format(sql.Literal(name), _inner(home, name, inner))
            for name, inner in value.entries.items()
        ]
        return sql.SQL("jsonb_agg(jsonb_build_object({}) ORDER BY {})").format(
            sql.SQL(", ").join(pairs), sql.Identifier(_THEIRS, value.order)
        )
    column = sql.Identifier(_THEIRS, value.column)
    if value.form == "sum":
        return sql.SQL("sum({})").format(column)
    # One row is meant; of several the least, so that it is always the same.
    return sql.SQL("(array_agg({0} ORDER BY {0}))[1]").format(column)


def _inner(home: str, name: str, value: Value) -> sql.Composable:
    column = sql.Identifier(_THEIRS, value.column)
    return key_sql(home, key_kind("", name), column) if value.form == "key" else column


def _only(there: Elsewhere) -> sql.Composed | None:
    if not there.only:
        return None
    tests = [
        sql.SQL("{}::text = ANY ({}::text[])").format(
            sql.Identifier(_THEIRS, column), sql.Literal(list(words))
        )
        for column, words in there.only.items()
    ]
    return sql.SQL(" AND ").join(tests)


def _worded(view: str, name: str, value: Value, base: sql.Composable) -> sql.Composed:
    """Return the words of ours for theirs; a status that no rule names stays unknown."""
    cases = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(their), _typed(ours))
        for their, ours in value.words.items()
    ]
    rest: sql.Composable = sql.SQL("NULL")
    if value.other is not None:
        rest = _typed(value.other)
    elif name == "status":
        rest = sql.SQL("'unmapped: ' || {}::text").format(base)
    elif CANONICAL[view][name] == "text":
        rest = sql.SQL("{}::text").format(base)
    return sql.SQL("CASE {}::text {} ELSE {} END").format(base, sql.SQL(" ").join(cases), rest)


def _typed(word: Word) -> sql.Composable:
    return (
        sql.SQL("{}::text").format(sql.Literal(word))
        if isinstance(word, str)
        else (sql.Literal(word))
    )


def _alias(name: str) -> str:
    return f"of_{name}"
