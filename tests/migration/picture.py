"""What stands, or should stand, of one performance: one shape for the oracle and the product."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import connections

from .oracle.documents import read_capacities
from .oracle.general import POOL
from .oracle.keys import name_key
from .oracle.rows import Legacy
from .oracle.state import UNSEATED, PerformanceState

Where = tuple[str, UUID | None]

#: What a section without a name is called.
BLANK = "Section"


@dataclass(frozen=True, slots=True, order=True)
class Leaf:
    """Counters of an allocation."""

    allocated: int
    available: int
    unseated: int
    reserved: int
    sold: int


@dataclass(frozen=True, slots=True)
class SeatPicture:
    """A seat, with the price a buyer pays."""

    section: str
    row: str
    number: str
    status: str
    price: Decimal
    ticket_type_id: UUID | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Places of a reservation; `reference` None where no legacy booking is behind it."""

    reference: str | None
    kind: str
    status: str
    seat_id: UUID | None = None
    overbooked: bool = False
    price: Decimal | None = None
    where: Where = ("", None)


@dataclass(slots=True)
class Picture:
    """One performance; `taken` counts places."""

    status: str = ""
    max_capacity: int = 0
    sections: dict[str, int] = field(default_factory=dict)
    currencies: dict[str, str | None] = field(default_factory=dict)
    bases: dict[str, Decimal] = field(default_factory=dict)
    own_priced: Counter[str] = field(default_factory=Counter)
    spellings: dict[str, set[str]] = field(default_factory=dict)
    leaves: dict[Where, Leaf] = field(default_factory=dict)
    seats: dict[UUID, SeatPicture] = field(default_factory=dict)
    aliases: dict[UUID, UUID] = field(default_factory=dict)
    taken: Counter[Taken] = field(default_factory=Counter)
    money: dict[str, Decimal] = field(default_factory=dict)
    unnamed_sales: Counter[str] = field(default_factory=Counter)

    def of(self, reference: str | None, status: str | None = None) -> Counter[UUID | None]:
        """Places by seat of a booking, or (None) of what no booking explains."""
        found: Counter[UUID | None] = Counter()
        for one, places in self.taken.items():
            if one.reference == reference and status in (None, one.status):
                found[one.seat_id] += places
        return found

    def overbooked(self, reference: str | None) -> int:
        """Places of a booking that the house does not have."""
        return sum(
            places
            for one, places in self.taken.items()
            if one.reference == reference and one.overbooked
        )

    def kinds(self, seat: UUID) -> set[tuple[str, str]]:
        """Kind and status of what takes a seat."""
        return {(one.kind, one.status) for one in self.taken if one.seat_id == seat}


def from_oracle(state: PerformanceState) -> Picture:
    """The expectation as a picture."""
    picture = Picture(
        status=state.status, max_capacity=state.max_capacity, aliases=dict(state.aliases)
    )
    for key, section in state.sections.items():
        picture.sections[key] = section.total
        picture.currencies[key] = section.currency
        picture.spellings[key] = section.spellings
    for where, a in state.allocations.items():
        counters = (a.allocated, a.available, a.unseated_available, a.reserved, a.sold)
        picture.leaves[where] = Leaf(*counters)
    for seat_id, seat in state.seats.items():
        picture.seats[seat_id] = SeatPicture(
            seat.section, seat.row, seat.number, seat.status, seat.price, seat.ticket_type_id
        )
    for reservation in state.reservations:
        for line in reservation.lines:
            one = Taken(
                reference=reservation.reference,
                kind=reservation.kind,
                status=line.status,
                seat_id=line.seat_id,
                overbooked=line.overbooked,
                price=None if reservation.kind == "house" else line.unit_price,
                where=(line.section, line.ticket_type_id),
            )
            picture.taken[one] += line.quantity
        if reservation.reference is not None and reservation.lines:
            picture.money[reservation.reference] = reservation.money
        elif reservation.kind == "sale" and reservation.reference is None:
            picture.unnamed_sales[reservation.lines[0].section] += 1
    return picture


def from_database(legacy: Legacy, performance: UUID, using: str = "default") -> Picture:
    """What the product made of a legacy performance."""
    reader = _Reader(legacy, performance, using)
    reader.sections()
    reader.leaves()
    reader.seats()
    reader.taken()
    return reader.picture


class _Reader:
    def __init__(self, legacy: Legacy, performance: UUID, using: str) -> None:
        self.legacy, self.performance, self.using = legacy, performance, using
        self.picture = Picture()
        self.keys: dict[UUID, str] = {}
        self.where: dict[UUID, Where] = {}
        evening = legacy.performances[performance]
        of_event = legacy.types_of(evening)
        parts = read_capacities(evening.ticket_capacities, of_event)
        self.known = {name_key(kind.name) for kind in of_event} | set(parts.strange)
        seats = [seat for seat in legacy.seats.values() if seat.performance_id == performance]
        self.known_seated = {name_key(seat.section) for seat in seats}

    def _rows(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        with connections[self.using].cursor() as cursor:
            cursor.execute(query, {"performance": self.performance})
            return list(cursor.fetchall())

    def _key(self, name: str, spellings: set[str]) -> str:
        """The key under which the oracle knows a section, whatever it is called now."""
        keys = {name_key(spelling) for spelling in spellings} & (self.known_seated or self.known)
        if keys:
            return min(keys)
        own = name_key(name)
        if own in (self.known_seated or self.known):
            return own
        if own == name_key(BLANK) and "" in self.known:
            return ""
        return UNSEATED if own == UNSEATED else POOL

    def sections(self) -> None:
        """Performance and sections."""
        self.picture.max_capacity, self.picture.status = self._rows(
            "SELECT max_capacity, status FROM events_eventperformance WHERE id = %(performance)s"
        )[0]
        for key, name, total, currency, base, spellings in self._rows(
            """
            SELECT s.id, s.name, s.total_capacity, s.currency, s.base_price,
                   coalesce(array_agg(a.spelling) FILTER (WHERE a.spelling IS NOT NULL), '{}')
            FROM events_eventsection s LEFT JOIN events_sectionalias a ON a.section_id = s.id
            WHERE s.performance_id = %(performance)s GROUP BY s.id
            """
        ):
            known = self._key(name, set(spellings))
            if known in self.picture.sections:
                known = f"{known} again: {name}"
            self.keys[key] = known
            self.picture.sections[known] = total
            self.picture.currencies[known] = currency
            self.picture.bases[known] = base
            self.picture.spellings[known] = {name, *spellings}

    def leaves(self) -> None:
        """Allocations."""
        for key, section, kind, *counters in self._rows(
            """
            SELECT id, section_id, ticket_type_id, allocated_capacity, available_capacity,
                   unseated_available, reserved_capacity, sold_capacity
            FROM events_sectiontickettype WHERE performance_id = %(performance)s
            """
        ):
            where = self.where[key] = (self.keys[section], kind)
            self.picture.leaves[where] = Leaf(*counters)

    def seats(self) -> None:
        """Seats and the legacy rows that lead to them."""
        for key, leaf, row, number, status, price, own in self._rows(
            """
            SELECT t.id, t.allocation_id, t.row_number, t.seat_number, t.status,
                   coalesce(t.price, final_price(s.base_price, a.price_modifier, s.currency)),
                   t.price IS NOT NULL
            FROM events_seat t JOIN events_sectiontickettype a ON a.id = t.allocation_id
            JOIN events_eventsection s ON s.id = a.section_id
            WHERE t.performance_id = %(performance)s
            """
        ):
            section, kind = self.where[leaf]
            self.picture.seats[key] = SeatPicture(section, row, number, status, price, kind)
            self.picture.own_priced[section] += own
        self.picture.aliases = dict(
            self._rows(
                "SELECT legacy_seat_id, seat_id FROM capacity_migration_seatalias"
                " WHERE performance_id = %(performance)s"
            )
        )

    def taken(self) -> None:
        """Lines, under the booking that they come from."""
        booked = {
            booking.reference
            for booking in self.legacy.bookings.values()
            if booking.performance_id == self.performance
        }
        sales: set[tuple[str, str]] = set()
        for reference, kind, status, seat, places, over, price, leaf in self._rows(
            """
            SELECT r.reference, r.kind, l.status, l.seat_id, l.quantity, l.overbooked,
                   l.unit_price, l.allocation_id
            FROM events_reservationline l JOIN events_reservation r ON r.id = l.reservation_id
            WHERE l.performance_id = %(performance)s
            """
        ):
            known = reference if reference in booked else None
            shown = None if kind == "house" else price
            where = self.where[leaf]
            self.picture.taken[Taken(known, kind, status, seat, over, shown, where)] += places
            if known is not None:
                before = self.picture.money.get(known, Decimal(0))
                self.picture.money[known] = before + price * places
            elif kind == "sale":
                sales.add((where[0], reference))
        self.picture.unnamed_sales = Counter(section for section, _ in sales)
