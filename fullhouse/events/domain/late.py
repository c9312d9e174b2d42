"""More time for a hold, and its sale after the deadline, on the pure house.

Twins of extend_v1.sql and of the late confirm in confirm_v1.sql; a refusal changes nothing.
"""

from collections import Counter
from typing import Any, TypeAlias

from fullhouse.events.domain import sales
from fullhouse.events.domain.holds import Ask, in_the_way
from fullhouse.events.domain.house import House, Key, Line, Movement, Note
from fullhouse.events.domain.sales import end_lines, no_hold

Outcome: TypeAlias = dict[str, Any]


def extend(house: House, key: Key, ttl_seconds: float, *, now: float) -> Outcome:
    """Move the deadline of a live hold to `ttl_seconds` from now, at most to its ceiling."""
    refusal = no_hold(house, key)
    if refusal and refusal["outcome"] != "waiting_offer":
        return refusal
    hold = house.reservations[key]
    if hold.expires_at is None:
        return {"outcome": "no_deadline"}
    if hold.overdue(now):
        return {"outcome": "expired"}
    if house.status == "cancelled":
        return {"outcome": "closed", "status": house.status}
    ceiling, wanted = hold.created_at + house.hold_ceiling_seconds, now + ttl_seconds
    if wanted <= hold.expires_at:
        return {"outcome": "not_longer"}
    if ceiling <= hold.expires_at:
        return {"outcome": "at_ceiling"}
    hold.expires_at = min(wanted, ceiling)
    house.notes.append(Note(key, "extend"))
    return {"outcome": "extended", "capped": wanted > ceiling}


def confirm_late(house: House, key: Key, *, now: float) -> Outcome:
    """Sell a hold whether or not its deadline has passed, if it can have all its places."""
    refusal = no_hold(house, key)
    reservation = house.reservations.get(key)
    swept = (
        reservation is not None
        and reservation.status == "expired"
        and reservation.kind in ("sale", "comp", "legacy")
    )
    if refusal and not swept:
        return refusal
    if house.status == "cancelled":
        return {"outcome": "closed", "status": house.status}
    if swept:
        refusal = _retake(house, key, now)
        if refusal:
            return refusal
    return sales.sell(house, key)


def _retake(house: House, key: Key, now: float) -> Outcome | None:
    lines = [line for line in house.reservations[key].lines if line.status == "expired"]
    wanted: Counter[Key] = Counter()
    for line in lines:
        if line.seat is None:
            wanted[line.allocation] += line.quantity
    asks = [Ask(seat=line.seat) for line in lines if line.seat is not None]
    asks += [Ask(quantity, allocation=allocation) for allocation, quantity in wanted.items()]
    overdue = in_the_way(house, asks, now)
    gone = _gone(house, lines, wanted, overdue)
    if gone:
        return gone
    for hold in overdue:
        house.reservations[hold].status = "expired"
        end_lines(house, hold, house.reservations[hold].lines, "expire")
    house.reservations[key].status = "reserved"
    for line in lines:
        _take_again(house, key, line)
    return None


def _gone(
    house: House, lines: list[Line], wanted: Counter[Key], overdue: list[Key]
) -> Outcome | None:
    back = [
        line for hold in overdue for line in house.reservations[hold].lines
        if line.status == "reserved"
    ]  # fmt: skip
    returning = {line.seat for line in back if line.seat is not None}
    seats = [
        line.seat
        for line in lines
        if line.seat is not None
        and (
            house.seats[line.seat].allocation != line.allocation
            or (house.seats[line.seat].status != "available" and line.seat not in returning)
        )
    ]
    short = []
    for allocation, quantity in wanted.items():
        free = house.allocations[allocation].unseated + sum(
            line.quantity
            for line in back
            if line.seat is None and not line.overbooked and line.allocation == allocation
        )
        if any(line.overbooked and line.allocation == allocation for line in lines):
            free = 0
        if free < quantity:
            short.append({"allocation_id": allocation, "wanted": quantity, "left": free})
    if not seats and not short:
        return None
    return {
        "outcome": "gone",
        "seat_ids": sorted(seats, key=str),
        "short": sorted(short, key=lambda one: str(one["allocation_id"])),
    }


def _take_again(house: House, key: Key, line: Line) -> None:
    line.status = "reserved"
    allocation = house.allocations[line.allocation]
    allocation.available -= line.quantity
    allocation.reserved += line.quantity
    if line.seat is None:
        allocation.unseated -= line.quantity
    else:
        house.seats[line.seat].status = "reserved"
    house.ledger.append(
        Movement(line.allocation, line.seat, key, "available", "reserved", line.quantity, "retake")
    )
