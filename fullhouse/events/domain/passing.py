"""Hand over and comp on the pure house: places go from one reservation to another in one step.

Twins of hand_over_v1 and comp_v1. Prices are those of the lines; the engine prices anew what was
set aside, which is the same as long as no price has changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from fullhouse.events.domain import structure
from fullhouse.events.domain.house import House, Key, Line, Movement, Reservation
from fullhouse.events.domain.sales import sell

Outcome: TypeAlias = dict[str, Any]


def hand_over(
    house: House,
    key: Key,
    new_key: Key,
    kind: str,
    *,
    now: float,
    wanted: Mapping[int, int | None] | None = None,
    sold: bool = False,
    expires_at: float | None = None,
) -> Outcome:
    """Pass places of `key` on to a new reservation. `wanted`: index of the line -> places."""
    source = house.reservations.get(key)
    if source is None:
        return {"outcome": "unknown", "what": "reservation", "id": key}
    if source.status != "reserved":
        return {"outcome": "not_reserved", "status": source.status}
    if source.kind == "offer":
        return {"outcome": "waiting_offer"}
    if source.overdue(now):
        return {"outcome": "expired"}
    if house.status == "cancelled" and kind in ("sale", "comp"):
        return {"outcome": "closed", "status": house.status}
    if wanted is None:
        wanted = {i: None for i, one in enumerate(source.lines) if one.status == "reserved"}
    for index, quantity in wanted.items():
        line = source.lines[index]
        if line.status != "reserved":
            return {"outcome": "not_reserved", "status": line.status}
        if quantity is not None and quantity > line.quantity:
            return {"outcome": "too_many", "held": line.quantity, "wanted": quantity}
    places = pass_on(house, key, new_key, kind, wanted, expires_at, "hand_over")
    if sold:
        sell(house, new_key)
    left = sum(line.quantity for line in source.lines if line.status == "reserved")
    return {"outcome": "handed_over", "quantity": places, "left": left}


def pass_on(
    house: House,
    key: Key,
    new_key: Key,
    kind: str,
    wanted: Mapping[int, int | None],
    expires_at: float | None,
    operation: str,
) -> int:
    """Move places that may be moved; return how many."""
    source = house.reservations[key]
    target = Reservation(kind, expires_at, [])
    house.reservations[new_key] = target
    for index, quantity in wanted.items():
        line = source.lines[index]
        part = _leave(source.lines, index, quantity)
        price = Decimal("0.00") if kind == "comp" else line.unit_price
        target.lines.append(replace(part, status="reserved", unit_price=price))
        for owner, was, now in ((key, "reserved", "available"), (new_key, "available", "reserved")):
            house.ledger.append(
                Movement(
                    part.allocation,
                    part.seat,
                    owner,
                    was,  # type: ignore[arg-type]
                    now,  # type: ignore[arg-type]
                    part.quantity,
                    operation,
                )
            )
    if not source.live_lines():
        source.status = "released"
    return sum(line.quantity for line in target.lines)


def _leave(lines: list[Line], index: int, quantity: int | None) -> Line:
    """End the line, or `quantity` of its places as a line of its own; return what left."""
    line = lines[index]
    if quantity is None or quantity == line.quantity:
        line.status = "released"
        return line
    line.quantity -= quantity
    lines.append(replace(line, quantity=quantity, status="released"))
    return lines[-1]


def comp(
    house: House, key: Key, quantities: Mapping[Key, int], seats: Collection[Key], *, now: float
) -> Outcome:
    """Give free places away: set aside as a comp, priced 0, and sold at once."""
    outcome = structure.keep(house, key, quantities, seats, now=now, kind="comp")
    if outcome["outcome"] != "set_aside":
        return outcome
    for line in house.reservations[key].lines:
        line.unit_price = Decimal("0.00")
    sell(house, key)
    return {"outcome": "given", "quantity": outcome["quantity"]}
