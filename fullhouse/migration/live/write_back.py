"""The statements that write the reverse projection into the legacy tables of a source.

Made from the source's mapping and the tables' own columns; whole sets, never a row at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from psycopg import sql

from fullhouse.migration.live.legacy_columns import INTEGERS, TEXTS, Column, Written

#: Whose the bookings are that Fullhouse made for a buyer whom the legacy side does not know.
NOBODY: Final = "00000000-0000-0000-0000-000000000000"
_DIGEST: Final = 12

Parts = Mapping[str, sql.Composable]


def statements(tables: Mapping[str, Written], events: str, legacy_user: str) -> list[sql.Composed]:
    """Make the statements for these tables, in their order; `events` is the table of the events.

    Each counts the rows that it wrote.
    """
    seat, booking = tables.get("seat"), tables.get("booking")
    performance = tables["performance"]
    capacities = ("current_capacity", "max_capacity", "ticket_capacities", "is_available")
    booked = ("status", "participants", "unit_price", "total_price", "seats", "breakdown")
    ready = [_update(performance, "b_performance", capacities, {})]
    if seat is not None:
        ready.append(_update(seat, "b_row", ("status", "is_active"), {}))
        ready.append(_insert(seat, "b_added", sql.SQL("true"), {}, events))
    if booking is not None:
        buyer = _buyer(booking, legacy_user)
        ready.append(_insert(booking, "b_booking", sql.SQL("b.is_new"), buyer, events))
        ready.append(_update(booking, "b_booking", booked, _only_whole(booking)))
    return ready


def _update(at: Written, source: str, names: tuple[str, ...], given: Parts) -> sql.Composed:
    """Write `names` of the rows of `source` where they differ."""
    columns = [(name, at.mapped[name]) for name in names if name in at.mapped]
    values = [given.get(name) or _fit(column, name) for name, column in columns]
    targets = [sql.Identifier(column.name) for _, column in columns]
    return sql.SQL(
        "UPDATE {table} AS t SET ({targets}) = ROW({values}) FROM {source} AS b"
        " WHERE t.{id} = b.id AND t.{id} = ANY (ARRAY(SELECT id FROM {source}))"
        " AND ROW({olds}) IS DISTINCT FROM ROW({news})"
    ).format(
        table=at.table,
        targets=sql.SQL(", ").join(targets),
        values=sql.SQL(", ").join(values),
        olds=_comparable([(c, _own(c)) for _, c in columns]),
        news=_comparable([(c, value) for (_, c), value in zip(columns, values, strict=True)]),
        source=sql.Identifier(source),
        id=sql.Identifier(at.mapped["id"].name),
    )


def _insert(
    at: Written, source: str, which: sql.Composable, given: Parts, events: str
) -> sql.Composed:
    """Add the rows of `source`; what Fullhouse does not know is filled by its type."""
    columns: dict[str, sql.Composable] = {
        column.name: given.get(name) or _fit(column, name) for name, column in at.mapped.items()
    }
    for column in at.others:
        if column.refers == events:
            columns[column.name] = sql.SQL("b.event_id")
        elif column.must and column.filler is not None:
            columns[column.name] = column.filler
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {source} AS b WHERE {w}"
    ).format(
        table=at.table,
        columns=sql.SQL(", ").join(sql.Identifier(name) for name in columns),
        values=sql.SQL(", ").join(columns.values()),
        source=sql.Identifier(source),
        w=which,
    )


def _fit(column: Column, name: str) -> sql.Composable:
    """The value of a canonical column, as large as the legacy column can hold."""
    value: sql.Composable = sql.SQL("b.{}").format(sql.Identifier(name))
    if column.length is not None:
        value = sql.SQL("left({}::text, {})").format(value, sql.Literal(column.length))
    elif column.precision is not None and column.scale is not None:
        most = f"{'9' * (column.precision - column.scale)}.{'9' * column.scale}".rstrip(".")
        value = sql.SQL("least({}, {})").format(value, sql.SQL(most))
    return _typed(column, value)


def _typed(column: Column, value: sql.Composable) -> sql.Composed:
    return sql.SQL("{}::{}").format(value, sql.SQL(column.sql_type))


def _own(column: Column) -> sql.Composable:
    return sql.SQL("t.{}").format(sql.Identifier(column.name))


def _comparable(values: list[tuple[Column, sql.Composable]]) -> sql.Composed:
    """The values as something that can be compared: `json` has no equality of its own."""
    return sql.SQL(", ").join(
        sql.SQL("({})::jsonb").format(value) if column.base == "json" else value
        for column, value in values
    )


def _only_whole(at: Written) -> Parts:
    """Of a booking that is not written whole only the status follows."""
    parts: dict[str, sql.Composable] = {}
    for name in ("participants", "unit_price", "total_price", "seats", "breakdown"):
        if name in at.mapped:
            parts[name] = sql.SQL("CASE WHEN b.is_whole THEN {} ELSE {} END").format(
                _fit(at.mapped[name], name), _own(at.mapped[name])
            )
    return parts


def _buyer(at: Written, legacy_user: str) -> Parts:
    """Who bought and under which reference, as the legacy columns can hold it."""
    parts: dict[str, sql.Composable] = {}
    customer, reference = at.mapped.get("customer"), at.mapped.get("reference")
    if customer is not None:
        parts["customer"] = _customer(customer, legacy_user)
    if reference is not None:
        parts["reference"] = _reference(at, reference)
    return parts


def _customer(column: Column, legacy_user: str) -> sql.Composable:
    number = column.base in INTEGERS and not legacy_user.isdigit()
    nobody = _typed(column, sql.Literal("0" if number else legacy_user))
    if column.base == "uuid":
        return sql.SQL("coalesce(pg_temp.m_uuid(b.customer), {})").format(nobody)
    if column.base in INTEGERS:
        return sql.SQL("CASE WHEN b.customer ~ '^[0-9]{{1,9}}$' THEN {} ELSE {} END").format(
            _typed(column, sql.SQL("b.customer")), nobody
        )
    return _typed(
        column,
        sql.SQL("left(coalesce(nullif(b.customer, ''), {}), {})").format(
            sql.Literal(legacy_user), sql.Literal(column.length or 1_000_000)
        ),
    )


def _reference(at: Written, column: Column) -> sql.Composable:
    """A reference that is too long or taken is cut and told apart by a digest of the id."""
    if column.base not in TEXTS:
        return _fit(column, "reference")
    length = column.length or 1_000_000
    return sql.SQL(
        "CASE WHEN length(b.reference) <= {length}"
        " AND row_number() OVER (PARTITION BY b.reference ORDER BY b.id) = 1 AND NOT EXISTS ("
        "SELECT FROM {table} AS o WHERE o.{reference} = b.reference AND o.{id} <> b.id)"
        " THEN b.reference"
        " ELSE left(b.reference, {cut}) || left('~' || md5(b.id::text), {rest}) END"
    ).format(
        length=sql.Literal(length),
        table=at.table,
        reference=sql.Identifier(column.name),
        id=sql.Identifier(at.mapped["id"].name),
        cut=sql.Literal(max(length - _DIGEST - 1, 0)),
        rest=sql.Literal(min(length, _DIGEST + 1)),
    )
