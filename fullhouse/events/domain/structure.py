"""House, give back, resize and reallocate, on the pure house: twins of the SQL functions.

Each answers with the outcome of its function. Holds past their deadline that are in the way are
expired, but only when the whole operation is possible then: a refusal changes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import fields
from decimal import Decimal
from typing import Any, TypeAlias

from fullhouse.events.domain.holds import Ask, in_the_way
from fullhouse.events.domain.house import Allocation, House, Key, Line, Movement, Reservation
from fullhouse.events.domain.pricing import final_price
from fullhouse.events.domain.sales import end_lines

Outcome: TypeAlias = dict[str, Any]


def keep(
    house: House,
    key: Key,
    quantities: Mapping[Key, int],
    seats: Collection[Key],
    *,
    now: float,
    kind: str = "house",
    release_at: float | None = None,
) -> Outcome:
    """Set places aside under `key` until `release_at`: house_v1."""

    def act(trial: House) -> Outcome:
        refusal = _seats_refusal(trial, seats)
        if refusal:
            return refusal
        for allocation in sorted(quantities, key=str):
            left = trial.allocations[allocation].unseated
            if quantities[allocation] > left:
                return {"outcome": "sold_out", "wanted": quantities[allocation], "left": left}
        lines = [_line(trial, one, None, places) for one, places in quantities.items()]
        lines += [_line(trial, trial.seats[seat].allocation, seat, 1) for seat in seats]
        for line in lines:
            _reserve(trial, key, line, kind)
        trial.reservations[key] = Reservation(kind, release_at, lines)
        return {"outcome": "set_aside", "quantity": sum(line.quantity for line in lines)}

    return _attempt(house, quantities, seats, now, act, "set_aside")


def give_back(house: House, key: Key, wanted: Sequence[int] | None = None) -> Outcome:
    """Give lines (by their index; None all) of a house reservation back: give_back_v1."""
    reservation = house.reservations.get(key)
    if reservation is None:
        return {"outcome": "unknown", "what": "reservation", "id": key}
    if reservation.kind not in ("house", "kill", "channel"):
        return {"outcome": "not_house", "kind": reservation.kind}
    if reservation.status != "reserved":
        return {"outcome": "not_reserved", "status": reservation.status}
    lines = reservation.lines if wanted is None else [reservation.lines[i] for i in wanted]
    if wanted is not None and any(line.status != "reserved" for line in lines):
        return {"outcome": "unknown", "what": "line"}
    quantity = end_lines(house, key, lines, "give_back")
    left = sum(line.quantity for line in reservation.lines if line.status == "reserved")
    if not left:
        reservation.status = "released"
    return {"outcome": "given_back", "quantity": quantity, "left": left}


def resize(
    house: House,
    *,
    section: Key,
    allocation: Key | None,
    whole_section: bool,
    capacity: int,
    seats: Collection[Key],
    venue_capacity: int,
    now: float,
    made: Key = None,
) -> Outcome:
    """Give an allocation or a section a new size: resize_v1.

    `allocation` None: the section's pool, which `made` names when it has to be made.
    """
    target = allocation if allocation is not None else _of_type(house, section, None)
    size = house.sections[section].total
    if not whole_section:
        size = house.allocations[target].allocated
    change = capacity - size
    unseated = {target: max(-change - len(seats), 0)} if target is not None else {}

    def act(trial: House) -> Outcome:
        needed = trial.capacity + change
        if change > 0 and needed > venue_capacity:
            return {"outcome": "over_venue", "added": change, "needed": needed}
        refusal = _seats_refusal(trial, seats) or _shrink_refusal(
            trial, section if whole_section else None, target, capacity, -change, seats
        )
        if refusal:
            return refusal
        key = target
        if key is None and change > 0:
            key = made
            trial.allocations[key] = Allocation(section, None, 0, 0)
        if key is not None:
            _grow(trial, key, change, seats, "resize")
            trial.sections[section].total += change
        for reservation in trial.reservations.values():
            for line in reservation.lines:
                line.seat = None if line.seat in seats else line.seat
        for seat in seats:
            del trial.seats[seat]
        return {"outcome": "resized", "change": change}

    return _attempt(house, unseated, seats, now, act, "resized")


def reallocate(
    house: House,
    allocation: Key,
    to_type: Key | None,
    quantity: int,
    seats: Collection[Key],
    *,
    now: float,
    made: Key = None,
) -> Outcome:
    """Move unsold places to another ticket type of the section: reallocate_v1."""
    section = house.allocations[allocation].section
    if to_type is not None and to_type not in house.types:
        return {"outcome": "unknown", "what": "ticket type", "id": to_type}

    def act(trial: House) -> Outcome:
        refusal = _seats_refusal(trial, seats)
        if refusal:
            return refusal
        target = _of_type(trial, section, to_type)
        if target == allocation:
            return {"outcome": "same_allocation", "allocation_id": allocation}
        if strangers := _elsewhere(trial, seats, allocation):
            return {"outcome": "seat_elsewhere", "seat_ids": strangers}
        left = trial.allocations[allocation].unseated
        if quantity > left:
            return {"outcome": "sold_out", "wanted": quantity, "left": left}
        if target is None:
            target = made
            modifier = Decimal(1) if to_type is None else trial.types[to_type]
            trial.allocations[target] = Allocation(section, to_type, 0, 0, modifier=modifier)
        places = quantity + len(seats)
        _grow(trial, allocation, -places, seats, "reallocate")
        _grow(trial, target, places, seats, "reallocate")
        for seat in seats:
            trial.seats[seat].allocation = target
        return {"outcome": "reallocated", "quantity": quantity, "seats": len(seats)}

    return _attempt(house, {allocation: quantity}, seats, now, act, "reallocated")


def _attempt(
    house: House,
    quantities: Mapping[Key, int],
    seats: Collection[Key],
    now: float,
    act: Callable[[House], Outcome],
    done: str,
) -> Outcome:
    trial = deepcopy(house)
    asks = [Ask(places, allocation=one) for one, places in quantities.items()]
    asks += [Ask(seat=seat) for seat in seats]
    for key in in_the_way(trial, asks, now):
        trial.reservations[key].status = "expired"
        end_lines(trial, key, trial.reservations[key].lines, "expire")
    outcome = act(trial)
    if outcome["outcome"] == done:
        for each in fields(House):
            setattr(house, each.name, getattr(trial, each.name))
    return outcome


def _seats_refusal(house: House, seats: Collection[Key]) -> Outcome | None:
    if unknown := sorted((seat for seat in seats if seat not in house.seats), key=str):
        return {"outcome": "unknown", "what": "seat", "id": unknown}
    taken = sorted((seat for seat in seats if house.seats[seat].status != "available"), key=str)
    return {"outcome": "seat_taken", "seat_ids": taken} if taken else None


def _shrink_refusal(
    house: House,
    section: Key | None,
    target: Key | None,
    capacity: int,
    places: int,
    seats: Collection[Key],
) -> Outcome | None:
    if places <= 0:
        return None
    here = house.allocations[target] if target is not None else None
    counted = [
        one for one in house.allocations.values() if section is None or one.section == section
    ]
    counted = counted if section is not None else [one for one in (here,) if one]
    committed = sum(one.reserved + one.sold for one in counted)
    available, unseated = (here.available, here.unseated) if here else (0, 0)
    if capacity < committed:
        return {"outcome": "below_committed", "capacity": capacity, "committed": committed}
    if places > available:
        return {"outcome": "not_enough_here", "wanted": places, "available_capacity": available}
    if strangers := _elsewhere(house, seats, target):
        return {"outcome": "seat_elsewhere", "seat_ids": strangers}
    if places - len(seats) > unseated:
        return {"outcome": "needs_seats", "wanted": places, "unseated_available": unseated}
    return None


def _elsewhere(house: House, seats: Collection[Key], allocation: Key) -> list[Key]:
    return sorted((s for s in seats if house.seats[s].allocation != allocation), key=str)


def _of_type(house: House, section: Key, ticket_type: Key | None) -> Key | None:
    for key, one in house.allocations.items():
        if one.section == section and one.ticket_type == ticket_type:
            return key
    return None


def _line(house: House, key: Key, seat: Key | None, quantity: int) -> Line:
    allocation = house.allocations[key]
    section = house.sections[allocation.section]
    own = house.seats[seat].price if seat is not None else None
    price = final_price(section.base_price, allocation.modifier, section.currency)
    return Line(key, allocation.ticket_type, seat, quantity, price if own is None else own)


def _reserve(house: House, key: Key, line: Line, operation: str) -> None:
    allocation = house.allocations[line.allocation]
    allocation.available -= line.quantity
    allocation.reserved += line.quantity
    if line.seat is None:
        allocation.unseated -= line.quantity
    else:
        house.seats[line.seat].status = "reserved"
    house.ledger.append(
        Movement(line.allocation, line.seat, key, "available", "reserved", line.quantity, operation)
    )


def _grow(house: House, key: Key, change: int, seats: Collection[Key], operation: str) -> None:
    """Make places (or take, below 0); `seats` of them are numbered."""
    sign = 1 if change > 0 else -1
    unseated = abs(change) - len(seats)
    allocation = house.allocations[key]
    allocation.available += change
    allocation.unseated += sign * unseated
    ends: tuple[Any, Any] = (None, "available") if change > 0 else ("available", None)
    made: list[tuple[Key, int]] = [(None, unseated)] if unseated else []
    made += [(seat, 1) for seat in seats]
    house.ledger += [
        Movement(key, seat, None, *ends, quantity, operation) for seat, quantity in made
    ]
