"""The canonical views: what every source must give, by name and type.

The one place that says so; a preset maps legacy columns to these names and nothing else.
"""

from __future__ import annotations

from typing import Final

#: View name -> column name -> PostgreSQL type.
CANONICAL: Final[dict[str, dict[str, str]]] = {
    "venue": {
        "id": "uuid",
        "name": "text",
        "slug": "text",
        "city": "text",
        "country": "text",
        "total_capacity": "integer",
        "is_active": "boolean",
        "created_at": "timestamptz",
    },
    "event": {
        "id": "uuid",
        "venue_id": "uuid",
        "slug": "text",
        "title": "text",
        "currency": "text",
        "is_active": "boolean",
        "created_at": "timestamptz",
    },
    "ticket_type": {
        "id": "uuid",
        "event_id": "uuid",
        "name": "text",
        "code": "text",
        "price": "numeric",
        "price_modifier": "numeric",
        "capacity": "integer",
        "is_active": "boolean",
        "created_at": "timestamptz",
    },
    "performance": {
        "id": "uuid",
        "event_id": "uuid",
        "date": "date",
        "start_time": "time",
        "is_available": "boolean",
        "max_capacity": "integer",
        "current_capacity": "integer",
        "ticket_capacities": "jsonb",
        "is_active": "boolean",
        "created_at": "timestamptz",
    },
    "seat": {
        "id": "uuid",
        "performance_id": "uuid",
        "ticket_type_id": "uuid",
        "section": "text",
        "row_number": "text",
        "seat_number": "text",
        "status": "text",
        "price": "numeric",
        "currency": "text",
        "is_accessible": "boolean",
        "is_premium": "boolean",
        "is_active": "boolean",
        "created_at": "timestamptz",
    },
    "booking": {
        "id": "uuid",
        "performance_id": "uuid",
        "customer": "text",
        "reference": "text",
        "participants": "integer",
        "unit_price": "numeric",
        "total_price": "numeric",
        "currency": "text",
        "status": "text",
        "seats": "jsonb",
        "breakdown": "jsonb",
        "is_active": "boolean",
        "created_at": "timestamptz",
    },
}

#: Without these a source is refused; every other column may be missing and reads as null.
REQUIRED: Final[dict[str, frozenset[str]]] = {
    "venue": frozenset({"id", "total_capacity"}),
    "event": frozenset({"id", "venue_id"}),
    "ticket_type": frozenset({"id", "event_id"}),
    "performance": frozenset({"id", "event_id"}),
    "seat": frozenset({"id", "performance_id", "section", "row_number", "seat_number", "status"}),
    "booking": frozenset({"id", "performance_id", "status"}),
}

#: Where a source has no such table at all, the view is empty.
MAY_BE_ABSENT: Final = frozenset({"ticket_type", "seat", "booking"})

#: The words of the statuses; any other word is read as unknown.
STATUSES: Final[dict[str, frozenset[str]]] = {
    "seat": frozenset({"available", "reserved", "sold", "blocked"}),
    "booking": frozenset({"pending", "confirmed", "completed", "cancelled"}),
}

#: What a source may say that its statements of the way back do not hold (live/cannot_hold.py).
LOSSES: Final = frozenset(
    {"amount", "closed", "customer", "deadline", "prices", "reallocated", "reference", "seats"}
)

#: Documents that hold a list, and what a row of it may have.
ENTRIES: Final[dict[str, frozenset[str]]] = {
    "seats": frozenset({"seat_id", "section", "row_number", "seat_number", "price"}),
    "breakdown": frozenset({"ticket_type_id", "name", "quantity"}),
}
