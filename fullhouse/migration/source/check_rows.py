"""The rows under a source: can every value be read, are keys keys, which statuses are not known."""

from __future__ import annotations

from typing import Any, Final

from django.db import Error
from psycopg import sql

from fullhouse.migration.source.canonical import CANONICAL, REQUIRED, STATUSES
from fullhouse.migration.source.expressions import Tables
from fullhouse.migration.source.findings import Findings, Weight, nearest
from fullhouse.migration.source.keys import key_kind, key_sql
from fullhouse.migration.source.layout import Source, View
from fullhouse.migration.source.views import lacking, select

#: Whose column points at whose rows.
_POINTS: Final = (
    ("event", "venue_id", "venue"),
    ("ticket_type", "event_id", "event"),
    ("performance", "event_id", "event"),
    ("seat", "performance_id", "performance"),
    ("booking", "performance_id", "performance"),
)
_SAVEPOINT: Final = "source_check"


def check_rows(cursor: Any, source: Source, schema: str, present: Tables, found: Findings) -> None:
    """Add what the rows say; views whose table or required columns are missing are left out."""
    read: dict[str, View] = {}
    for view in source.views.values():
        is_there = view.table in present and not any(
            lacking(view, name, present) for name in REQUIRED[view.name]
        )
        if is_there and _check_values(cursor, view, schema, present, found):
            read[view.name] = view
    for view in read.values():
        _check_key(cursor, view, schema, present, found)
        _check_parents(cursor, view, schema, present, found)
        _check_documents(cursor, view, read, schema, present, found)
        if "status" in view.values:
            _check_statuses(cursor, view, schema, present, found)
    for name, column, target in _POINTS:
        if name in read and target in read:
            _check_points(cursor, read[name], column, read[target], schema, present, found)


def _check_values(cursor: Any, view: View, schema: str, present: Tables, found: Findings) -> bool:
    """Read every value of every column once; return whether all can be read."""
    if _try(cursor, _counted(view, schema, present, *CANONICAL[view.name])) is None:
        return True
    fits = True
    for name in view.values:
        reason = _try(cursor, _counted(view, schema, present, name))
        if reason is not None:
            fits = False
            value, kind = view.values[name], CANONICAL[view.name][name]
            table = value.elsewhere.table if value.elsewhere else view.table
            type_ = present.get(table, {}).get(value.column, "")
            way = f'{{ key = "{value.column}" }}.' if kind == "uuid" else ""
            found.error(
                "type_does_not_fit",
                f"{view.name}.{name}",
                f"{table}.{value.column} ({type_}) cannot be read as {kind}: {reason}."
                + (f" Write {way}" if way else ""),
                f"{table}.{value.column} ({type_}) به شکل {kind} خوانده نمی‌شود: {reason}."
                + (f" بنویسید {way}" if way else ""),
            )
    return fits


def _counted(view: View, schema: str, present: Tables, *names: str) -> sql.Composed:
    counts = [sql.SQL("count({})").format(sql.Identifier(name)) for name in names]
    query = select(view, schema, present, *names)
    return sql.SQL("SELECT {} FROM ({}) AS q").format(sql.SQL(", ").join(counts), query)


def _try(cursor: Any, query: sql.Composed) -> str | None:
    """Run a query; return why it failed, or None."""
    cursor.execute(f"SAVEPOINT {_SAVEPOINT}")
    try:
        cursor.execute(query)
        cursor.fetchall()
    except Error as error:
        cursor.execute(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
        return str(error).strip().splitlines()[0].rstrip(".")
    cursor.execute(f"RELEASE SAVEPOINT {_SAVEPOINT}")
    return None


def _check_key(cursor: Any, view: View, schema: str, present: Tables, found: Findings) -> None:
    cursor.execute(
        sql.SQL(
            "SELECT count(*) - count(id), (SELECT count(*) FROM (SELECT id FROM ({q}) AS i"
            " WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1) AS d) FROM ({q}) AS a"
        ).format(q=select(view, schema, present, "id"))
    )
    without, repeated = cursor.fetchone()
    where, column = f"{view.name}.id", f"{view.table}.{view.values['id'].column}"
    if without:
        found.error(
            "key_null",
            where,
            f"{column} is null in {without:,} rows; every row needs a key of its own.",
            f"{column} در {without:,} ردیف تهی است؛ هر ردیف کلیدی از خود می‌خواهد.",
        )
    if repeated:
        found.error(
            "key_not_unique",
            where,
            f"{column} is no key: {repeated:,} of its values stand in several rows.",
            f"{column} کلید نیست: {repeated:,} مقدار آن در چند ردیف آمده است.",
        )


def _check_parents(cursor: Any, view: View, schema: str, present: Tables, found: Findings) -> None:
    """A row of another table that gives a single value must be one row."""
    for name, value in view.values.items():
        there = value.elsewhere
        if there is None or value.form in ("sum", "list") or lacking(view, name, present):
            continue
        keys = sql.SQL(", ").join(sql.Identifier(column) for column in there.match)
        cursor.execute(
            sql.SQL(
                "SELECT count(*) FROM (SELECT FROM {} GROUP BY {} HAVING count(*) > 1) AS d"
            ).format(sql.Identifier(schema, there.table), keys)
        )
        (repeated,) = cursor.fetchone()
        if repeated:
            columns = ", ".join(there.match)
            found.error(
                "match_not_unique",
                f"{view.name}.{name}",
                f"{there.table} has several rows for {repeated:,} values of {columns}: which of "
                "them is meant? Match by a key, or use `sum` or `list`.",
                f"{there.table} برای {repeated:,} مقدار {columns} چند ردیف دارد؛ کدام؟ با کلید"
                " پیوند بزنید، یا `sum` یا `list` به کار ببرید.",
            )


def _check_documents(
    cursor: Any,
    view: View,
    read: dict[str, View],
    schema: str,
    present: Tables,
    found: Findings,
) -> None:
    """Keys in documents that are made of other rows point at rows that are there."""
    for name, value in view.values.items():
        there = value.elsewhere
        inner = {**value.entries, **({"ticket_type_id": value.per} if value.per else {})}
        for entry, given in inner.items():
            target = read.get(key_kind("", entry))
            if there is None or given.form != "key" or target is None:
                continue
            key = key_sql(schema, target.name, sql.Identifier("c", given.column))
            cursor.execute(
                sql.SQL(
                    "SELECT count(*), count(*) FILTER (WHERE p.id IS NULL) FROM {} AS c"
                    " LEFT JOIN ({}) AS p ON p.id = {}"
                ).format(
                    sql.Identifier(schema, there.table),
                    select(target, schema, present, "id"),
                    key,
                )
            )
            _add_lost(cursor.fetchone(), f"{view.name}.{name}", there.table, target.table, found)


def _check_statuses(cursor: Any, view: View, schema: str, present: Tables, found: Findings) -> None:
    known = STATUSES[view.name]
    cursor.execute(
        sql.SQL("SELECT status, count(*) FROM ({}) AS q GROUP BY 1 ORDER BY 2 DESC, 1").format(
            select(view, schema, present, "status")
        )
    )
    for status, rows in cursor.fetchall():
        if status in known:
            continue
        value = view.values["status"]
        word = "null" if status is None else repr(str(status).removeprefix("unmapped: "))
        theirs = value.words or dict.fromkeys(known)
        near = nearest(word.strip("'"), theirs)
        becomes = (
            ("kept by the house", "برای خانه کنار گذاشته")
            if view.name == "seat"
            else ("left out", "کنار گذاشته")
        )
        found.add(
            "warning",
            "status_not_mapped",
            f"{view.name}.status",
            f"Nothing says what {word} means (rows: {rows:,}): the plan asks, and they are "
            f"{becomes[0]}.{near[0]} Ours: {', '.join(sorted(known))}.",
            f"معنای {word} گفته نشده (ردیف: {rows:,}): طرح می‌پرسد و آن‌ها {becomes[1]} می‌شود."
            f"{near[1]} واژه‌ها: {', '.join(sorted(known))}.",
        )


def _check_points(
    cursor: Any,
    view: View,
    column: str,
    target: View,
    schema: str,
    present: Tables,
    found: Findings,
) -> None:
    cursor.execute(
        sql.SQL(
            "SELECT count(*), count(*) FILTER (WHERE p.id IS NULL) FROM ({}) AS q"
            " LEFT JOIN ({}) AS p ON p.id = q.{}"
        ).format(
            select(view, schema, present, column),
            select(target, schema, present, "id"),
            sql.Identifier(column),
        )
    )
    _add_lost(cursor.fetchone(), f"{view.name}.{column}", view.table, target.table, found)


def _add_lost(
    counted: tuple[int, int], where: str, table: str, target: str, found: Findings
) -> None:
    rows, lost = counted
    if not lost:
        return
    weight: Weight = "error" if lost == rows else "warning"
    found.add(
        weight,
        "points_at_nothing",
        where,
        f"{lost:,} of {rows:,} rows of {table} point at no row of {target}."
        + (" Is the key of both the same?" if lost == rows else ""),
        f"{lost:,} از {rows:,} ردیف {table} به ردیفی از {target} نمی‌رسد."
        + (" آیا کلید هر دو یکی است؟" if lost == rows else ""),
    )
