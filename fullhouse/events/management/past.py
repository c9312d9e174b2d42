"""`capacity at` and `capacity explain`: the house at a past instant, and how it came about."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.management.base import CommandParser
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.stories import earlier, ending, told
from fullhouse.events.management.telling import as_json, language_of
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.explain import (
    Story,
    explain_allocation,
    explain_reservation,
    explain_seat,
    seat_named,
)
from fullhouse.events.services.time_machine import HouseAt, PlacesAt, house_at


def add_at_arguments(parser: CommandParser) -> None:
    """Add what `capacity at` takes."""
    parser.add_argument("--performance", type=UUID, required=True, help="its id")
    parser.add_argument(
        "--time", help="ISO 8601; without an offset in the venue's time zone. Left out: now"
    )
    parser.add_argument("--seats", action="store_true", help="each numbered seat too")


def add_explain_arguments(parser: CommandParser) -> None:
    """Add what `capacity explain` takes."""
    about = parser.add_mutually_exclusive_group(required=True)
    about.add_argument("--seat", help="its id, or SECTION/ROW/NUMBER with --performance")
    about.add_argument("--allocation", type=UUID, help="its id")
    about.add_argument("--reservation", type=UUID, help="its id")
    parser.add_argument("--performance", type=UUID, help="where the seat is, or was")
    parser.add_argument("--last", type=int, default=200, help="how many entries, the newest")
    parser.add_argument("--language", choices=("en", "fa"), help="else the site's")


def show_at(console: Console, options: dict[str, Any]) -> str | None:
    """Print the house at an instant; returns the JSON instead where it is asked for."""
    performance_id, using = options["performance"], options["database"]
    found = house_at(
        performance_id=performance_id,
        at=_instant(options["time"], performance_id, using),
        with_seats=options["seats"] or options["json"],
        using=using,
    )
    if options["json"]:
        return as_json(asdict(found))
    console.print(_table(found))
    if options["seats"]:
        console.print(_seats(found))
    return None


def _instant(text: str | None, performance_id: UUID, using: str) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2027-03-20T19:30:00+03:30"
        raise InvalidRequest("time", f"{text!r} is not ISO 8601, such as {example}") from error
    if at.tzinfo is not None:
        return at
    zone = (
        EventPerformance.objects.using(using)
        .filter(pk=performance_id)
        .values_list("event__venue__time_zone", flat=True)
        .first()
    )
    return at.replace(tzinfo=ZoneInfo(zone or "UTC"))


def _table(found: HouseAt) -> Table:
    table = Table("Section", "Ticket type", title=f"At {found.at.isoformat()}")
    for heading in ("Capacity", "Available", "Unseated", "Reserved", "Sold"):
        table.add_column(heading, justify="right")
    for section in found.sections:
        table.add_row(escape(section.name), "", *_cells(section.places), style="bold")
        for one in section.allocations:
            table.add_row("", escape(one.ticket_type or "pool"), *_cells(one.places))
    table.add_section()
    table.add_row("All", "", *_cells(found.places), style="bold")
    return table


def _cells(places: PlacesAt) -> tuple[str, ...]:
    return (
        str(places.capacity),
        str(places.available),
        str(places.unseated),
        str(places.reserved),
        str(places.sold),
    )


def _seats(found: HouseAt) -> Table:
    table = Table("Seat", "State")
    table.add_column("Id", no_wrap=True)
    for seat in found.seats:
        name = "–" if seat.seat_number is None else f"{seat.row_number}-{seat.seat_number}"
        table.add_row(escape(name), seat.status, str(seat.seat_id))
    return table


def show_story(console: Console, options: dict[str, Any]) -> str | None:
    """Print a story in sentences; returns the JSON instead where it is asked for."""
    story, language = _story(options), language_of(options)
    if options["json"]:
        entries = [{**asdict(entry), "sentence": told(entry, language)} for entry in story.entries]
        return as_json(
            {"about": story.about, "now": story.now, "earlier": story.earlier, "entries": entries}
        )
    console.print(f"[bold]{escape(story.about)}[/]", highlight=False)
    if story.earlier:
        console.print(earlier(story.earlier, language), style="dim")
    for entry in story.entries:
        console.print(escape(told(entry, language)), highlight=False)
    console.print(ending(story.now, language), style="bold")
    return None


def _story(options: dict[str, Any]) -> Story:
    using, last = options["database"], options["last"]
    if options["allocation"]:
        return explain_allocation(allocation_id=options["allocation"], last=last, using=using)
    if options["reservation"]:
        return explain_reservation(reservation_id=options["reservation"], last=last, using=using)
    return explain_seat(
        seat_id=_seat(options), performance_id=options["performance"], last=last, using=using
    )


def _seat(options: dict[str, Any]) -> UUID:
    try:
        return UUID(options["seat"])
    except ValueError:
        labels = options["seat"].split("/")
    if len(labels) != 3 or options["performance"] is None:
        raise InvalidRequest(
            "seat", "give its id, or SECTION/ROW/NUMBER together with --performance"
        )
    section, row, number = labels
    return seat_named(
        performance_id=options["performance"],
        section=section,
        row=row,
        number=number,
        using=options["database"],
    )
