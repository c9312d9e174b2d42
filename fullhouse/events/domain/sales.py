"""Confirm, release, expire and refund, on the pure house: twins of the SQL functions.

Each answers with the outcome of its function; a refusal changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from fullhouse.events.domain.house import House, Key, Line, Movement
from fullhouse.events.domain.states import LIVE, TRANSITIONS, Place

Outcome: TypeAlias = dict[str, Any]


def confirm(house: House, key: Key, *, now: float) -> Outcome:
    """Sell a hold whole; not after its deadline, nor when the performance is cancelled."""
    refusal = _no_hold(house, key)
    if refusal:
        return refusal
    reservation = house.reservations[key]
    if reservation.overdue(now):
        return {"outcome": "expired"}
    if house.status == "cancelled":
        return {"outcome": "closed", "status": house.status}
    reservation.status, reservation.expires_at = "sold", None
    places = 0
    for line in reservation.lines:
        if line.status != "reserved":
            continue
        line.status = "sold"
        allocation = house.allocations[line.allocation]
        allocation.reserved -= line.quantity
        allocation.sold += line.quantity
        if line.seat is not None:
            house.seats[line.seat].status = "sold"
        house.ledger.append(
            Movement(line.allocation, line.seat, key, "reserved", "sold", line.quantity, "confirm")
        )
        places += line.quantity
    return {"outcome": "confirmed", "places": places}


def release(house: House, key: Key) -> Outcome:
    """Give a hold back, overdue or not."""
    refusal = _no_hold(house, key)
    if refusal:
        return refusal
    house.reservations[key].status = "released"
    places = end_lines(house, key, house.reservations[key].lines, "release")
    return {"outcome": "released", "places": places}


def expire(house: House, *, now: float, limit: int) -> Outcome:
    """Sweep up to `limit` overdue holds, the oldest first."""
    due = [key for key, hold in house.reservations.items() if hold.overdue(now)]
    due.sort(key=lambda key: house.reservations[key].expires_at or 0)
    places = 0
    for key in due[:limit]:
        house.reservations[key].status = "expired"
        places += end_lines(house, key, house.reservations[key].lines, "expire")
    swept = min(len(due), limit)
    return {"outcome": "swept", "holds": swept, "places": places, "more": len(due) >= limit}


def refund(house: House, key: Key, wanted: Mapping[int, int | None] | None = None) -> Outcome:
    """Take sold places back. `wanted`: index of the line -> places (None all); None: all lines."""
    reservation = house.reservations.get(key)
    if reservation is None:
        return {"outcome": "unknown", "what": "reservation", "id": key}
    if reservation.status != "sold":
        return {"outcome": "not_sold", "status": reservation.status}
    if wanted is None:
        wanted = {i: None for i, line in enumerate(reservation.lines) if line.status == "sold"}
    for index, quantity in wanted.items():
        line = reservation.lines[index]
        if line.status != "sold":
            return {"outcome": "not_sold", "status": line.status}
        if quantity is not None and quantity > line.quantity:
            return {"outcome": "too_many", "sold": line.quantity, "wanted": quantity}
    chosen = [_part(reservation.lines, index, quantity) for index, quantity in wanted.items()]
    amount = sum((line.quantity * line.unit_price for line in chosen), Decimal(0))
    places = end_lines(house, key, chosen, "refund")
    if not any(line.status in LIVE for line in reservation.lines):
        reservation.status = "refunded"
    return {
        "outcome": "refunded",
        "places": places,
        "status": reservation.status,
        "amount": amount,
    }


def _part(lines: list[Line], index: int, quantity: int | None) -> Line:
    """Return the line, or `quantity` of its places as a new line of the reservation."""
    line = lines[index]
    if quantity is None or quantity == line.quantity:
        return line
    part = replace(line, quantity=quantity)
    line.quantity -= quantity
    lines.append(part)
    return part


def _no_hold(house: House, key: Key) -> Outcome | None:
    reservation = house.reservations.get(key)
    if reservation is None:
        return {"outcome": "unknown", "what": "reservation", "id": key}
    if reservation.status != "reserved":
        return {"outcome": "not_reserved", "status": reservation.status}
    return {"outcome": "kept_by_house"} if reservation.kind == "house" else None


def end_lines(house: House, key: Key, lines: Sequence[Line], operation: str) -> int:
    """End the live lines among these; return their places. Overbooked ones shrink the house."""
    before, after = TRANSITIONS[operation]
    was: Place = "sold" if before == "sold" else "reserved"
    places = 0
    for line in lines:
        if line.status != before:
            continue
        line.status = after
        allocation = house.allocations[line.allocation]
        if was == "sold":
            allocation.sold -= line.quantity
        else:
            allocation.reserved -= line.quantity
        if line.overbooked:
            house.sections[allocation.section].total -= line.quantity
        else:
            allocation.available += line.quantity
        if line.seat is not None:
            house.seats[line.seat].status = "available"
        elif not line.overbooked:
            allocation.unseated += line.quantity
        to_state: Place | None = None if line.overbooked else "available"
        house.ledger.append(
            Movement(line.allocation, line.seat, key, was, to_state, line.quantity, operation)
        )
        places += line.quantity
    return places
