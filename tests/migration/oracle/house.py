"""The physical seats of a performance: twin rows together, with every sale and hold of each."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from .claims import Claim, raw_rank
from .documents import SeatKey, seat_key
from .rows import Booking, Seat

Order = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Taking:
    """One sale or hold of a physical seat, through one of its rows."""

    order: Order
    row: Seat
    booking: Booking | None


@dataclass(slots=True)
class Physical:
    """A seat that exists once, however many rows speak of it.

    The row that stays is the one through which it was first sold, else held, else the best.
    """

    key: SeatKey
    winner: Seat
    rows: list[Seat]
    sales: list[Taking] = field(default_factory=list)
    holds: list[Taking] = field(default_factory=list)

    @property
    def status(self) -> str:
        """available | reserved | sold."""
        if self.sales:
            return "sold"
        if self.holds or self.kept_by_house:
            return "reserved"
        return "available"

    @property
    def kept_by_house(self) -> bool:
        """Not taken by anyone, and not to be sold."""
        taken = bool(self.sales or self.holds)
        return not taken and any(raw_rank(row) == 2 for row in self.rows)


def read_house(seats: list[Seat], claims: list[Claim]) -> list[Physical]:
    """Group rows by what they mean, and give each sale and hold to its physical seat."""
    groups: dict[SeatKey, list[Seat]] = {}
    for seat in seats:
        groups.setdefault(seat_key(seat.section, seat.row, seat.number), []).append(seat)
    sold, held = _named(claims, sale=True), _named(claims, sale=False)
    return [
        _physical(key, rows, sold, held)
        for key, rows in sorted(groups.items(), key=lambda item: item[0])
    ]


def _named(claims: list[Claim], *, sale: bool) -> dict[UUID, list[Booking]]:
    named: dict[UUID, list[Booking]] = {}
    for claim in claims:
        for row in claim.rows if claim.booking.is_sale == sale else []:
            named.setdefault(row.id, []).append(claim.booking)
    return named


def _physical(
    key: SeatKey,
    rows: list[Seat],
    sold: dict[UUID, list[Booking]],
    held: dict[UUID, list[Booking]],
) -> Physical:
    physical = Physical(key, rows[0], rows)
    for row in rows:
        physical.sales += [Taking(b.order, row, b) for b in sold.get(row.id, [])]
        physical.holds += [Taking(b.order, row, b) for b in held.get(row.id, [])]
        if row.id not in sold and raw_rank(row) == 0:
            physical.sales.append(Taking(row.order, row, None))
    physical.sales.sort(key=lambda taking: (taking.order, taking.row.id))
    physical.holds.sort(key=lambda taking: (taking.order, taking.row.id))
    reserved = [row for row in rows if raw_rank(row) == 1]
    if reserved and not physical.sales and not physical.holds:
        first = min(reserved, key=lambda row: row.order)
        physical.holds.append(Taking(first.order, first, None))
    takings = physical.sales or physical.holds
    best = min(rows, key=lambda row: (raw_rank(row), row.order))
    physical.winner = takings[0].row if takings else best
    return physical
