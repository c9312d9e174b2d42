"""The legacy rows as the way back reads them: with their own keys, under the ids of Fullhouse.

A booking that Fullhouse made has the legacy side's next key over there, and a key of ours would be
made of that: here it has the id that it was sold under. `kept` is the table that knows both.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from psycopg import sql

from fullhouse.migration.source.canonical import CANONICAL
from fullhouse.migration.source.expressions import Tables
from fullhouse.migration.source.layout import Source
from fullhouse.migration.source.views import select

#: Views whose rows the statements of the way back name; those that Fullhouse adds to.
_NAMED: Final = ("performance", "ticket_type", "seat", "booking")
ADDED: Final = ("seat", "booking")


def make_back_views(
    cursor: Any, source: Source, schema: str, present: Tables, kept: sql.Identifier, run_id: UUID
) -> None:
    """Create `v_own_…` (the rows with `legacy_key`) and lay `src_seat` and `src_booking` anew."""
    for name in _NAMED:
        cursor.execute(
            sql.SQL("CREATE TEMP VIEW {} AS {}").format(
                sql.Identifier(f"v_read_{name}"), _read(source, name, schema, present)
            )
        )
        others = [column for column in CANONICAL[name] if column != "id"]
        added = name in ADDED
        parts = {
            "own": sql.Identifier(f"v_own_{name}"),
            "read": sql.Identifier(f"v_read_{name}"),
            "src": sql.Identifier(f"src_{name}"),
            "id": sql.SQL("coalesce(k.row_id, o.id)" if added else "o.id"),
            "rest": sql.SQL(", ").join(sql.Identifier("o", column) for column in others),
            "join": _join(kept, run_id, name) if added else sql.SQL(""),
        }
        cursor.execute(
            sql.SQL(
                "CREATE TEMP VIEW {own} AS SELECT {id} AS id, {rest}, o.legacy_key"
                " FROM {read} AS o{join}"
            ).format(**parts)
        )
        if added:
            columns = sql.SQL(", ").join(sql.Identifier("o", column) for column in CANONICAL[name])
            cursor.execute(
                sql.SQL(
                    "CREATE OR REPLACE TEMP VIEW {src} AS SELECT {columns} FROM {own} AS o"
                ).format(columns=columns, **parts)
            )


def _read(source: Source, name: str, schema: str, present: Tables) -> sql.Composable:
    view = source.views.get(name)
    if view is not None and view.table in present:
        return select(view, schema, present, with_key=True)
    columns = [
        sql.SQL("NULL::{} AS {}").format(sql.SQL(kind), sql.Identifier(column))
        for column, kind in CANONICAL[name].items()
    ]
    return sql.SQL("SELECT {}, NULL::text AS legacy_key WHERE false").format(
        sql.SQL(", ").join(columns)
    )


def _join(kept: sql.Identifier, run_id: UUID, name: str) -> sql.Composed:
    return sql.SQL(
        " LEFT JOIN {} AS k ON k.run_id = {}::uuid AND k.kind = {}"
        " AND k.legacy_key = o.legacy_key AND k.legacy_key <> ''"
    ).format(kept, sql.Literal(str(run_id)), sql.Literal(name))
