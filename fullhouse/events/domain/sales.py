"""Confirm, release, expire and refund, on the pure house: twins of the SQL functions.

Each answers with the outcome of its function; a refusal changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from fullhouse.events.domain.house import House, Key, Line, Movement, Reservation
from fullhouse.events.domain.pricing import line_amount
from fullhouse.events.domain.states import LIVE, TRANSITIONS, Place

Outcome: TypeAlias = dict[str, Any]


def confirm(house: House, key: Key, *, now: float) -> Outcome:
    """Sell a hold whole; not after its deadline, nor when the performance is cancelled."""
    refusal = no_hold(house, key)
    if refusal:
        return refusal
    if house.reservations[key].overdue(now):
        return {"outcome": "expired"}
    if house.status == "cancelled":
        return {"outcome": "closed", "status": house.status}
    return sell(house, key)


def sell(house: House, key: Key) -> Outcome:
    """Turn the places of a hold that may be sold into sold ones."""
    reservation = house.reservations[key]
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


def release(house: House, key: Key, wanted: Mapping[int, int | None] | None = None) -> Outcome:
    """Give a hold back, overdue or not. `wanted`: index of the line -> places, as for refund."""
    refusal = no_hold(house, key)
    if refusal:
        return refusal
    reservation = house.reservations[key]
    chosen = choose(reservation, wanted, "not_reserved")
    if isinstance(chosen, dict):
        return chosen
    places = end_lines(house, key, chosen, "release")
    left = sum(line.quantity for line in reservation.lines if line.status == "reserved")
    if not left:
        reservation.status = "released"
    return {"outcome": "released", "places": places, "left": left}


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
    chosen = choose(reservation, wanted, "not_sold")
    if isinstance(chosen, dict):
        return chosen
    amount = worth(chosen)
    places = end_lines(house, key, chosen, "refund")
    if not any(line.status in LIVE for line in reservation.lines):
        reservation.status = "refunded"
    return {
        "outcome": "refunded",
        "places": places,
        "status": reservation.status,
        "amount": amount,
    }


def choose(
    reservation: Reservation, wanted: Mapping[int, int | None] | None, otherwise: str
) -> list[Line] | Outcome:
    """Return the live lines that are meant, parts split off as lines of their own; or a refusal.

    `wanted`: index of the line -> places (None all); None: all that are live. Whole tickets only.
    """
    lines = reservation.lines
    if wanted is None:
        return reservation.live_lines()
    for index, quantity in wanted.items():
        line = lines[index]
        if line.status != reservation.status:
            return {"outcome": otherwise, "status": line.status}
        if quantity is not None and quantity > line.quantity:
            return {"outcome": "too_many", "held": line.quantity, "wanted": quantity}
        if quantity not in (None, line.quantity) and quantity % line.places_per_ticket:
            return {"outcome": "part_of_ticket", "wanted": quantity}
    return [_part(lines, index, quantity) for index, quantity in wanted.items()]


def worth(lines: Sequence[Line]) -> Decimal:
    """Return what lines cost together."""
    amounts = (line_amount(one.unit_price, one.quantity, one.places_per_ticket) for one in lines)
    return sum(amounts, Decimal(0))


def _part(lines: list[Line], index: int, quantity: int | None) -> Line:
    """Return the line, or `quantity` of its places as a new line of the reservation."""
    line = lines[index]
    if quantity is None or quantity == line.quantity:
        return line
    part = replace(line, quantity=quantity)
    line.quantity -= quantity
    lines.append(part)
    return part


def no_hold(house: House, key: Key) -> Outcome | None:
    """Return why a reservation is no hold, or None."""
    reservation = house.reservations.get(key)
    if reservation is None:
        return {"outcome": "unknown", "what": "reservation", "id": key}
    if reservation.status != "reserved":
        return {"outcome": "not_reserved", "status": reservation.status}
    if reservation.kind in ("house", "kill", "channel"):
        return {"outcome": "kept_by_house"}
    return {"outcome": "waiting_offer"} if reservation.kind == "offer" else None


def end_lines(
    house: House, key: Key, lines: Sequence[Line], operation: str, story: str | None = None
) -> int:
    """End the live lines among these; return their places. Overbooked ones shrink the house.

    `story`: what the ledger calls it, where it is part of another operation.
    """
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
            Movement(
                line.allocation, line.seat, key, was, to_state, line.quantity, story or operation
            )
        )
        places += line.quantity
    return places
