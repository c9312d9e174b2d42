"""Exchange, reseat, transfer and cancel, on the pure house: twins of the SQL functions.

Each answers with the outcome of its function; a refusal changes nothing, as what is tried is tried
on a copy.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import fields
from typing import Any, TypeAlias

from fullhouse.events.domain import holds, limits
from fullhouse.events.domain.holds import Ask
from fullhouse.events.domain.house import House, Key, Line, Movement, Reservation
from fullhouse.events.domain.sales import choose, end_lines, worth
from fullhouse.events.domain.states import LIVE, Place

Outcome: TypeAlias = dict[str, Any]
Wanted: TypeAlias = Mapping[int, int | None] | None
OWN_KINDS = ("sale", "comp", "legacy")


def exchange(
    house: House, key: Key, asks: Sequence[Ask], wanted: Wanted = None, *, now: float
) -> Outcome:
    """Give up lines of a hold or a sale for other places; what is given up counts as free."""
    if house.status != "on_sale":
        return {"outcome": "closed", "status": house.status}
    refusal = unchangeable(house, key, now)
    return refusal or _tried(house, lambda trial: _exchange(trial, key, asks, wanted, now))


def _exchange(house: House, key: Key, asks: Sequence[Ask], wanted: Wanted, now: float) -> Outcome:
    reservation = house.reservations[key]
    gone = choose(reservation, wanted, "not_live")
    if isinstance(gone, dict):
        return gone
    paid_in = _currency(house, gone[0])
    _end(house, key, gone, "exchange")
    # The house plans and takes as for a hold; then its lines join the reservation.
    taken: Key = ("exchange", key)
    story = len(house.ledger)
    outcome = holds.reserve(house, taken, asks, now=now, expires_at=now + 1, kind="comp")
    if outcome["outcome"] != "granted":
        return outcome
    lines = house.reservations.pop(taken).lines
    if _currency(house, lines[0]) != paid_in:
        return {"outcome": "mixed_currencies"}
    refusal = _rules(house, reservation, lines, now)
    if refusal:
        return refusal
    del house.ledger[-len(lines) :]  # told anew below, as what it is
    assert len(house.ledger) >= story  # noqa: S101 - holds that were expired stay told
    for line in lines:
        _sit(house, key, line, reservation.status, "exchange")
    reservation.lines += lines
    return {"outcome": "exchanged", "given_up": worth(gone), "total": worth(lines)}


def _rules(
    house: House, reservation: Reservation, lines: Sequence[Line], now: float
) -> Outcome | None:
    if reservation.kind != "sale":
        return None
    whole = [*lines, *reservation.live_lines()]
    key = next(key for key, one in house.reservations.items() if one is reservation)
    refusal = limits.refusal(house, whole, reservation.customer, now=now, without=key)
    if refusal is None or refusal["outcome"] != "closed":
        return refusal
    refusal = limits.refusal(house, lines, reservation.customer, now=now)
    return refusal if refusal and refusal["outcome"] == "closed" else None


def reseat(house: House, moves: Mapping[tuple[Key, int], Key], *, now: float) -> Outcome:
    """Move lines, named by reservation and place in it, to seats; swaps in one call."""
    return _tried(house, lambda trial: _reseat(trial, moves, now))


def _reseat(house: House, moves: Mapping[tuple[Key, int], Key], now: float) -> Outcome:
    lines = {where: house.reservations[where[0]].lines[where[1]] for where in moves}
    for where, seat in moves.items():
        line = lines[where]
        if line.status not in LIVE:
            return {"outcome": "not_live", "status": line.status}
        if line.seat is None:
            return {"outcome": "no_seat"}
        if line.seat == seat:
            return {"outcome": "same_seat"}
    own = {key for key, _ in moves}
    for hold in holds.in_the_way(house, [Ask(seat=seat) for seat in moves.values()], now):
        if hold not in own:
            house.reservations[hold].status = "expired"
            end_lines(house, hold, house.reservations[hold].lines, "expire")
    given_up = {line.seat for line in lines.values()}
    taken = [
        seat
        for seat in moves.values()
        if house.seats[seat].status != "available" and seat not in given_up
    ]
    if taken:
        return {"outcome": "seat_taken"}
    for (key, _), line in lines.items():
        _leave(house, key, line, "reseat")
    for where, seat in moves.items():
        lines[where].seat, lines[where].allocation = seat, house.seats[seat].allocation
        _sit(house, where[0], lines[where], lines[where].status, "reseat", held=False)
    return {"outcome": "reseated"}


def transfer(
    house: House, key: Key, new: Key, customer: str, wanted: Wanted = None, *, now: float
) -> Outcome:
    """Give a reservation, or lines of it as one of their own called `new`, to a customer."""
    refusal = unchangeable(house, key, now)
    return refusal or _tried(house, lambda trial: _transfer(trial, key, new, customer, wanted))


def _transfer(house: House, key: Key, new: Key, customer: str, wanted: Wanted) -> Outcome:
    old = house.reservations[key]
    chosen = choose(old, wanted, "not_live")
    if isinstance(chosen, dict):
        return chosen
    told = {"outcome": "transferred", "places": sum(line.quantity for line in chosen)}
    if len(chosen) == len(old.live_lines()):
        old.customer = customer
        return {**told, "split": False}
    own = [line for line in old.lines if not any(line is one for one in chosen)]
    house.reservations[new] = Reservation(
        old.kind, old.expires_at, chosen, old.status, customer=customer, channel=old.channel
    )
    old.lines = own
    for line in chosen:
        state: Place = "sold" if line.status == "sold" else "reserved"
        between: Place | None = None if line.overbooked else "available"
        for owner, was, becomes in ((key, state, between), (new, between, state)):
            house.ledger.append(
                Movement(line.allocation, line.seat, owner, was, becomes, line.quantity, "transfer")
            )
    return {**told, "split": True}


def cancel(house: House) -> Outcome:
    """End everything live as one story."""
    if house.status == "cancelled":
        return {"outcome": "wrong_status", "status": house.status}
    house.status = "cancelled"
    ended = {"sold": 0, "reserved": 0}
    for key, reservation in house.reservations.items():
        live = reservation.live_lines()
        if live:
            ended[reservation.status] += sum(line.quantity for line in live)
            _end(house, key, live, "cancel_performance")
            _end_empty(reservation)
    return {"outcome": "cancelled", "refunded": ended["sold"], "released": ended["reserved"]}


def unchangeable(house: House, key: Key, now: float) -> Outcome | None:
    """Return why a reservation cannot be exchanged or transferred, or None."""
    reservation = house.reservations.get(key)
    if reservation is None:
        return {"outcome": "unknown", "what": "reservation", "id": key}
    if reservation.kind not in OWN_KINDS:
        return {"outcome": "kept_by_house", "kind": reservation.kind}
    if reservation.status not in LIVE:
        return {"outcome": "not_live", "status": reservation.status}
    return {"outcome": "expired"} if reservation.overdue(now) else None


def _tried(house: House, act: Callable[[House], Outcome]) -> Outcome:
    """Act on a copy; keep it where it was not refused."""
    trial = deepcopy(house)
    outcome = act(trial)
    if outcome["outcome"] in ("exchanged", "reseated", "transferred"):
        for one in fields(house):
            setattr(house, one.name, getattr(trial, one.name))
    return outcome


def _end(house: House, key: Key, lines: Sequence[Line], story: str) -> None:
    end_lines(house, key, lines, "refund", story)
    end_lines(house, key, lines, "release", story)


def _end_empty(reservation: Reservation) -> None:
    if not reservation.live_lines():
        reservation.status = "refunded" if reservation.status == "sold" else "released"


def _currency(house: House, line: Line) -> str:
    return house.sections[house.allocations[line.allocation].section].currency


def _leave(house: House, key: Key, line: Line, story: str) -> None:
    """A seat is given up, its line lives on."""
    allocation = house.allocations[line.allocation]
    state: Place = "sold" if line.status == "sold" else "reserved"
    _count(allocation, state, -1)
    allocation.available += 1
    house.seats[line.seat].status = "available"
    house.ledger.append(Movement(line.allocation, line.seat, key, state, "available", 1, story))


def _sit(house: House, key: Key, line: Line, status: Any, story: str, *, held: bool = True) -> None:
    """Places are taken in the state of a reservation; `held`: they are counted as reserved yet."""
    allocation = house.allocations[line.allocation]
    state: Place = "sold" if status == "sold" else "reserved"
    line.status = status
    if held:
        allocation.reserved -= line.quantity
    else:
        allocation.available -= line.quantity
    _count(allocation, state, line.quantity)
    if line.seat is not None:
        house.seats[line.seat].status = state
    house.ledger.append(
        Movement(line.allocation, line.seat, key, "available", state, line.quantity, story)
    )


def _count(allocation: Any, state: Place, places: int) -> None:
    if state == "sold":
        allocation.sold += places
    else:
        allocation.reserved += places
