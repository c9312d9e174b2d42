"""The bookings of one performance: clean parties of neighbours, and what goes wrong with them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from fullhouse.migration.legacy.reader import Item
from fullhouse.migration.legacy.sample import shapes
from fullhouse.migration.legacy.sample.dirt import BREAKDOWN_SHAPES, SEATS_SHAPES, Dealer
from fullhouse.migration.legacy.sample.house import House
from fullhouse.migration.legacy.sample.rows import SeatRow, new_id, row

_FIRST_BOOKING: Final = datetime(2025, 7, 1, 12, tzinfo=UTC)
_LARGEST_PARTY: Final = 6


@dataclass(slots=True)
class Order:
    """A booking while it is made; its own seats, what else it names, and how it is written."""

    seats: Sequence[SeatRow] = ()
    status: str = "confirmed"
    also: list[dict[str, object]] = field(default_factory=list)
    unseated: int = 0
    miscounted: int = 0
    active: bool = True
    seats_shape: str | None = None
    breakdown_shape: str | None = None


class BookingOffice:
    """Writes the bookings of a sample; counts references and time over all performances."""

    def __init__(self, rng: random.Random, dealer: Dealer) -> None:
        self._rng = rng
        self._dealer = dealer
        self._written = 0
        self._elsewhere: list[SeatRow] = []

    def book(
        self, house: House, performance_id: str, seats: Sequence[SeatRow], *, typed: bool
    ) -> list[Item]:
        """Book the sold and reserved seats of a performance; some bookings come out dirty."""
        free = [seat for seat in seats if seat.status == "available" and seat.active]
        orders: list[Order] = []
        for party in _parties(self._rng, [seat for seat in seats if seat.status == "sold"]):
            orders += self._sale(party, free)
        for party in _parties(self._rng, [seat for seat in seats if seat.status == "reserved"]):
            orders.append(Order(party, "pending"))
        self._elsewhere = list(seats[:5])
        return [self._write(house, performance_id, order, typed=typed) for order in orders]

    def book_places(
        self, house: House, performance_id: str, places: int, *, typed: bool
    ) -> list[Item]:
        """Book places of a performance without seats, never more than a third of them."""
        parties = [min(1 + at, places // 9) for at in range(3)]
        orders = [Order(unseated=party) for party in parties if party]
        return [self._write(house, performance_id, order, typed=typed) for order in orders]

    def _sale(self, party: list[SeatRow], free: list[SeatRow]) -> Iterator[Order]:
        """The booking of sold seats and the false ones that come with it."""
        deal = self._dealer
        if deal.hit("sold_without_booking"):
            return
        order = Order(party, "confirmed" if self._rng.random() < 0.8 else "completed")
        order.seats_shape = deal.pick(SEATS_SHAPES)
        order.breakdown_shape = deal.pick(BREAKDOWN_SHAPES)
        # In the other shapes a wrong seat could not be told from the shape's own trouble.
        readable = order.seats_shape in (None, "seats_as_ids")
        if readable and deal.hit("seat_dangling"):
            order.also.append(_named(party[0]) | {"seat_id": new_id(self._rng)})
        if readable and self._elsewhere and deal.hit("seat_of_other_performance"):
            order.also.append(_named(self._rng.choice(self._elsewhere)))
        if deal.hit("count_mismatch"):
            order.miscounted = self._rng.choice((-1, 1, 2))
        order.active = not deal.hit("booking_inactive")
        yield order
        if readable and order.active and deal.hit("double_booked"):
            yield Order(party[:1])
        if deal.hit("booking_without_seats"):
            yield Order(unseated=2)
        for kind, status in (
            ("booked_available", "confirmed"),
            ("booking_cancelled", "cancelled"),
            ("booking_pending_available", "pending"),
        ):
            if free and deal.hit(kind):
                yield Order([free.pop()], status)

    def _write(self, house: House, performance_id: str, order: Order, *, typed: bool) -> Item:
        self._written += 1
        lines = _lines(house, order, typed=typed)
        prices = [Decimal(str(line["price"])) * int(str(line["quantity"])) for line in lines]
        total = sum(prices, Decimal(0))
        named = [_named(seat) for seat in order.seats] + order.also
        places = len(order.seats) + order.unseated
        created = (_FIRST_BOOKING + timedelta(minutes=self._written)).isoformat()
        booking = row(
            "eventbooking",
            new_id(self._rng),
            active=order.active,
            booking_date=created[:10],
            booking_time=created[11:19],
            participants_count=max(places + order.miscounted, 0),
            unit_price=f"{total / places:.2f}",
            total_price=f"{total:.2f}",
            currency=house.currency,
            status=order.status,
            booking_reference=f"B{self._written:010}",
            selected_seats=shapes.selected_seats(order.seats_shape, named),
            ticket_breakdown=shapes.breakdown(order.breakdown_shape, lines),
            selected_options=[],
            options_total="0.00",
            special_requirements="",
            event=house.event_id,
            user=new_id(self._rng),
            performance=performance_id,
        )
        booking.fields["created_at"] = booking.fields["updated_at"] = created
        return booking


def _parties(rng: random.Random, seats: Sequence[SeatRow]) -> Iterator[list[SeatRow]]:
    start = 0
    while start < len(seats):
        size = 1 + int(rng.random() * _LARGEST_PARTY)
        yield list(seats[start : start + size])
        start += size


def _named(seat: SeatRow) -> dict[str, object]:
    return {
        "seat_id": seat.id,
        "seat_number": seat.number,
        "row_number": seat.row,
        "section": seat.section,
        "price": float(seat.price),
    }


def _lines(house: House, order: Order, *, typed: bool) -> list[dict[str, object]]:
    """One line a type and price; unseated places are of the event's last type."""
    quantities: dict[tuple[int, str], int] = {}
    for seat in order.seats:
        at = seat.type_at, seat.price
        quantities[at] = quantities.get(at, 0) + 1
    if order.unseated:
        last = len(house.types) - 1
        quantities[last, house.types[last].price] = order.unseated
    return [
        {
            "name": house.types[at].name if typed else "",
            "price": float(price),
            "quantity": quantity,
            "ticket_type_id": house.types[at].id if typed else None,
        }
        for (at, price), quantity in quantities.items()
    ]
