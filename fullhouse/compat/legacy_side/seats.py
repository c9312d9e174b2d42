"""Seats in the legacy tables. Two rows of one physical seat count as one: the stronger rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fullhouse.compat.legacy_side.capacity import LegacyCapacity
from fullhouse.compat.values import Allocation, Hold, SeatView, TicketType
from fullhouse.compat.words import say
from fullhouse.events.domain.errors import Conflict, Refusal
from fullhouse.events.domain.names import name_key, seat_key

_SEATS: Final = """
    SELECT s.id, s.performance_id, s.section, s.row_number, s.seat_number, s.status,
           coalesce(s.is_active, true), s.price, s.currency, t.id, t.name
    FROM {seat} AS s LEFT JOIN {tickettype} AS t ON t.id = s.ticket_type_id
    WHERE s.performance_id = %s ORDER BY s.id
"""
_ONE_SEAT: Final = _SEATS.replace("s.performance_id = %s ORDER BY s.id", "s.id = %s")
_LOCK: Final = """
    SELECT id FROM {seat} WHERE performance_id = %s AND id = ANY (%s) AND status = 'available'
        AND coalesce(is_active, true) ORDER BY id FOR NO KEY UPDATE
"""
_RESERVE: Final = """
    UPDATE {seat} SET status = 'reserved', updated_at = clock_timestamp()
        WHERE performance_id = %s AND id = ANY (%s)
"""
# Of two rows of one seat the one with the lower number rules. Anything else is house-held.
_STANDING: Final = {"sold": 1, "reserved": 2, "available": 4}
_HELD: Final = 3
ATTEMPTS: Final = 20


@dataclass(frozen=True, slots=True)
class LegacySeat:
    """One physical seat: the row that rules, read."""

    view: SeatView
    section_key: str
    standing: int


class LegacySeats(LegacyCapacity):
    """Reading and reserving seats. Locks: the performance's row, then seats by id."""

    def seat(self, seat: UUID) -> SeatView:
        """Return one row as it says itself. Raises Refusal: unknown."""
        found = self.rows(_ONE_SEAT, seat)
        if not found:
            raise Refusal("unknown", {"what": "seat", "id": str(seat)})
        return _read(found[0]).view

    def section_name(self, performance: UUID, spelling: str) -> str:
        """Return the commonest spelling of a section. Raises Refusal: unknown."""
        self.row(performance)
        names = [
            each.view.section
            for each in self.physical_seats(performance)
            if each.section_key == name_key(spelling)
        ]
        if not names:
            raise Refusal("unknown", {"what": "section", "id": spelling})
        return max(sorted(set(names)), key=names.count)

    def free_seats(
        self, performance: UUID, ticket_type: UUID | None, section: str | None
    ) -> list[SeatView]:
        """Return the free seats in house order. Raises Refusal: unknown."""
        self.row(performance)
        if section is not None:
            self.section_name(performance, section)
        return [
            each.view
            for each in self.physical_seats(performance)
            if each.view.is_available
            and (section is None or each.section_key == name_key(section))
            and (ticket_type is None or _sold_as(each.view, ticket_type))
        ]

    def reserve(
        self,
        performance: UUID,
        ticket_type: UUID | None,
        section: str,
        count: int,
        ttl_seconds: int,
    ) -> Allocation:
        """Reserve seats of a section and count them as used; the legacy tables keep no deadline.

        Raises Refusal: unknown, not_on_offer, not_seated, closed, sold_out; Conflict.
        """
        kind = self._kind(performance, ticket_type)
        self.book(performance, count)  # locks the row: reserves of one performance queue here
        for _ in range(ATTEMPTS):
            seats = [
                each
                for each in self.physical_seats(performance)
                if each.section_key == name_key(section)
            ]
            if not seats:
                raise Refusal("not_seated", {"section": section})
            free = [
                each.view.id
                for each in seats
                if each.view.is_available and _sold_as(each.view, ticket_type)
            ]
            if len(free) < count:
                raise Refusal("sold_out", {"wanted": count, "left": len(free)})
            if len(self.rows(_LOCK, performance, free[:count])) == count:
                self.rows(_RESERVE, performance, free[:count])
                return self._held(performance, kind, section, tuple(free[:count]))
        raise Conflict(say("others_faster", times=ATTEMPTS))

    def physical_seats(self, performance: UUID) -> list[LegacySeat]:
        """Return the seats of a performance in house order, each once."""
        ruling: dict[tuple[str, str, str], LegacySeat] = {}
        for row in self.rows(_SEATS, performance):
            each = _read(row)
            row_number, number = name_key(each.view.row_number), seat_key(each.view.seat_number)
            place = (each.section_key, row_number, number)
            if place not in ruling or each.standing < ruling[place].standing:
                ruling[place] = each
        return [ruling[place] for place in sorted(ruling, key=_in_house)]

    def _kind(self, performance: UUID, ticket_type: UUID | None) -> TicketType | None:
        row = self.row(performance)
        if ticket_type is None:
            return None
        kind = self.ticket_types(row.event_id).get(str(ticket_type))
        if kind is None:
            raise Refusal("not_on_offer", {"ticket_type": str(ticket_type)})
        return kind

    def _held(
        self,
        performance: UUID,
        kind: TicketType | None,
        section: str,
        seat_ids: tuple[UUID, ...],
    ) -> Allocation:
        chosen = [
            each
            for each in self.physical_seats(performance)
            if each.section_key == name_key(section)
            and _sold_as(each.view, kind.id if kind else None)
        ]
        prices = [each.view.price for each in chosen if each.view.id in seat_ids]
        return allocation(
            self.section_name(performance, section),
            kind,
            chosen,
            Hold(
                quantity=len(seat_ids),
                seat_ids=seat_ids,
                total=sum((price for price in prices if price is not None), Decimal(0)),
                currency=chosen[0].view.currency,
            ),
        )


def allocation(
    section: str,
    kind: TicketType | None,
    seats: Iterable[LegacySeat],
    hold: Hold | None = None,
    key: UUID | None = None,
) -> Allocation:
    """Return the places of a section and a type, counted from their seats."""
    standings = [each.standing for each in seats]
    prices = {each.view.price for each in seats}
    free, sold = standings.count(_STANDING["available"]), standings.count(_STANDING["sold"])
    return Allocation(
        id=key,
        section=section,
        ticket_type=kind,
        allocated_capacity=len(standings),
        available_capacity=free,
        reserved_capacity=len(standings) - free - sold,
        sold_capacity=sold,
        final_price=prices.pop() if len(prices) == 1 else None,
        hold=hold,
    )


def _sold_as(view: SeatView, ticket_type: UUID | None) -> bool:
    """A seat of a type is sold as that type only, a seat of none as any."""
    return view.ticket_type is None or view.ticket_type.id == ticket_type


def _read(row: tuple[Any, ...]) -> LegacySeat:
    key, performance, section, row_number, number, status, active, price, currency, *kind = row
    standing = _STANDING.get(status, _HELD)
    if not active and standing != _STANDING["sold"]:
        standing = _HELD
    free = standing == _STANDING["available"]
    view = SeatView(
        id=key,
        performance_id=performance,
        section=section or "",
        row_number=row_number or "",
        seat_number=number or "",
        status="blocked" if standing == _HELD else status,
        is_available=free,
        ticket_type=TicketType(kind[0], kind[1] or "") if kind[0] else None,
        price=price,
        currency=currency or "",
    )
    return LegacySeat(view, name_key(view.section), standing)


def _in_house(place: tuple[str, str, str]) -> tuple[str, int, str, int, str]:
    """Numbers in the order of numbers: 2 before 10."""
    section, row, number = place
    return section, len(row) if row.isdecimal() else 0, row, len(number), number
