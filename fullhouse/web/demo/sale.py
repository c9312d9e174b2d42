"""A few buyers in the migrated house: a sale, a refusal that moves nothing, a change of mind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.messages import explain
from fullhouse.events.models import (
    EventPerformance,
    LineStatus,
    Reservation,
    SectionTicketType,
)
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.web.demo.failed import DemoFailed, require

CHANNEL = "demo"
ACTOR = "demo"
PARTY = 2
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Counters:
    """An allocation's places at one moment."""

    available: int
    reserved: int
    sold: int


def sell_a_few(performance_ids: list[UUID], say: Say) -> UUID | None:
    """Sell, refuse, release, and check the counters after each; None where nothing is free.

    A sale that an earlier evening made is kept and said, and none is added. Raises DemoFailed.
    """
    allocation = _roomiest(performance_ids)
    if allocation is None:
        say("No place is free in any performance that is on sale: nothing to sell.")
        return None
    say(f"{allocation.performance}, {allocation.section}, {allocation}")
    earlier = Reservation.objects.filter(
        performance__in=performance_ids, channel=CHANNEL, status=LineStatus.SOLD
    ).first()
    if earlier is None:
        _sale(allocation, say)
    else:
        say(f"Sold on an earlier evening: {earlier.reference}, kept as it is")
    _refusals(allocation, say)
    _change_of_mind(allocation, say)
    return allocation.performance_id


def _roomiest(performance_ids: list[UUID]) -> SectionTicketType | None:
    """Return where a party fits, without numbers or on seats; without numbers first."""
    seated = Q(available_capacity__gte=F("unseated_available") + PARTY)
    return (
        SectionTicketType.objects.filter(
            Q(unseated_available__gte=PARTY) | seated,
            performance__in=performance_ids,
            performance__status=EventPerformance.Status.ON_SALE,
        )
        .select_related("section", "ticket_type", "performance__event")
        .order_by("-unseated_available", "-available_capacity", "id")
        .first()
    )


def _sale(allocation: SectionTicketType, say: Say) -> None:
    before = _counters(allocation)
    asked = _wanted(allocation, PARTY)
    hold = reserve(
        performance_id=allocation.performance_id, requests=asked, channel=CHANNEL, actor=ACTOR
    )
    held = _counters(allocation)
    _moved(before, held, available=-PARTY, reserved=PARTY, sold=0)
    say(f"Held {PARTY} places until {hold.expires_at:%H:%M:%S} UTC: {hold.reference}")
    confirm(
        performance_id=allocation.performance_id,
        reservation_id=hold.reservation_id,
        actor=ACTOR,
    )
    _moved(before, _counters(allocation), available=-PARTY, reserved=0, sold=PARTY)
    say(f"Confirmed: sold {PARTY} places for {hold.total:,} {hold.currency}")


def _refusals(allocation: SectionTicketType, say: Say) -> None:
    before = _counters(allocation)
    for said, asked in _impossible(allocation):
        try:
            reserve(
                performance_id=allocation.performance_id,
                requests=[asked],
                channel=CHANNEL,
                actor=ACTOR,
            )
        except Refusal as refusal:
            _moved(before, _counters(allocation), available=0, reserved=0, sold=0)
            say(f"{said}, refused: {explain(refusal.code, refusal.facts)}")
        else:
            raise DemoFailed(f"{said}: it was granted")


def _impossible(allocation: SectionTicketType) -> Iterator[tuple[str, Places | SeatRequest]]:
    """Yield what no house can give: more places than there are, a seat that is sold."""
    left = allocation.unseated_available
    if left:
        yield (
            "One place more than there are",
            Places(quantity=left + 1, allocation_id=allocation.pk),
        )
    sold = allocation.seats.filter(performance=allocation.performance_id, status="sold")
    if seat := sold.order_by("row_rank", "seat_rank", "id").first():
        yield f"Seat {seat}, which is sold", SeatRequest(seat.pk)


def _change_of_mind(allocation: SectionTicketType, say: Say) -> None:
    before = _counters(allocation)
    if not before.available:
        return
    hold = reserve(
        performance_id=allocation.performance_id,
        requests=_wanted(allocation, 1),
        channel=CHANNEL,
        actor=ACTOR,
    )
    release(
        performance_id=allocation.performance_id,
        reservation_id=hold.reservation_id,
        actor=ACTOR,
        reason="changed their mind",
    )
    _moved(before, _counters(allocation), available=0, reserved=0, sold=0)
    say("Held one place and released it: every counter is as it was")


def _wanted(allocation: SectionTicketType, places: int) -> list[Places | SeatRequest]:
    if allocation.unseated_available >= places:
        return [Places(quantity=places, allocation_id=allocation.pk)]
    free = allocation.seats.filter(
        performance=allocation.performance_id, status="available"
    ).order_by("row_rank", "seat_rank", "id")
    return [SeatRequest(seat) for seat in free.values_list("pk", flat=True)[:places]]


def _counters(allocation: SectionTicketType) -> Counters:
    allocation.refresh_from_db(
        fields=[
            "available_capacity",
            "unseated_available",
            "reserved_capacity",
            "sold_capacity",
        ]
    )
    return Counters(
        allocation.available_capacity, allocation.reserved_capacity, allocation.sold_capacity
    )


def _moved(before: Counters, after: Counters, *, available: int, reserved: int, sold: int) -> None:
    expected = Counters(
        before.available + available, before.reserved + reserved, before.sold + sold
    )
    require(after == expected, f"expected {expected}, found {after}: did somebody else sell?")
