"""One performance's house as plain values: the oracle that the engine is tested against.

Pure: no database, no clock (times are given), no randomness. The operations are in `holds`
(reserve) and `sales` (confirm, release, expire, refund); each mirrors one SQL function and
answers with the same outcome. All capacities and quantities are places.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from fullhouse.events.domain.states import LIVE, Place, Status

Key = Hashable


@dataclass(slots=True)
class Section:
    """A part of the house; `total` is the sum of its allocations (I3)."""

    total: int
    base_price: Decimal
    currency: str = "USD"
    # Nobody leaves a single seat where it can be helped.
    orphan_rule: bool = False


@dataclass(slots=True)
class Allocation:
    """Places of a section given to one type, or (None) to its pool."""

    section: Key
    ticket_type: Key | None
    available: int
    unseated: int
    reserved: int = 0
    sold: int = 0
    modifier: Decimal = Decimal(1)

    @property
    def allocated(self) -> int:
        return self.available + self.reserved + self.sold


@dataclass(slots=True)
class Seat:
    """A numbered place of an allocation; its own price or the allocation's."""

    allocation: Key
    status: Place = "available"
    price: Decimal | None = None
    # Its row, and its place in it: neighbours have neighbouring ranks.
    row: str = ""
    rank: int = 0


@dataclass(slots=True)
class Line:
    """Places of a reservation in one allocation; with a seat, exactly that one."""

    allocation: Key
    ticket_type: Key | None
    seat: Key | None
    quantity: int
    unit_price: Decimal
    status: Status = "reserved"
    overbooked: bool = False
    # What one ticket takes; a seat is one place with a price of its own.
    places_per_ticket: int = 1


@dataclass(slots=True)
class Reservation:
    """A hold (`reserved`) or what became of it. `expires_at` in seconds; None never expires."""

    kind: str
    expires_at: float | None
    lines: list[Line]
    status: Status = "reserved"
    created_at: float = 0
    customer: str = ""
    channel: str = ""

    def live_lines(self) -> list[Line]:
        return [line for line in self.lines if line.status in LIVE]

    def overdue(self, now: float) -> bool:
        return self.status == "reserved" and self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of the ledger; None is outside the house."""

    allocation: Key
    seat: Key | None
    reservation: Key | None
    from_state: Place | None
    to_state: Place | None
    quantity: int
    operation: str


@dataclass(frozen=True, slots=True)
class Note:
    """What was done that moved no place."""

    reservation: Key | None
    operation: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Limits in tickets and a window (times in seconds) for a type, or for the whole order."""

    sales_open_at: float | None = None
    sales_close_at: float | None = None
    min_per_order: int | None = None
    max_per_order: int | None = None
    max_per_customer: int | None = None


@dataclass(slots=True)
class Entry:
    """A party of the waiting list; entries are in the order in which they joined."""

    quantity: int
    section: Key | None = None
    ticket_type: Key | None = None
    together: bool = True
    customer: str = ""
    status: str = "waiting"
    offer: Key | None = None


@dataclass(slots=True)
class House:
    """A performance: what there is, who has it, and how it came about."""

    sections: dict[Key, Section] = field(default_factory=dict)
    allocations: dict[Key, Allocation] = field(default_factory=dict)
    seats: dict[Key, Seat] = field(default_factory=dict)
    reservations: dict[Key, Reservation] = field(default_factory=dict)
    ledger: list[Movement] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    # Ticket types on offer, with the modifier of a type that has no allocation.
    types: dict[Key, Decimal] = field(default_factory=dict)
    # Types whose tickets take several places.
    sizes: dict[Key, int] = field(default_factory=dict)
    # Sales rules by ticket type; None: the whole order.
    rules: dict[Key, Rule] = field(default_factory=dict)
    waiting: dict[Key, Entry] = field(default_factory=dict)
    waiting_list_first: bool = False
    status: str = "on_sale"
    hold_ceiling_seconds: float = 3600

    @property
    def capacity(self) -> int:
        return sum(section.total for section in self.sections.values())

    def add_section(self, key: Key, base_price: Decimal, currency: str = "USD") -> None:
        self.sections[key] = Section(0, base_price, currency)

    def add_allocation(
        self,
        key: Key,
        section: Key,
        ticket_type: Key | None,
        places: int,
        seats: tuple[Key, ...] = (),
        modifier: Decimal = Decimal(1),
    ) -> None:
        """Make places: `seats` of the `places` are numbered."""
        self.allocations[key] = Allocation(
            section, ticket_type, places, places - len(seats), modifier=modifier
        )
        self.sections[section].total += places
        for seat in seats:
            self.seats[seat] = Seat(key)
        if places:
            self.ledger.append(
                Movement(key, None, None, None, "available", places, "open_performance")
            )

    def live_lines(self) -> Iterator[Line]:
        for reservation in self.reservations.values():
            yield from reservation.live_lines()


def broken_rules(house: House) -> list[str]:
    """Return what does not add up: I3 to I6 recomputed from scratch. Empty is sound."""
    wrong = [
        f"I3 section {key}"
        for key, section in house.sections.items()
        if section.total != sum(a.allocated for a in house.allocations.values() if a.section == key)
    ]
    folded: Counter[tuple[Key, Place]] = Counter()
    for entry in house.ledger:
        if entry.to_state is not None:
            folded[entry.allocation, entry.to_state] += entry.quantity
        if entry.from_state is not None:
            folded[entry.allocation, entry.from_state] -= entry.quantity
    in_lines: Counter[tuple[Key, Place]] = Counter()
    for line in house.live_lines():
        in_lines[line.allocation, "sold" if line.status == "sold" else "reserved"] += line.quantity
    for key, a in house.allocations.items():
        free_seats = sum(
            seat.allocation == key and seat.status == "available" for seat in house.seats.values()
        )
        if min(a.available, a.unseated, a.reserved, a.sold) < 0:
            wrong.append(f"I4 allocation {key}")
        if free_seats != a.available - a.unseated:
            wrong.append(f"I5 allocation {key}")
        stated: dict[Place, int] = {
            "available": a.available,
            "reserved": a.reserved,
            "sold": a.sold,
        }
        wrong += [
            f"I6 ledger {key} {state}"
            for state, count in stated.items()
            if folded[key, state] != count
        ]
        wrong += [
            f"I6 lines {key} {state}"
            for state, count in stated.items()
            if state != "available" and in_lines[key, state] != count
        ]
    return wrong + _broken_seats(house) + _broken_offers(house)


def _broken_seats(house: House) -> list[str]:
    having = Counter(line.seat for line in house.live_lines() if line.seat is not None)
    occupied = {key for key, seat in house.seats.items() if seat.status != "available"}
    twice = [f"I5 seat {seat}" for seat, count in having.items() if count > 1]
    return twice + [f"I6 seat {seat}" for seat in occupied.symmetric_difference(having)]


def _broken_offers(house: House) -> list[str]:
    live = {
        key
        for key, one in house.reservations.items()
        if (one.kind, one.status) == ("offer", "reserved")
    }
    offered = {entry.offer for entry in house.waiting.values() if entry.status == "offered"}
    return [f"I6 offer {key}" for key in live.symmetric_difference(offered)]
