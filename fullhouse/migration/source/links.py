"""Which unit a row of a legacy table belongs to, and which rows of other tables a unit reads.

A row of its own table says it by its columns. A row of another table (`from` and `match`) says only
by which columns it is matched: its unit is looked up later, in a snapshot that sees both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from fullhouse.migration.source.expressions import Tables
from fullhouse.migration.source.keys import key_kind, key_sql
from fullhouse.migration.source.layout import Elsewhere, Source, View

#: The canonical column that names the unit, or the event, whose rows a view gives.
UNIT: Final = {"performance": "id", "seat": "performance_id", "booking": "performance_id"}
EVENT: Final = {"performance": "event_id", "event": "id", "ticket_type": "event_id"}
#: What of a performance its siblings are told apart by.
_SHARED: Final = frozenset({"event_id", "date", "start_time", "created_at"})
_NULL: Final = sql.SQL("NULL::uuid")


@dataclass(frozen=True, slots=True)
class Link:
    """Rows of `there` that `view` reads. `name` tells the links of a source apart.

    `is_wide`: what they give of a performance reaches its siblings, so its event is meant.
    """

    name: str
    view: View
    there: Elsewhere
    is_wide: bool

    @property
    def is_of_event(self) -> bool:
        """Whether a changed row means an event and not a performance alone."""
        return self.is_wide or self.view.name not in UNIT

    def by_match(self, column: str) -> str | None:
        """Return the column over there that holds what the view's own `column` says, if any."""
        own = self.view.values[column].column
        return next((their for their, ours in self.there.match.items() if ours == own), None)


def links(source: Source, present: Tables | dict[str, frozenset[str]]) -> Iterator[Link]:
    """Yield every other table that a view of `source` reads, once for each way it is matched."""
    for view in source.views.values():
        seen: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[Elsewhere, set[str]]] = {}
        for name, value in view.values.items():
            there = value.elsewhere
            if there is not None and there.table in present and view.table in present:
                at = (there.table, tuple(there.match.items()))
                seen.setdefault(at, (there, set()))[1].add(name)
        for number, (there, gives) in enumerate(seen.values(), 1):
            is_wide = view.name == "performance" and bool(gives & _SHARED)
            yield Link(f"{view.name}_{number}", view, there, is_wide)


def own(view: View, column: str, home: str, alias: str = "t", at: str = "") -> sql.Composable:
    """Return the UUID of a key column of the view's own rows, or of the same key in column `at`."""
    value = view.values[column]
    name = at or value.column
    read = sql.Identifier(alias, name) if alias else sql.Identifier(name)
    if value.form == "key":
        return sql.SQL("({})::uuid").format(key_sql(home, key_kind(view.name, column), read))
    return sql.SQL("{}::uuid").format(read)


def make_link_view(
    cursor: object, source: Source, schema: str, present: Tables, outbox: sql.Identifier
) -> None:
    """Create the temporary view `v_link`: what the marks by link in the outbox stand for by now.

    A row a mark and unit (or event); a mark whose rows are gone has none: they were marked by
    themselves.
    """
    home = present.home or schema
    parts = [
        _resolved(link, schema, home, present, outbox)
        for link in links(source, present)
        if link.view.name in UNIT or link.view.name in EVENT
    ]
    none = sql.SQL("SELECT NULL::uuid, NULL::bigint, NULL::uuid, NULL::uuid WHERE false")
    cursor.execute(  # type: ignore[attr-defined]
        sql.SQL("CREATE TEMP VIEW v_link (run_id, id, performance_id, event_id) AS {}").format(
            sql.SQL(" UNION ALL ").join([none, *parts])
        )
    )


def _resolved(
    link: Link, schema: str, home: str, present: Tables, outbox: sql.Identifier
) -> sql.Composed:
    view = link.view
    unit: sql.Composable = _NULL
    event: sql.Composable = _NULL
    if link.is_of_event:
        event = own(view, EVENT[view.name], home)
    else:
        unit = own(view, UNIT[view.name], home)
    tests = [
        sql.SQL("{}::text = o.link ->> {}").format(sql.Identifier("t", ours), sql.Literal(number))
        for number, ours in enumerate(link.there.match.values(), 1)
    ]
    their, ours = next(iter(link.there.match.items()))
    # By the first column also as a value of its own type, so that an index on it serves.
    first = sql.SQL(
        "{ours} = ANY (ARRAY(SELECT (x.link ->> 1)::{type} FROM {outbox} AS x"
        " WHERE x.link ->> 0 = {name}))"
    ).format(
        ours=sql.Identifier("t", ours),
        type=sql.SQL(present[link.there.table][their]),
        outbox=outbox,
        name=sql.Literal(link.name),
    )
    return sql.SQL(
        "SELECT o.run_id, o.id, {unit}, {event} FROM {outbox} AS o JOIN {table} AS t ON {tests}"
        " WHERE o.link ->> 0 = {name} AND {first}"
    ).format(
        unit=unit,
        event=event,
        outbox=outbox,
        table=sql.Identifier(schema, view.table),
        tests=sql.SQL(" AND ").join(tests),
        name=sql.Literal(link.name),
        first=first,
    )
