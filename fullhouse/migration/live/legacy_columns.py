"""The columns of the legacy tables that are written back: their types, limits and duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from psycopg import sql

from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.source import Source

#: The canonical views whose tables the reverse projection writes.
WRITTEN: Final = ("seat", "performance", "booking")

_COLUMNS: Final = (
    "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), t.typname::text,"
    " CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END,"
    " CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN (a.atttypmod - 4) >> 16 END,"
    " CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN (a.atttypmod - 4) & 65535 END,"
    " a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '',"
    " (SELECT f.relname::text FROM pg_catalog.pg_constraint AS k"
    "  JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid"
    "  WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] LIMIT 1)"
    " FROM pg_catalog.pg_attribute AS a"
    " JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
    " WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped"
    " ORDER BY a.attnum"
)

#: What a column gets that must be filled and of which Fullhouse knows nothing, by its type. `b` is
#: the row that is added.
_FILLED: Final[dict[str, str]] = {
    "date": "b.created_at::date",
    "time": "b.created_at::time",
    "timetz": "b.created_at::timetz",
    "timestamp": "b.created_at::timestamp",
    "timestamptz": "b.created_at",
    "bool": "false",
    "json": "'[]'::json",
    "jsonb": "'[]'::jsonb",
    "text": "''",
    "varchar": "''",
    "bpchar": "''",
    "uuid": "'00000000-0000-0000-0000-000000000000'::uuid",
    **dict.fromkeys(("int2", "int4", "int8", "numeric", "float4", "float8"), "0"),
}
INTEGERS: Final = ("int2", "int4", "int8")
TEXTS: Final = ("text", "varchar", "bpchar")


@dataclass(frozen=True, slots=True)
class Column:
    """One legacy column. `must` says that a new row must fill it; `refers` names a table."""

    name: str
    sql_type: str
    base: str
    length: int | None
    precision: int | None
    scale: int | None
    must: bool
    refers: str | None

    @property
    def filler(self) -> sql.SQL | None:
        """What it is filled with where nothing is known, or None where nothing would do."""
        told = _FILLED.get(self.base)
        return sql.SQL(told) if told is not None else None


@dataclass(frozen=True, slots=True)
class Written:
    """One legacy table that is written: canonical column -> its column, and the other columns."""

    view: str
    table: sql.Identifier
    mapped: Mapping[str, Column]
    others: tuple[Column, ...]


def written(cursor: Any, source: Source, schema: str) -> dict[str, Written]:
    """Return the tables that are written, by canonical view. Raises RefusedError.

    A source without seats or bookings has fewer. Refused is what cannot be written at all: keys
    that are no UUIDs, columns that a new row must fill and that nothing is known for.
    """
    events = source.views["event"].table
    found: dict[str, Written] = {}
    for name in WRITTEN:
        view = source.views.get(name)
        if view is None:
            continue
        cursor.execute(_COLUMNS, [schema, view.table])
        columns = {row[0]: Column(*row) for row in cursor.fetchall()}
        if not columns:
            continue
        mapped = {key: columns[at] for key, at in view.columns.items() if at in columns}
        taken = {column.name for column in mapped.values()}
        others = tuple(one for one in columns.values() if one.name not in taken)
        for key in ("id", "performance_id"):
            if key in mapped and mapped[key].base != "uuid":
                raise _no_way_back(schema, view.table, mapped[key].name, mapped[key].sql_type)
        if name != "performance":
            _check_fillable(schema, view.table, others, events)
        found[name] = Written(name, sql.Identifier(schema, view.table), mapped, others)
    return found


def _check_fillable(schema: str, table: str, others: tuple[Column, ...], events: str) -> None:
    for column in others:
        if column.must and column.refers != events and (column.refers or column.filler is None):
            raise RefusedError(
                f"A new row of {schema}.{table} must fill {column.name!r} ({column.sql_type}"
                f"{', which refers to ' + column.refers if column.refers else ''}), and Fullhouse "
                "knows nothing for it: sales after the cut-over could not be written back. Give "
                "the column a default (ALTER TABLE … ALTER COLUMN … SET DEFAULT …).",
                f"ردیف تازهٔ {schema}.{table} باید {column.name!r} را پر کند و فول‌هاوس چیزی برای آن"
                " ندارد: فروش‌های پس از انتقال را نمی‌توان بازنوشت. برای ستون پیش‌فرض بگذارید.",
                table=table,
                column=column.name,
            )


def _no_way_back(schema: str, table: str, column: str, sql_type: str) -> RefusedError:
    return RefusedError(
        f"{schema}.{table}.{column} is {sql_type}, not uuid: what Fullhouse sells could not be "
        "written back, so there is no cut-over with a way back for this source. Take it over "
        "while it stands still (`run` without --live).",
        f"{schema}.{table}.{column} از نوع {sql_type} است نه uuid: فروش‌های فول‌هاوس بازنوشتنی نیست"
        " و این مبدأ انتقال برگشت‌پذیر ندارد. هنگام ایستادن سامانه جابه‌جا کنید (run بدون --live).",
        table=table,
        column=column,
    )
