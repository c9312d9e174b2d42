"""What must stand in the new tables, as far as the rules of reading decide it."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

#: The section for places that no seat and no type explains.
UNSEATED = "unseated"


@dataclass(slots=True)
class Allocation:
    """Places of a section given to one type, or to its pool (`ticket_type_id` None)."""

    allocated: int = 0
    available: int = 0
    unseated_available: int = 0
    reserved: int = 0
    sold: int = 0

    def check(self) -> None:
        """Hold the oracle itself to I4 and I5."""
        assert self.allocated == self.available + self.reserved + self.sold, self
        assert 0 <= self.unseated_available <= self.available, self


@dataclass(frozen=True, slots=True)
class SeatState:
    """A numbered place: its labels as given by the row that won."""

    section: str
    row: str
    number: str
    status: str
    price: Decimal
    ticket_type_id: UUID | None


@dataclass(frozen=True, slots=True)
class Line:
    """Places of one reservation in one allocation."""

    section: str
    ticket_type_id: UUID | None
    seat_id: UUID | None
    quantity: int
    status: str
    overbooked: bool
    unit_price: Decimal


@dataclass(slots=True)
class Reservation:
    """Who has places. `reference` None: made by the takeover, for rows that no booking names.

    `exact_prices` False: only the sum over its lines is decided, not how it is shared.
    """

    reference: str | None
    kind: str
    status: str
    lines: list[Line] = field(default_factory=list)
    exact_prices: bool = True

    @property
    def money(self) -> Decimal:
        """What all its places cost."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal(0))


@dataclass(slots=True)
class Section:
    """A part of the house; `currency` None: two are equally common. `spellings` find it."""

    total: int = 0
    currency: str | None = None
    spellings: set[str] = field(default_factory=set)
    prices: set[Decimal] = field(default_factory=set)
    own_priced_at_most: int = 0


@dataclass(slots=True)
class PerformanceState:
    """All that must be made of one legacy performance."""

    id: UUID
    status: str
    sections: dict[str, Section] = field(default_factory=dict)
    allocations: dict[tuple[str, UUID | None], Allocation] = field(default_factory=dict)
    seats: dict[UUID, SeatState] = field(default_factory=dict)
    aliases: dict[UUID, UUID] = field(default_factory=dict)
    reservations: list[Reservation] = field(default_factory=list)
    dirt: set[str] = field(default_factory=set)

    @property
    def max_capacity(self) -> int:
        """All places of the evening."""
        return sum(section.total for section in self.sections.values())

    @property
    def lines(self) -> list[Line]:
        """The lines of all its reservations."""
        return [line for reservation in self.reservations for line in reservation.lines]


@dataclass(slots=True)
class Expected:
    """All performances, and what the venues hold after they were raised."""

    performances: dict[UUID, PerformanceState]
    venues: dict[UUID, int]
