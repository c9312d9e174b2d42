"""The rows of the legacy layout as `dumpdata` writes them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from fullhouse.migration.legacy.reader import Item

CREATED_AT = "2025-07-01T12:00:00Z"


def new_id(rng: random.Random) -> str:
    """A random UUID (version 4) in the generator's own sequence."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"


@dataclass(slots=True)
class SeatRow:
    """A seat row while its performance is made; `type_at` is its place in the event's types."""

    id: str
    section: str
    row: str
    number: str
    type_at: int
    type_id: str | None
    price: str
    currency: str
    status: str | None = "available"
    active: bool = True


def row(model: str, pk: object, *, active: bool = True, **fields: object) -> Item:
    """A row with the columns that each legacy table starts with."""
    start: dict[str, object] = {
        "created_at": CREATED_AT,
        "updated_at": CREATED_AT,
        "is_active": active,
    }
    return Item(0, f"events.{model}", pk, start | fields)


def category(pk: str) -> Item:
    return row("eventcategory", pk, slug="music", icon="", color="#28a745")


def venue(pk: str, number: int, capacity: int, *, active: bool) -> Item:
    return row(
        "venue",
        pk,
        active=active,
        slug=f"venue-{number}",
        image="",
        website="",
        city="Tehran",
        country="Iran",
        coordinates=None,
        total_capacity=capacity,
        facilities=[],
    )


def venue_name(pk: int, venue_id: str, language: str, name: str) -> Item:
    fields: dict[str, object] = {
        "language_code": language,
        "name": name,
        "description": "",
        "address": "",
        "master": venue_id,
    }
    return Item(0, "events.venuetranslation", pk, fields)


def event(pk: str, number: int, *, active: bool, price: str, currency: str, **parents: str) -> Item:
    return row(
        "event",
        pk,
        active=active,
        slug=f"event-{number}",
        image="",
        price=price,
        currency=currency,
        city="Tehran",
        country="Iran",
        is_featured=False,
        is_popular=False,
        style="music",
        door_open_time="18:00:00",
        start_time="19:00:00",
        end_time="22:00:00",
        age_restriction=None,
        gallery=[],
        **parents,
    )


def event_title(pk: int, event_id: str, language: str, title: str) -> Item:
    fields: dict[str, object] = {
        "language_code": language,
        "title": title,
        "description": "",
        "short_description": "",
        "highlights": "",
        "rules": "",
        "required_items": "",
        "master": event_id,
    }
    return Item(0, "events.eventtranslation", pk, fields)


def ticket_type(pk: str, event_id: str, *, active: bool, **facts: object) -> Item:
    return row(
        "tickettype",
        pk,
        active=active,
        description="",
        benefits=[],
        age_min=None,
        age_max=None,
        event=event_id,
        **facts,
    )


def performance(pk: str, event_id: str, date: str, *, active: bool, **facts: object) -> Item:
    return row(
        "eventperformance",
        pk,
        active=active,
        start_date=date,
        end_date=date,
        start_time="19:00:00",
        end_time="22:00:00",
        is_available=True,
        date=date,
        is_special=False,
        event=event_id,
        **facts,
    )


def seat(seat_row: SeatRow, performance_id: str) -> Item:
    return Item(
        0,
        "events.seat",
        seat_row.id,
        {
            "created_at": CREATED_AT,
            "updated_at": CREATED_AT,
            "is_active": seat_row.active,
            "seat_number": seat_row.number,
            "row_number": seat_row.row,
            "section": seat_row.section,
            "status": seat_row.status,
            "price": seat_row.price,
            "currency": seat_row.currency,
            "is_wheelchair_accessible": False,
            "is_premium": False,
            "performance": performance_id,
            "ticket_type": seat_row.type_id,
        },
    )
