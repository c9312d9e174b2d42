"""The waiting list on the pure house: twins of join, withdraw, skip, offer and take.

The engine offers in the transaction that frees places; here the caller says so after the verb,
with `offer_freed`, and reserves with `reserve`, which serves the list first where the house
says so. Prices of offers are those of a reserve.
"""

from collections.abc import Collection, Sequence
from copy import deepcopy
from itertools import groupby
from typing import Any, TypeAlias

from fullhouse.events.domain import holds, sales
from fullhouse.events.domain.holds import Ask
from fullhouse.events.domain.house import Entry, House, Key
from fullhouse.events.domain.passing import pass_on

Outcome: TypeAlias = dict[str, Any]
FOR_EVER = float("inf")


def join(house: House, key: Key, entry: Entry) -> Outcome:
    """Put a party at the end of the list; one customer waits for the same thing once."""
    if house.status not in ("on_sale", "postponed"):
        return {"outcome": "closed", "status": house.status}
    most = max((sum(_places(house, group)) for group in _groups(house, entry)), default=None)
    if most is None:
        return {"outcome": "not_on_offer", "ticket_type": entry.ticket_type}
    if most < entry.quantity:
        return {"outcome": "party_too_large", "wanted": entry.quantity, "most": most}
    wish = (entry.customer, entry.section, entry.ticket_type)
    for other in house.waiting.values():
        theirs = (other.customer, other.section, other.ticket_type)
        live = other.status in ("waiting", "skipped", "offered")
        if entry.customer and live and theirs == wish:
            return {"outcome": "already_waiting"}
    house.waiting[key] = entry
    ahead = sum(one.status == "waiting" for one in house.waiting.values()) - 1
    return {"outcome": "joined", "ahead": ahead}


def skip(house: House, key: Key, *, back: bool = False) -> Outcome:
    """Pass an entry over, or let it back to its place."""
    entry = house.waiting[key]
    if entry.status != ("skipped" if back else "waiting"):
        return {"outcome": "not_waiting", "status": entry.status}
    entry.status = "waiting" if back else "skipped"
    return {"outcome": "skipped", "status": entry.status}


def withdraw(house: House, key: Key) -> Outcome:
    """Leave the list; the places of an offer go to the next."""
    entry = house.waiting[key]
    if entry.status not in ("waiting", "skipped", "offered"):
        return {"outcome": "not_waiting", "status": entry.status}
    was, entry.status = entry.status, "withdrawn"
    places = 0
    if was == "offered":
        offer = house.reservations[entry.offer]
        offer.status = "released"
        places = sales.end_lines(house, entry.offer, offer.lines, "withdraw_waiting")
        offer_freed(house, [entry.offer])
    return {"outcome": "withdrawn", "places": places}


def offer(house: House, key: Key | None, *, now: float) -> Outcome:
    """Offer to the next whom free places suffice (`key` None), or to this one out of turn."""
    trial = deepcopy(house)
    due = expire_all(trial, now)
    if trial.status != "on_sale":
        return {"outcome": "closed", "status": trial.status}
    if key is not None and trial.waiting[key].status not in ("waiting", "skipped"):
        return {"outcome": "not_waiting", "status": trial.waiting[key].status}
    made = _round(trial, None, 1) if key is None else _offer_to(trial, key, None)
    if not made:
        waiting = sum(entry.status == "waiting" for entry in house.waiting.values())
        return {"outcome": "nothing_fits", "waiting": waiting}
    offer_freed(trial, due)
    house.reservations, house.ledger, house.waiting = (
        trial.reservations,
        trial.ledger,
        trial.waiting,
    )
    house.allocations, house.seats, house.sections = (
        trial.allocations,
        trial.seats,
        trial.sections,
    )
    return {"outcome": "offered", "entry": made[0]}


def take(house: House, key: Key, new_key: Key, *, now: float, expires_at: float) -> Outcome:
    """Turn an offer into the party's own hold."""
    entry = house.waiting[key]
    if entry.status != "offered":
        return {"outcome": "not_waiting", "status": entry.status}
    offered = house.reservations[entry.offer]
    if offered.overdue(now):
        return {"outcome": "expired"}
    if house.status == "cancelled":
        return {"outcome": "closed", "status": house.status}
    wanted = dict.fromkeys(range(len(offered.lines)))
    places = pass_on(house, entry.offer, new_key, "sale", wanted, expires_at, "take_offer")
    house.reservations[new_key].customer = entry.customer
    entry.status = "taken"
    return {"outcome": "taken", "quantity": places}


def reserve(
    house: House, key: Key, asks: Sequence[Ask], *, now: float, expires_at: float
) -> Outcome:
    """Reserve for the public; where the list comes first, overdue holds in the way are its."""
    outcome = holds.reserve(deepcopy(house), key, asks, now=-FOR_EVER, expires_at=expires_at)
    in_the_way = holds.in_the_way(house, asks, now)
    short = outcome["outcome"] in ("sold_out", "seat_taken")
    if short and in_the_way and _list_first(house, in_the_way):
        offer_freed(house, expire_all(house, now))
    return holds.reserve(house, key, asks, now=now, expires_at=expires_at)


def expire_all(house: House, now: float) -> list[Key]:
    """End every overdue hold; return which."""
    due = [key for key, hold in house.reservations.items() if hold.overdue(now)]
    sales.expire(house, now=now, limit=len(due))
    end_offers(house, due)
    return due


def end_offers(house: House, keys: Collection[Key]) -> None:
    """Let the parties know whose offers have expired."""
    for entry in house.waiting.values():
        if entry.status == "offered" and entry.offer in keys:
            entry.status = "expired"


def offer_freed(house: House, keys: Collection[Key]) -> None:
    """Offer what these reservations freed to the list, where it comes first."""
    if not _list_first(house, keys):
        return
    sections = {
        house.allocations[line.allocation].section
        for key in keys
        for line in house.reservations[key].lines
    }
    if sections:
        _round(house, sections, len(house.waiting))


def _list_first(house: House, keys: Collection[Key]) -> bool:
    return house.waiting_list_first or any(house.reservations[k].kind == "offer" for k in keys)


def _round(house: House, sections: Collection[Key] | None, most: int) -> list[Key]:
    made: list[Key] = []
    if house.status != "on_sale":
        return made
    for key, entry in house.waiting.items():
        if len(made) == most:
            break
        wrong_section = sections is not None and entry.section not in (None, *sections)
        if entry.status == "waiting" and not wrong_section:
            made += _offer_to(house, key, sections)
    return made


def _offer_to(house: House, key: Key, sections: Collection[Key] | None) -> list[Key]:
    entry = house.waiting[key]
    asks = _fit(house, entry, sections)
    if asks is None:
        return []
    offer_key = ("offer", key)
    granted = holds.reserve(
        house, offer_key, asks, now=-FOR_EVER, expires_at=FOR_EVER, kind="offer"
    )
    if granted["outcome"] != "granted":
        return []
    entry.status, entry.offer = "offered", offer_key
    return [key]


def _fit(house: House, entry: Entry, sections: Collection[Key] | None) -> list[Ask] | None:
    for group in _groups(house, entry, sections):
        free = {key: house.allocations[key].unseated for key in group}
        if sum(free.values()) >= entry.quantity:
            asks, missing = [], entry.quantity
            for key, places in free.items():
                part = min(places, missing)
                missing -= part
                if part:
                    asks.append(Ask(part, allocation=key, ticket_type=entry.ticket_type))
            return asks
        seats = _seats(house, group, entry)
        if seats is not None:
            return [Ask(seat=seat, ticket_type=entry.ticket_type) for seat in seats]
    return None


def _groups(
    house: House, entry: Entry, sections: Collection[Key] | None = None
) -> list[tuple[Key, ...]]:
    """Return the allocations that together may serve the party, own places before the pool."""
    groups: list[tuple[Key, ...]] = []
    for section in sorted(house.sections, key=str):
        if entry.section not in (None, section) or (sections and section not in sections):
            continue
        inside = sorted(
            (key for key, one in house.allocations.items() if one.section == section), key=str
        )
        if entry.ticket_type is None:
            groups += [(key,) for key in inside]
            continue
        kinds = {house.allocations[key].ticket_type: key for key in inside}
        group = tuple(kinds[k] for k in (entry.ticket_type, None) if k in kinds)
        groups += [group] if group else []
    return groups


def _places(house: House, group: Collection[Key]) -> list[int]:
    return [house.allocations[key].allocated for key in group]


def _seats(house: House, group: Collection[Key], entry: Entry) -> list[Key] | None:
    """Return the first seats that do; with the orphan rule those that leave no single seat."""
    section = next(house.allocations[key].section for key in group)
    orphan_rule = house.sections[section].orphan_rule
    free = sorted(
        (
            key
            for key, s in house.seats.items()
            if house.allocations[s.allocation].section == section and s.status == "available"
        ),
        key=lambda key: (house.seats[key].row, house.seats[key].rank, str(key)),
    )
    own = [key for key in free if house.seats[key].allocation in group]
    if entry.together or orphan_rule:
        found: list[tuple[bool, list[Key]]] = []
        for run in _runs(house, free):
            for place in range(len(run) - entry.quantity + 1):
                left = len(run) - place - entry.quantity
                party = run[place : place + entry.quantity]
                if all(key in own for key in party):
                    found.append((orphan_rule and 1 in (place, left), party))
        if found:
            return min(found, key=lambda one: one[0])[1]
    if entry.together or len(own) < entry.quantity:
        return None
    return own[: entry.quantity]


def _runs(house: House, free: list[Key]) -> list[list[Key]]:
    """Return the seats side by side, row by row."""
    numbered = groupby(
        enumerate(free),
        lambda one: (house.seats[one[1]].row, house.seats[one[1]].rank - one[0]),
    )
    return [[key for _, key in run] for _, run in numbered]
