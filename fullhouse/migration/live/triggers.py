"""What capture puts on the legacy tables, as SQL: which table marks what in the outbox.

Made from the source's mapping alone; nothing here talks to a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from psycopg import sql

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.migration import sql_files
from fullhouse.migration.models import Outbox
from fullhouse.migration.source import Source
from fullhouse.migration.source.layout import View
from fullhouse.migration.source.links import EVENT, UNIT, Link, links, own

#: Every object of capture, in the legacy schema and in Fullhouse's, has a name that begins so.
PREFIX: Final = "fullhouse_capture_"
_NULL: Final = sql.SQL("NULL::uuid")
#: Canonical columns whose change reaches beyond the row: for a performance its siblings, for the
#: others what the projection and the catalogue read. Others may change without a word.
_COMPARED: Final[dict[str, tuple[str, ...]]] = {
    "performance": ("id", "event_id", "date", "start_time", "created_at"),
    "event": ("id", "venue_id", "slug", "title", "currency", "is_active", "created_at"),
    "ticket_type": ("id", "event_id", "name", "code", "price_modifier", "is_active", "created_at"),
    "venue": ("id", "name", "slug", "city", "country", "total_capacity", "is_active", "created_at"),
}
_TRANSITIONS: Final[dict[str, str]] = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}


@dataclass(frozen=True, slots=True)
class Captured:
    """One legacy table under capture: its name, the function's suffix and body."""

    table: str
    what: str
    template: str
    parts: Mapping[str, sql.Composable]


def prefix(run_id: UUID) -> str:
    """Return what the names of this run's objects begin with; two runs never share one."""
    return f"{PREFIX}{run_id.hex[-12:]}_"


def captured(
    source: Source, present: Mapping[str, frozenset[str]], home: str
) -> Iterator[Captured]:
    """Yield what is to be captured of `source`; `present` are its tables and their columns.

    `home`: the schema whose name is in made keys.
    """
    for name, view in source.views.items():
        if view.table not in present:
            continue
        columns = present[view.table]
        if name in ("seat", "booking"):
            key = own(view, UNIT[name], home)
            yield Captured(view.table, name, "live/capture_unit.sql", {"performance": key})
            continue
        event = own(view, EVENT[name], home) if name in EVENT else _NULL
        parts = {"event": event, "compared": _compared(view, columns)}
        if name == "performance":
            parts["performance"] = own(view, UNIT[name], home)
            yield Captured(view.table, name, "live/capture_performance.sql", parts)
        else:
            yield Captured(view.table, name, "live/capture_catalogue.sql", parts)
        text = view.translation
        if text and text.table in present:
            texts = sql.SQL(", ").join(_text(one) for one in (text.key, text.language, text.text))
            parts = {"event": _NULL, "compared": texts}
            yield Captured(text.table, f"{name}_text", "live/capture_catalogue.sql", parts)
    for link in links(source, dict(present)):
        yield _linked(link, present[link.there.table], home)


def make_functions(run_id: UUID, all_captured: list[Captured]) -> Iterator[sql.Composed]:
    """Yield the statements that make the trigger functions, in Fullhouse's schema."""
    for one in all_captured:
        yield sql.SQL(sql_files.text(one.template)).format(
            function=_function(run_id, one.what),
            outbox=sql.Identifier(own_schema(), Outbox._meta.db_table),
            run=sql.Literal(str(run_id)),
            **one.parts,
        )
    refuse = sql_files.text("live/refuse_truncate.sql")
    yield sql.SQL(refuse).format(function=_function(run_id, "truncate"))


def make_triggers(run_id: UUID, one: Captured, schema: str, table: str) -> Iterator[sql.Composed]:
    """Yield the statements that put the triggers on one table (or on a partition of it).

    Locks: SHARE ROW EXCLUSIVE on the table: writers wait, readers do not.
    """
    on = sql.Identifier(schema, table)
    for event, transition in _TRANSITIONS.items():
        yield sql.SQL(
            "CREATE OR REPLACE TRIGGER {} AFTER {} ON {} {} FOR EACH STATEMENT"
            " EXECUTE FUNCTION {}()"
        ).format(
            sql.Identifier(f"{prefix(run_id)}{one.what}_{event}"),
            sql.SQL(event.upper()),
            on,
            sql.SQL(transition),
            _function(run_id, one.what),
        )
    yield sql.SQL(
        "CREATE OR REPLACE TRIGGER {} BEFORE TRUNCATE ON {} FOR EACH STATEMENT"
        " EXECUTE FUNCTION {}()"
    ).format(
        sql.Identifier(f"{prefix(run_id)}{one.what}_truncate"),
        on,
        _function(run_id, "truncate"),
    )


def _function(run_id: UUID, what: str) -> sql.Identifier:
    return sql.Identifier(own_schema(), f"{prefix(run_id)}{what}")


def _linked(link: Link, columns: frozenset[str], home: str) -> Captured:
    """Capture of a table that a view reads: by its own columns if they say whose it is."""
    view, table = link.view, link.there.table
    compared = sql.SQL(", ").join(_text(name) for name in sorted(columns))
    if view.name == "venue":
        parts: dict[str, sql.Composable] = {"event": _NULL, "compared": compared}
        return Captured(table, link.name, "live/capture_catalogue.sql", parts)
    names = EVENT if link.is_of_event else UNIT
    at = link.by_match(names[view.name])
    if at is None:
        words = [sql.Literal(link.name), *(_text(name) for name in link.there.match)]
        parts = {"link": sql.SQL("jsonb_build_array({})").format(sql.SQL(", ").join(words))}
        return Captured(table, link.name, "live/capture_link.sql", parts)
    key = own(view, names[view.name], home, at=at)
    if link.is_of_event:
        parts = {"event": key, "compared": compared}
        return Captured(table, link.name, "live/capture_catalogue.sql", parts)
    return Captured(table, link.name, "live/capture_unit.sql", {"performance": key})


def _text(column: str) -> sql.Composed:
    return sql.SQL("{}::text").format(sql.Identifier("t", column))


def _compared(view: View, columns: frozenset[str]) -> sql.Composed:
    values = (view.values.get(name) for name in _COMPARED[view.name])
    read = [
        column
        for value in values
        if value is not None
        for table, column in value.columns(view.table)
        if table == view.table and column in columns
    ]
    return sql.SQL(", ").join(_text(name) for name in dict.fromkeys(read))
