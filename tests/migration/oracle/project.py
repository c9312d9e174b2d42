"""From legacy rows to what must stand in the new tables."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from .claims import Claim, read_claims
from .dirt import dirt_of
from .general import Where, place_for, read_general
from .house import Physical, Taking, read_house
from .money import Place, settle
from .rows import Legacy, Performance, Seat
from .state import (
    UNSEATED,
    Allocation,
    Expected,
    Line,
    PerformanceState,
    Reservation,
    SeatState,
    Section,
)

DEFAULT_BASE = Decimal("100.00")

#: Base price by performance and section key, where one was chosen elsewhere.
Bases = Mapping[tuple[UUID, str], Decimal]


def expected(legacy: Legacy, bases: Bases | None = None) -> Expected:
    """Return the new state of every performance, and of the venues.

    Several base prices are equally good; `bases` says which were chosen, so that prices that
    fall back to the base are exact. Without it the commonest price is taken.
    """
    seats: dict[UUID, list[Seat]] = {}
    for seat in legacy.seats.values():
        seats.setdefault(seat.performance_id, []).append(seat)
    made = {
        performance.id: _Projection(legacy, performance, seats.get(performance.id, []), bases or {})
        for performance in legacy.performances.values()
    }
    states = {key: projection.state for key, projection in made.items()}
    return Expected(states, _venues(legacy, states))


def _venues(legacy: Legacy, states: dict[UUID, PerformanceState]) -> dict[UUID, int]:
    totals = {venue.id: venue.total_capacity for venue in legacy.venues.values()}
    for performance in legacy.performances.values():
        venue = legacy.events[performance.event_id].venue_id
        totals[venue] = max(totals[venue], states[performance.id].max_capacity)
    return totals


class _Projection:
    """One performance."""

    def __init__(
        self, legacy: Legacy, performance: Performance, seats: list[Seat], bases: Bases
    ) -> None:
        event = legacy.events[performance.event_id]
        open_ = performance.is_active and event.is_active and performance.is_available
        self.state = PerformanceState(performance.id, "on_sale" if open_ else "closed")
        self.bases = bases
        self.types = {kind.id for kind in legacy.types_of(performance) if kind.is_active}
        self.claims = read_claims(legacy, performance, seats)
        self.house = read_house(seats, self.claims)
        self.general = None if seats else read_general(legacy, performance)
        self.currency = event.currency
        self.by_row = {row.id: seat for seat in self.house for row in seat.rows}
        self._sections()
        self._seats()
        self._nobody_s_lines()
        self._booked_lines()
        self._close()
        self.state.dirt = dirt_of(legacy, performance, seats, self.claims, self.house)

    def _type(self, seat: Physical) -> UUID | None:
        kind = seat.winner.ticket_type_id
        return kind if kind in self.types else None

    def _base(self, key: str) -> Decimal:
        chosen = self.bases.get((self.state.id, key))
        if chosen is not None:
            return chosen
        prices = self.prices.get(key)
        return min(prices, key=lambda price: (-prices[price], price)) if prices else DEFAULT_BASE

    def _price(self, row: Seat, key: str) -> Decimal:
        return row.price if row.price is not None and row.price >= 0 else self._base(key)

    def _sections(self) -> None:
        """Make sections and their allocations, as large as their seats or parts."""
        self.prices: dict[str, Counter[Decimal]] = {}
        currencies: dict[str, Counter[str]] = {}
        leaf_prices: dict[Where, Counter[Decimal | None]] = {}
        for seat in self.house:
            key, price = seat.key[0], seat.winner.price
            section = self.state.sections.setdefault(key, Section())
            section.spellings |= {row.section for row in seat.rows}
            currencies.setdefault(key, Counter())[seat.winner.currency] += 1
            usable = price if price is not None and price >= 0 else None
            leaf_prices.setdefault((key, self._type(seat)), Counter())[usable] += 1
            if usable is not None:
                self.prices.setdefault(key, Counter())[usable] += 1
        for key, section in self.state.sections.items():
            section.currency = _commonest(currencies[key])
            section.prices = set(self.prices.get(key, {})) or {DEFAULT_BASE}
        for (key, _), counted in leaf_prices.items():
            common = max((n for price, n in counted.items() if price is not None), default=0)
            self.state.sections[key].own_priced_at_most += counted.total() - common
        for (key, kind), places in (self.general or {}).items():
            self._section(key)
            self._allocation((key, kind)).allocated += places

    def _section(self, key: str) -> None:
        currency = (self.currency or "USD") if self.general is not None else None
        made = Section(currency=currency, prices={DEFAULT_BASE})
        self.state.sections.setdefault(key, made)

    def _allocation(self, where: Where) -> Allocation:
        self._section(where[0])
        return self.state.allocations.setdefault(where, Allocation())

    def _seats(self) -> None:
        self.seats_of_type: Counter[Where] = Counter()
        for seat in self.house:
            where = (seat.key[0], self._type(seat))
            row = seat.winner
            self._allocation(where).allocated += 1
            self.seats_of_type[where] += 1
            self.state.seats[row.id] = SeatState(
                section=seat.key[0],
                row=row.row,
                number=row.number,
                status=seat.status,
                price=self._price(row, seat.key[0]),
                ticket_type_id=where[1],
            )
            for other in seat.rows:
                if other is not row:
                    self.state.aliases[other.id] = row.id

    def _line(self, taking: Taking, status: str, price: Decimal) -> Line:
        """The line of a sale or hold: its first taking sits, the others are overbooked."""
        seat = self.by_row[taking.row.id]
        first = seat.sales[0] if seat.sales else seat.holds[0]
        where = (seat.key[0], self._type(seat))
        if taking is first:
            return Line(*where, seat.winner.id, 1, status, False, price)
        self._allocation(where).allocated += 1
        return Line(*where, None, 1, status, True, price)

    def _nobody_s_lines(self) -> None:
        """Sold, reserved and withheld rows that no booking explains."""
        sales: dict[str, Reservation] = {}
        for seat in self.house:
            key = seat.key[0]
            for taking in seat.sales + seat.holds:
                if taking.booking is not None:
                    continue
                price = self._price(taking.row, key)
                if taking in seat.sales:
                    sale = sales.setdefault(key, Reservation(None, "sale", "sold"))
                    sale.lines.append(self._line(taking, "sold", price))
                else:
                    lines = [self._line(taking, "reserved", price)]
                    self.state.reservations.append(Reservation(None, "legacy", "reserved", lines))
            if seat.kept_by_house:
                where = (key, self._type(seat))
                line = Line(*where, seat.winner.id, 1, "reserved", False, Decimal(0))
                self.state.reservations.append(Reservation(None, "house", "reserved", [line]))
        self.state.reservations += sales.values()

    def _booked_lines(self) -> None:
        free = dict(self.general or {})
        for claim in sorted(self.claims, key=lambda claim: claim.booking.is_hold):
            booking = claim.booking
            kind, status = ("sale", "sold") if booking.is_sale else ("legacy", "reserved")
            places = self._places(claim)
            exact = settle(places, booking.total_price)
            reservation = Reservation(booking.reference, kind, status, exact_prices=exact)
            for row, place in zip(claim.rows, places, strict=False):
                reservation.lines.append(self._line(self._taking(row, claim), status, place.price))
            rest = zip(claim.unseated, places[len(claim.rows) :], strict=True)
            for kind_of_place, place in rest:
                where = self._unseated(kind_of_place)
                # Numbered seats are the truth where there are any: no free place is left beside.
                over = free.get(where, 0) == 0
                free[where] = max(free.get(where, 0) - 1, 0)
                if over:
                    self._allocation(where).allocated += 1
                reservation.lines.append(Line(*where, None, 1, status, over, place.price))
            self.state.reservations.append(reservation)

    def _places(self, claim: Claim) -> list[Place]:
        """What each place would cost: its own price, else the booking's, else the section's."""
        each = claim.booking.unit_price
        places = []
        for row in claim.rows:
            usual = each if each >= 0 else self._base(self.by_row[row.id].key[0])
            places.append(Place(claim.prices.get(row.id, usual), row.id in claim.prices))
        for kind in claim.unseated:
            usual = each if each >= 0 else self._base(self._unseated(kind)[0])
            places.append(Place(usual, False))
        return places

    def _taking(self, row: Seat, claim: Claim) -> Taking:
        seat = self.by_row[row.id]
        takings = seat.sales if claim.booking.is_sale else seat.holds
        return next(t for t in takings if t.row is row and t.booking is claim.booking)

    def _unseated(self, kind: UUID | None) -> Where:
        if self.general is not None:
            return place_for(self.general, kind)
        own = [where for where in self.seats_of_type if kind and where[1] == kind]
        largest = sorted(own, key=lambda where: (-self.seats_of_type[where], where[0]))
        return (largest or [(UNSEATED, None)])[0]

    def _close(self) -> None:
        """Count lines into allocations, and allocations into sections."""
        for line in self.state.lines:
            allocation = self._allocation((line.section, line.ticket_type_id))
            if line.status == "sold":
                allocation.sold += line.quantity
            else:
                allocation.reserved += line.quantity
        for (key, _), allocation in self.state.allocations.items():
            allocation.available = allocation.allocated - allocation.reserved - allocation.sold
            allocation.unseated_available = allocation.available if self.general is not None else 0
            allocation.check()
            self.state.sections[key].total += allocation.allocated


def _commonest(counted: Counter[str]) -> str | None:
    ranked = counted.most_common(2)
    tied = len(ranked) == 2 and ranked[0][1] == ranked[1][1]
    return None if tied else ranked[0][0]
