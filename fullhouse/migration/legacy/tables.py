"""The staging tables: the columns, types and primary keys of the legacy layout.

Staging has to hold contradictory data, so its columns may be NULL (except the key), its texts and
numerics have no length, and it carries none of the legacy UNIQUE, CHECK and FOREIGN KEY rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal[
    "uuid",
    "bigint",
    "integer",
    "numeric",
    "boolean",
    "text",
    "jsonb",
    "date",
    "time",
    "timestamptz",
]

#: Raise it with any change below: a schema of another layout is not "already loaded".
LAYOUT: Final = 1

#: Stands for "no default": a field that the file leaves out becomes NULL.
NOTHING: Final = None


@dataclass(frozen=True, slots=True)
class Column:
    """One staging column; `default` is the COPY text for a field that the file leaves out.

    `null_is_json` says that a JSON null is kept as the jsonb value `null`: legacy columns that are
    NOT NULL jsonb can hold nothing else by it, nullable ones mean SQL NULL.
    """

    name: str
    kind: Kind
    default: str | None = NOTHING
    null_is_json: bool = False

    @property
    def field(self) -> str:
        """The name that `dumpdata` gives it: a foreign key goes without its `_id`."""
        if self.kind == "uuid" and self.name.endswith("_id"):
            return self.name.removesuffix("_id")
        return self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One staging table; the first column is the primary key.

    `rest` names the jsonb column that takes every field without a column of its own, if any.
    """

    name: str
    model: str
    columns: tuple[Column, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    rest: str | None = None
    fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = {name for column in self.columns[1:] for name in (column.name, column.field)}
        object.__setattr__(self, "fields", frozenset(names))

    @property
    def key(self) -> Column:
        return self.columns[0]


def _columns(*columns: Column | str) -> tuple[Column, ...]:
    """Columns from `name kind` shorthand, after the four that every legacy row starts with."""
    start = (
        Column("id", "uuid"),
        Column("created_at", "timestamptz"),
        Column("updated_at", "timestamptz"),
        Column("is_active", "boolean", default="t"),
    )
    return start + _shorthand(*columns)


def _shorthand(*columns: Column | str) -> tuple[Column, ...]:
    made: list[Column] = []
    for column in columns:
        if isinstance(column, str):
            name, kind = column.split()
            made.append(Column(name, kind))  # type: ignore[arg-type]
        else:
            made.append(column)
    return tuple(made)


def _translation(of: str, *texts: str) -> Table:
    columns = ("id bigint", "language_code text", *(f"{text} text" for text in texts))
    return Table(
        name=f"events_{of}_translation",
        model=f"events.{of}translation",
        columns=_shorthand(*columns, "master_id uuid"),
        indexes=(("master_id",),),
    )


TABLES: Final[tuple[Table, ...]] = (
    Table(
        "events_eventcategory",
        "events.eventcategory",
        _columns("slug text", "icon text", "color text"),
    ),
    Table(
        "events_venue",
        "events.venue",
        _columns(
            "slug text",
            "name text",
            "image text",
            "website text",
            "city text",
            "country text",
            "coordinates jsonb",
            "total_capacity integer",
            Column("facilities", "jsonb", default="[]", null_is_json=True),
        ),
    ),
    _translation("venue", "name", "description", "address"),
    Table(
        "events_event",
        "events.event",
        _columns(
            "slug text",
            "title text",
            "image text",
            "price numeric",
            "currency text",
            "city text",
            "country text",
            Column("is_featured", "boolean", default="f"),
            Column("is_popular", "boolean", default="f"),
            "style text",
            "door_open_time time",
            "start_time time",
            "end_time time",
            "age_restriction integer",
            Column("gallery", "jsonb", default="[]", null_is_json=True),
            "category_id uuid",
            "venue_id uuid",
        ),
        indexes=(("venue_id",),),
    ),
    _translation(
        "event",
        "title",
        "description",
        "short_description",
        "highlights",
        "rules",
        "required_items",
    ),
    Table(
        "events_tickettype",
        "events.tickettype",
        _columns(
            "name text",
            "description text",
            Column("price_modifier", "numeric", default="0.00"),
            "capacity integer",
            "ticket_type text",
            Column("benefits", "jsonb", default="[]", null_is_json=True),
            "age_min integer",
            "age_max integer",
            "event_id uuid",
        ),
        indexes=(("event_id",),),
    ),
    Table(
        "events_eventperformance",
        "events.eventperformance",
        _columns(
            "start_date date",
            "end_date date",
            "start_time time",
            "end_time time",
            Column("is_available", "boolean", default="t"),
            "max_capacity integer",
            "current_capacity integer",
            "date date",
            Column("is_special", "boolean", default="f"),
            Column("ticket_capacities", "jsonb", default="{}", null_is_json=True),
            "event_id uuid",
        ),
        indexes=(("event_id",),),
    ),
    Table(
        "events_seat",
        "events.seat",
        _columns(
            "seat_number text",
            "row_number text",
            "section text",
            "status text",
            "price numeric",
            "currency text",
            Column("is_wheelchair_accessible", "boolean", default="f"),
            Column("is_premium", "boolean", default="f"),
            "performance_id uuid",
            "ticket_type_id uuid",
        ),
        indexes=(("performance_id",),),
    ),
    Table(
        "events_eventbooking",
        "events.eventbooking",
        _columns(
            "booking_date date",
            "booking_time time",
            "participants_count integer",
            "unit_price numeric",
            "total_price numeric",
            "currency text",
            "status text",
            "booking_reference text",
            Column("selected_seats", "jsonb", default="[]", null_is_json=True),
            Column("ticket_breakdown", "jsonb", default="[]", null_is_json=True),
            Column("selected_options", "jsonb", default="[]", null_is_json=True),
            "options_total numeric",
            "special_requirements text",
            "event_id uuid",
            "user_id uuid",
            "performance_id uuid",
        ),
        indexes=(("performance_id",), ("event_id",)),
    ),
)

BY_MODEL: Final[dict[str, Table]] = {table.model: table for table in TABLES}

#: Values and rows that the staging columns could not hold; `line` counts from 1 in the file.
REJECTS: Final = Table(
    "load_rejects",
    "",
    _shorthand("model text", "pk text", "field text", "value text", "reason text", "line bigint"),
)

_TRANSLATION = re.compile(r"events\.([a-z][a-z0-9_]{0,30})translation", re.ASCII)


def table_of(model: str) -> Table | None:
    """Return the staging table of a model label such as `events.seat`, or None if it has none.

    Translations of models that the layout does not list keep their texts in one jsonb column.
    """
    label = model.lower()
    if label in BY_MODEL:
        return BY_MODEL[label]
    match = _TRANSLATION.fullmatch(label)
    if match is None:
        return None
    return Table(
        name=f"events_{match[1]}_translation",
        model=label,
        columns=_shorthand("id bigint", "language_code text", "master_id uuid", "texts jsonb"),
        rest="texts",
    )
