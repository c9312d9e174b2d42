"""Sections and seats by their old names and keys, and reserve_seats."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fullhouse.compat.arguments import InvalidArgument
from fullhouse.compat.fullhouse_side.house import (
    ACTOR,
    ATTEMPTS,
    HELD_HERE,
    Facts,
    House,
    allocation_of,
)
from fullhouse.compat.values import Allocation, Hold, SeatView, TicketType
from fullhouse.compat.words import say
from fullhouse.events.domain.errors import Conflict, Refusal
from fullhouse.events.domain.references import new_reference, new_token, token_hash
from fullhouse.events.engine.calls import as_json

# A call of the engine takes 1000 requests: this many seats, and the places without numbers.
_SEATS_MOST: Final = 999
# A recorded spelling first: it may lead to a section whose name is another.
_SECTION: Final = """
    SELECT s.id, s.name FROM {fh}.events_eventsection AS s
    LEFT JOIN {fh}.events_sectionalias AS a
        ON a.performance_id = s.performance_id AND a.section_id = s.id
        AND {fh}.name_key(a.spelling) = {fh}.name_key(%s)
    WHERE s.performance_id = %s AND (a.id IS NOT NULL OR s.name_key = {fh}.name_key(%s))
    ORDER BY a.spelling IS NOT DISTINCT FROM %s DESC, s.name_key = {fh}.name_key(%s) DESC, s.id
    LIMIT 1
"""
SEAT_COLUMNS: Final = """
    SELECT s.id, s.performance_id, c.name, s.row_number, s.seat_number,
           CASE WHEN r.status = 'reserved' AND r.expires_at <= clock_timestamp() THEN 'available'
                WHEN r.kind = 'house' THEN 'blocked' ELSE s.status END, t.id, t.name,
           coalesce(s.price, {fh}.final_price(c.base_price, a.price_modifier, c.currency)),
           c.currency
    FROM {fh}.events_seat AS s
    JOIN {fh}.events_eventsection AS c
        ON c.performance_id = s.performance_id AND c.id = s.section_id
    JOIN {fh}.events_sectiontickettype AS a
        ON a.performance_id = s.performance_id AND a.id = s.allocation_id
    LEFT JOIN {fh}.events_tickettype AS t ON t.id = a.ticket_type_id
    LEFT JOIN {fh}.events_reservationline AS l
        ON l.performance_id = s.performance_id AND l.seat_id = s.id
        AND l.status IN ('reserved', 'sold')
    LEFT JOIN {fh}.events_reservation AS r
        ON r.performance_id = s.performance_id AND r.id = l.reservation_id
"""
_OF_SEAT: Final = """
    WHERE s.id = coalesce((SELECT m.seat_id FROM {fh}.capacity_migration_seatalias AS m
        WHERE m.legacy_seat_id = %s LIMIT 1), %s)
"""


class Seats(House):
    """Locks of `reserve`: the performance, then those of reserve_v1. The others lock nothing."""

    def section_name(self, performance: UUID, spelling: str) -> str:
        """Return the name of the section that a spelling leads to. Raises Refusal: unknown."""
        return self._section(performance, spelling)[1]

    def seat(self, seat: UUID) -> SeatView:
        """Return a seat; a merged row's key leads to the seat that it was. Refusal: unknown."""
        found = self.rows(SEAT_COLUMNS + _OF_SEAT, seat, seat)
        if not found:
            raise Refusal("unknown", {"what": "seat", "id": str(seat)})
        return seat_of(found[0])

    def free_seats(
        self, performance: UUID, ticket_type: UUID | None, section: str | None
    ) -> list[SeatView]:
        """Return the free seats in house order. Raises Refusal: unknown."""
        wanted = None if section is None else str(self._section(performance, section)[0])
        seats = []
        for each in self.availability(performance)["sections"]:
            if wanted in (None, each["section_id"]):
                seats += self._free(performance, each, ticket_type)
        return seats

    def reserve(
        self,
        performance: UUID,
        ticket_type: UUID | None,
        section: str,
        count: int,
        ttl_seconds: int,
    ) -> Allocation:
        """Hold places of a section; raises the refusals of reserve_v1, and Conflict.

        Without numbers where that is enough, else free seats in house order, else both.
        """
        self.queue(performance)
        key, _ = self._section(performance, section)
        for _ in range(ATTEMPTS):
            requests, part = self._plan(performance, key, ticket_type, count)
            token = new_token()
            try:
                held = self._hold(performance, requests, ttl_seconds, token)
            except Refusal as refusal:
                if refusal.code not in ("sold_out", "seat_taken"):
                    raise
                continue
            return self._granted(performance, key, part, held, token, count)
        raise Conflict(say("others_faster", times=ATTEMPTS))

    def _section(self, performance: UUID, spelling: str) -> tuple[UUID, str]:
        self.offer(performance)
        found = self.rows(_SECTION, spelling, performance, spelling, spelling, spelling)
        if not found:
            raise Refusal("unknown", {"what": "section", "id": spelling})
        return found[0][0], found[0][1]

    def _free(self, performance: UUID, section: Facts, ticket_type: UUID | None) -> list[SeatView]:
        names = {part["ticket_type_id"]: part["name"] for part in section["allocations"]}
        found = self.ask("found", "free_seats_v1", performance, section=UUID(section["section_id"]))
        return [
            SeatView(
                id=UUID(seat["seat_id"]),
                performance_id=performance,
                section=section["name"],
                row_number=seat["row_number"],
                seat_number=seat["seat_number"],
                status="available",
                is_available=True,
                ticket_type=_kind(seat["ticket_type_id"], names),
                price=Decimal(seat["price"]),
                currency=section["currency"],
            )
            for seat in found["seats"]
            if ticket_type is None or seat["ticket_type_id"] in (None, str(ticket_type))
        ]

    def _plan(
        self, performance: UUID, section: UUID, ticket_type: UUID | None, count: int
    ) -> tuple[list[Facts], str]:
        """Return the requests, and the allocation that the caller is told of."""
        facts = _of_section(self.availability(performance), section)
        kind = str(ticket_type) if ticket_type else None
        parts = [p for p in facts["allocations"] if p["ticket_type_id"] in (None, kind)]
        if not parts:
            raise Refusal("not_on_offer", {"ticket_type": kind, "section_id": str(section)})
        left = sum(part["unseated_available"] for part in parts)
        seats: list[SeatView] = []
        if left < count:
            seats = [s for s in self._free(performance, facts, ticket_type) if _sold_as(s, kind)]
            if left + len(seats) < count:
                raise Refusal("sold_out", {"wanted": count, "left": left + len(seats)})
            seats = seats[:count]
        if len(seats) > _SEATS_MOST:
            sentence = say("too_many_seats", most=_SEATS_MOST, wanted=len(seats))
            raise InvalidArgument("count", sentence)
        sold_as = {"ticket_type_id": kind} if kind else {}
        requests: list[Facts] = [{"seat_id": str(seat.id)} | sold_as for seat in seats]
        own = next((p for p in parts if p["ticket_type_id"] == kind), parts[0])
        if loose := count - len(seats):
            place = (
                {"section_id": str(section)} if kind else {"allocation_id": own["allocation_id"]}
            )
            requests.append(place | sold_as | {"quantity": loose})
        return requests, own["allocation_id"]

    def _hold(
        self, performance: UUID, requests: list[Facts], ttl_seconds: int, token: str
    ) -> Facts:
        with self.savepoint():
            return self.ask(
                "granted",
                "reserve_v1",
                performance,
                requests=as_json(requests),
                ttl_seconds=ttl_seconds,
                kind="sale",
                reference=new_reference(),
                token_hash=token_hash(token),
                customer="",
                channel=HELD_HERE,
                actor=ACTOR,
                reason="reserve_seats",
            )

    def _granted(
        self,
        performance: UUID,
        section: UUID,
        part: str,
        held: Facts,
        token: str,
        count: int,
    ) -> Allocation:
        hold = Hold(
            quantity=count,
            seat_ids=tuple(UUID(line["seat_id"]) for line in held["lines"] if line["seat_id"]),
            reservation_id=UUID(held["reservation_id"]),
            reference=held["reference"],
            token=token,
            expires_at=datetime.fromisoformat(held["expires_at"]),
            total=Decimal(held["total"]),
            currency=held["currency"],
        )
        facts = _of_section(self.availability(performance), section)
        told = next(each for each in facts["allocations"] if each["allocation_id"] == part)
        return allocation_of(facts, told, hold)


def seat_of(found: tuple[Any, ...]) -> SeatView:
    """Return a row of SEAT_COLUMNS."""
    key, performance, section, row, number, status, kind, name, price, currency = found
    return SeatView(
        id=key,
        performance_id=performance,
        section=section,
        row_number=row,
        seat_number=number,
        status=status,
        is_available=status == "available",
        ticket_type=TicketType(kind, name) if kind else None,
        price=price,
        currency=currency,
    )


def _of_section(availability: Facts, section: UUID) -> Facts:
    for each in availability["sections"]:
        if each["section_id"] == str(section):
            return dict(each)
    raise Refusal("unknown", {"what": "section", "id": str(section)})


def _kind(key: str | None, names: dict[Any, str]) -> TicketType | None:
    return TicketType(UUID(key), names[key]) if key else None


def _sold_as(seat: SeatView, kind: str | None) -> bool:
    """A seat of a type is sold as that type only, a seat of the pool as any."""
    return seat.ticket_type is None or str(seat.ticket_type.id) == kind
