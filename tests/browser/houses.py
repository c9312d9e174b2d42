"""Houses to look at: a theatre with curved rows, a hall without numbers; in either language."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from fullhouse.events.domain.configuration import AllocationPlan, HousePlan, SeatPlan, SectionPlan
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Event, EventPerformance, Seat, TicketType, Venue
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.reserve import SeatRequest, reserve

Language = Literal["en", "fa"]

WORDS = {
    "en": {
        "venue": "Riverside Playhouse",
        "city": "Bristol",
        "types": ("Adult", "Student"),
        "sections": ("Stalls", "Dress Circle", "Standing"),
        "currency": "EUR",
        "price": "48.00",
    },
    "fa": {
        "venue": "تالار وحدت",
        "city": "تهران",
        "types": ("بزرگسال", "دانشجویی"),
        "sections": ("همکف", "بالکن", "ایستاده"),
        "currency": "IRR",
        "price": "4800000",
    },
}


@dataclass(frozen=True, slots=True)
class Theatre:
    """An evening at the theatre: ids by what they are."""

    event_id: UUID
    performance_id: UUID
    sections: dict[str, UUID]

    @property
    def path(self) -> str:
        return f"/performances/{self.performance_id}/"

    def seat(self, row: str, number: str) -> UUID:
        """Return a seat of the first section."""
        found: UUID = Seat.objects.get(
            performance=self.performance_id,
            section=next(iter(self.sections.values())),
            row_number=row,
            seat_number=number,
        ).pk
        return found

    def sell(self, *seats: UUID, hold_only: bool = False) -> None:
        """Sell these seats to somebody, or only hold them."""
        held = reserve(
            performance_id=self.performance_id, requests=[SeatRequest(seat) for seat in seats]
        )
        if not hold_only:
            confirm(performance_id=self.performance_id, reservation_id=held.reservation_id)


def theatre(
    language: Language = "en",
    *,
    title: str = "The Cherry Orchard",
    rows: int = 6,
    seats: int = 12,
    standing: int = 40,
    date: datetime.date = datetime.date(2027, 3, 20),
) -> Theatre:
    """Make an evening: stalls and a circle in curved rows, the rest without numbers."""
    words = WORDS[language]
    kinds = words["types"]
    venue = Venue.objects.create(name=words["venue"], city=words["city"], total_capacity=100_000)
    event = Event.objects.create(venue=venue, title=title, slug=f"event-{uuid7()}")
    types = [
        TicketType.objects.create(event=event, name=name, price_modifier=modifier)
        for name, modifier in zip(kinds, (Decimal(1), Decimal("0.6")), strict=True)
    ]
    return _evening(event, types, words, rows, seats, standing, date)


def again(theatre: Theatre, date: datetime.date, language: Language = "en") -> Theatre:
    """Make another evening of the same event."""
    event = Event.objects.get(pk=theatre.event_id)
    types = list(event.ticket_types.order_by("-price_modifier"))
    return _evening(event, types, WORDS[language], 6, 12, 40, date)


def _evening(
    event: Event,
    types: list[TicketType],
    words: dict[str, object],
    rows: int,
    seats: int,
    standing: int,
    date: datetime.date,
) -> Theatre:
    evening = EventPerformance.objects.create(
        event=event, date=date, start_time=datetime.time(20, 30)
    )
    stalls, circle, floor = words["sections"]  # type: ignore[misc]
    price, currency = Decimal(str(words["price"])), str(words["currency"])
    adult, student = types[0].pk, types[1].pk
    near = max(14.0, seats * 0.6)
    back = near + rows * 1.15 + 4
    plans = [
        _seated(stalls, currency, price, adult, list(_arcs(rows, seats, near, adult))),
        _seated(circle, currency, price * 2 / 3, adult, list(_arcs(rows // 2, seats, back, adult))),
    ]
    if standing:
        parts = (AllocationPlan(ticket_type_id=adult, allocated_capacity=standing // 2),)
        parts += (AllocationPlan(ticket_type_id=student, allocated_capacity=standing // 2),)
        plans.append(
            SectionPlan(
                name=floor,
                total_capacity=standing,
                base_price=price / 2,
                currency=currency,
                ticket_types=parts,
                seats=(),
            )
        )
    opened = open_performance(performance_id=evening.pk, plan=HousePlan(tuple(plans)))
    return Theatre(
        event.pk, evening.pk, {section.name: section.section_id for section in opened.sections}
    )


def _seated(
    name: str, currency: str, price: Decimal, kind: UUID, seats: list[SeatPlan]
) -> SectionPlan:
    return SectionPlan(
        name=name,
        total_capacity=len(seats),
        base_price=price.quantize(Decimal(1)),
        currency=currency,
        ticket_types=(AllocationPlan(ticket_type_id=kind, allocated_capacity=len(seats)),),
        seats=tuple(seats),
    )


def _arcs(rows: int, seats: int, radius: float, kind: UUID) -> Iterator[SeatPlan]:
    """Rows around a stage at 0, 0; longer towards the back."""
    for row in range(rows):
        far = radius + row * 1.15
        count = seats + 2 * row
        for number in range(count):
            angle = (number - (count - 1) / 2) / far
            yield SeatPlan(
                row_number=chr(ord("A") + row % 26) * (1 + row // 26),
                seat_number=str(number + 1),
                ticket_type_id=kind,
                is_accessible=row == rows - 1 and number in (0, count - 1),
                is_companion=row == rows - 1 and number in (1, count - 2),
                is_premium=row == 0,
                has_restricted_view=row == 1 and number in (0, count - 1),
                x=far * math.sin(angle),
                y=far * math.cos(angle),
                row_rank=row + 1,
                seat_rank=number + 1,
            )
