"""Which seats and how many places each counted booking has."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from .documents import Entry, Named, SeatKey, read_breakdown, read_selected, seat_key
from .rows import Booking, Legacy, Performance, Seat, TicketType

_RAW_RANK = {"sold": 0, "reserved": 1, "available": 3}


def raw_rank(seat: Seat) -> int:
    """sold > reserved > blocked, unknown or soft-deleted > available, by the row alone."""
    rank = _RAW_RANK.get(seat.status or "", 2)
    return rank if seat.is_active or rank == 0 else 2


@dataclass(slots=True)
class Claim:
    """A counted booking: rows it names here, ids it names in vain, places without a seat."""

    booking: Booking
    rows: list[Seat] = field(default_factory=list)
    prices: dict[UUID, Decimal] = field(default_factory=dict)
    dangling: set[UUID] = field(default_factory=set)
    foreign: set[UUID] = field(default_factory=set)
    unreadable: int = 0
    unseated: list[UUID | None] = field(default_factory=list)
    quantity: int = 0

    @property
    def names(self) -> int:
        """How many places it names by seat."""
        return len(self.rows) + len(self.dangling) + len(self.foreign)


def read_claims(legacy: Legacy, performance: Performance, seats: list[Seat]) -> list[Claim]:
    """The counted bookings of a performance, first ones first."""
    kinds = legacy.types_of(performance)
    by_key: dict[SeatKey, list[Seat]] = {}
    for seat in sorted(seats, key=lambda seat: (raw_rank(seat), seat.order)):
        by_key.setdefault(seat_key(seat.section, seat.row, seat.number), []).append(seat)
    counted = [
        booking
        for booking in legacy.bookings.values()
        if booking.performance_id == performance.id and (booking.is_sale or booking.is_hold)
    ]
    return [
        _claim(legacy, booking, kinds, by_key)
        for booking in sorted(counted, key=lambda booking: booking.order)
    ]


def _claim(
    legacy: Legacy, booking: Booking, kinds: list[TicketType], by_key: dict[SeatKey, list[Seat]]
) -> Claim:
    claim = Claim(booking)
    for named in read_selected(booking.selected_seats):
        _name(legacy, claim, named, by_key)
    entries = read_breakdown(booking.breakdown, kinds)
    claim.quantity = sum(entry.quantity for entry in entries) if entries else booking.participants
    left = _left(entries, claim.rows, {kind.id for kind in kinds if kind.is_active})
    unseated = max(claim.quantity, claim.names) - len(claim.rows)
    claim.unseated = [*left, *[None] * unseated][:unseated]
    return claim


def _left(entries: list[Entry], rows: list[Seat], active: set[UUID]) -> list[UUID | None]:
    """The types of the breakdown's places, in its order, that no named seat of the type uses."""
    types = [entry.ticket_type_id for entry in entries for _ in range(entry.quantity)]
    for row in rows:
        kind = row.ticket_type_id if row.ticket_type_id in active else None
        if kind in types:
            types.reverse()
            types.remove(kind)
            types.reverse()
    return types


def _name(legacy: Legacy, claim: Claim, named: Named, by_key: dict[SeatKey, list[Seat]]) -> None:
    if named.id is None:
        row = _labelled(named, by_key)
        if row is None:
            claim.unreadable += 1
            return
    else:
        row = legacy.seats.get(named.id)
        if row is None:
            claim.dangling.add(named.id)
            return
        if row.performance_id != claim.booking.performance_id:
            claim.foreign.add(named.id)
            return
    if row not in claim.rows:
        claim.rows.append(row)
        if named.price is not None:
            claim.prices[row.id] = named.price


def _labelled(named: Named, by_key: dict[SeatKey, list[Seat]]) -> Seat | None:
    for labels in named.splits:
        rows = by_key.get(seat_key(*labels), [])
        if rows:
            # A sold row is what the label explains; without one, the row that is spelled so.
            return min(rows, key=lambda row: (raw_rank(row) > 0, _labels(row) != labels))
    return None


def _labels(row: Seat) -> tuple[str, str, str]:
    return row.section, row.row, row.number
