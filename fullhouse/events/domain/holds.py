"""Reserve, on the pure house: the twin of reserve_v1.sql, with the same outcomes.

Free places first; only when they do not do, holds past their deadline are expired where they
stand in the way, and only if that makes the whole request possible.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from fullhouse.events.domain import channels, limits
from fullhouse.events.domain.channels import Given
from fullhouse.events.domain.house import House, Key, Line, Movement, Reservation
from fullhouse.events.domain.pricing import final_price, line_amount, shares
from fullhouse.events.domain.sales import end_lines

Outcome: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a seat, an allocation, or a section as a type. See reserve_v1.sql."""

    quantity: int = 1
    seat: Key | None = None
    allocation: Key | None = None
    section: Key | None = None
    ticket_type: Key | None = None


@dataclass(slots=True)
class _Plan:
    """What is counted as free while the requests are served in the order asked."""

    free: dict[Key, int]
    seats_free: set[Key]
    given: Given
    lines: list[Line] = field(default_factory=list)
    wrong: list[Outcome] = field(default_factory=list)
    taken: list[Key] = field(default_factory=list)
    short: list[Outcome] = field(default_factory=list)
    # What the sales channel gives: allocation, seat, places.
    drawn: list[tuple[Key, Key | None, int]] = field(default_factory=list)

    def refusal(self) -> Outcome | None:
        if self.wrong:
            return self.wrong[0]
        if self.taken:
            return {"outcome": "seat_taken", "seat_ids": self.taken}
        return self.short[0] if self.short else None


def reserve(
    house: House,
    key: Key,
    asks: Sequence[Ask],
    *,
    now: float,
    expires_at: float,
    kind: str = "sale",
    customer: str = "",
    channel: str = "",
) -> Outcome:
    """Hold all that is asked under `key`, or nothing and say why."""
    if house.status != "on_sale":
        return {"outcome": "closed", "status": house.status}
    overdue: list[Key] = []
    named = channel if kind == "sale" else ""
    plan = _plan(house, asks, overdue, channels.given(house, named, now))
    refusal = plan.refusal()
    if refusal and refusal["outcome"] in ("sold_out", "seat_taken"):
        overdue = in_the_way(house, asks, now)
        plan = _plan(house, asks, overdue, channels.given(house, named, now))
        refusal = plan.refusal()
    if not refusal and kind == "sale":
        refusal = limits.refusal(house, plan.lines, customer, now=now)
    if not refusal and key in house.reservations:
        refusal = {"outcome": "reference_taken", "reference": key}
    if refusal:
        return refusal
    for hold in overdue:
        house.reservations[hold].status = "expired"
        end_lines(house, hold, house.reservations[hold].lines, "expire")
    channels.draw(house, channel, plan.drawn)
    _take(house, key, plan)
    house.reservations[key] = Reservation(kind, expires_at, plan.lines, created_at=now)
    house.reservations[key].customer, house.reservations[key].channel = customer, channel
    total = sum((_amount(line) for line in plan.lines), Decimal(0))
    return {"outcome": "granted", "total": total}


def in_the_way(house: House, asks: Sequence[Ask], now: float) -> list[Key]:
    """Return the overdue holds of the wanted seats, and of each short allocation the oldest."""
    due = sorted(
        (key for key, hold in house.reservations.items() if hold.overdue(now)),
        key=lambda key: house.reservations[key].expires_at or 0,
    )
    wanted = {ask.seat for ask in asks if ask.seat is not None}
    found = {
        key
        for key in due
        if any(line.status == "reserved" and line.seat in wanted for line in _seated(house, key))
    }
    demand: Counter[Key] = Counter()
    for ask in asks:
        if ask.seat is None:
            demand.update(dict.fromkeys(_sources(house, ask), ask.quantity))
    for allocation, places in demand.items():
        if house.allocations[allocation].unseated < places:
            holding = [key for key in due if _gives_back(house, key)[allocation]]
            found.update(holding[:places])
    return [key for key in due if key in found]


def _seated(house: House, key: Key) -> list[Line]:
    return [line for line in house.reservations[key].lines if line.seat is not None]


def _gives_back(house: House, key: Key) -> Counter[Key]:
    back: Counter[Key] = Counter()
    for line in house.reservations[key].lines:
        if line.status == "reserved" and line.seat is None and not line.overbooked:
            back[line.allocation] += line.quantity
    return back


def _sources(house: House, ask: Ask) -> list[Key]:
    """Return the allocations that a quantity may come from, in the order of use."""
    if ask.allocation is not None:
        return [ask.allocation]
    return [
        key
        for wanted in (ask.ticket_type, None)
        for key, allocation in house.allocations.items()
        if allocation.section == ask.section and allocation.ticket_type == wanted
    ]


def _plan(house: House, asks: Sequence[Ask], overdue: Sequence[Key], given: Given) -> _Plan:
    free = Counter({key: a.unseated for key, a in house.allocations.items()})
    seats_free = {key for key, seat in house.seats.items() if seat.status == "available"}
    for key in overdue:
        free.update(_gives_back(house, key))
        seats_free |= {line.seat for line in _seated(house, key) if line.status == "reserved"}
    plan = _Plan(free, seats_free, given)
    currencies: set[str] = set()
    for ask in asks:
        wrong = _wrong(house, ask)
        if wrong:
            plan.wrong.append(wrong)
            continue
        currencies.add(house.sections[_section(house, ask)].currency)
        if len(currencies) > 1:
            plan.wrong.append({"outcome": "mixed_currencies"})
        _serve(house, ask, plan)
    if not plan.wrong:
        _share(house, plan)
    return plan


def _share(house: House, plan: _Plan) -> None:
    """Let seats that together make one ticket share its price; refuse an incomplete table."""
    tables: dict[tuple[Any, Any], list[int]] = {}
    for number, line in enumerate(plan.lines):
        if line.seat is not None and line.places_per_ticket > 1:
            tables.setdefault((line.allocation, line.ticket_type), []).append(number)
    for (allocation, kind), numbers in sorted(tables.items()):
        size = house.sizes[kind]
        if len(numbers) % size:
            wrong = {"outcome": "not_whole_tickets", "allocation_id": allocation}
            wrong |= {"ticket_type_id": kind, "quantity": len(numbers), "places_per_ticket": size}
            plan.wrong.append(wrong)
            return
        currency = house.sections[house.allocations[allocation].section].currency
        for place, number in enumerate(numbers):
            line = plan.lines[number]
            price = shares(line.unit_price, size, currency)[place % size]
            plan.lines[number] = replace(line, unit_price=price, places_per_ticket=1)


def _section(house: House, ask: Ask) -> Key:
    if ask.section is not None:
        return ask.section
    return house.allocations[_given(house, ask)].section


def _given(house: House, ask: Ask) -> Key:
    return house.seats[ask.seat].allocation if ask.seat is not None else ask.allocation


def _wrong(house: House, ask: Ask) -> Outcome | None:
    for what, named, known in (
        ("seat", ask.seat, house.seats.keys()),
        ("allocation", ask.allocation, house.allocations.keys()),
        ("section", ask.section, house.sections.keys()),
    ):
        if named is not None and named not in known:
            return {"outcome": "unknown", "what": what, "id": named}
    own = None if ask.section is not None else house.allocations[_given(house, ask)].ticket_type
    sold_as = ask.ticket_type if ask.ticket_type is not None else own
    nowhere = ask.section is not None and not _sources(house, ask)
    if nowhere or (sold_as is not None and sold_as not in house.types):
        return {"outcome": "not_on_offer", "ticket_type": sold_as}
    if own is not None and sold_as != own:
        return {"outcome": "wrong_type", "sold_as": own, "ticket_type": sold_as}
    size = house.sizes.get(sold_as, 1)
    if ask.seat is None and ask.quantity % size:
        wrong = {"outcome": "not_whole_tickets", "ticket_type_id": sold_as}
        return wrong | {"quantity": ask.quantity, "places_per_ticket": size}
    return None


def _serve(house: House, ask: Ask, plan: _Plan) -> None:
    if ask.seat is not None:
        given = ask.seat in plan.given.seats
        if not given and ask.seat not in plan.seats_free:
            plan.taken.append(ask.seat)
        own = _given(house, ask)
        plan.lines.append(_line(house, own, ask, 1))
        if given:
            plan.drawn.append((own, ask.seat, 1))
        return
    sources = _sources(house, ask)
    size = house.sizes.get(_sold_as(house, sources[0], ask), 1)
    left = sum((plan.given.places[key] + plan.free[key]) // size * size for key in sources)
    if left < ask.quantity:
        plan.short.append({"outcome": "sold_out", "wanted": ask.quantity, "left": left})
    missing = ask.quantity
    parts = dict.fromkeys(sources, 0)
    for free in ({}, plan.free):  # what the channel has goes before what is free
        for key in sources:
            had = plan.given.places[key] + free.get(key, 0) - parts[key]
            part = min(had, missing) // size * size
            parts[key] += part
            missing -= part
    for key, part in parts.items():
        drawn = min(plan.given.places[key], part)
        plan.given.places[key] -= drawn
        plan.free[key] -= part - drawn
        if part:
            plan.lines.append(_line(house, key, ask, part))
        if drawn:
            plan.drawn.append((key, None, drawn))


def _sold_as(house: House, key: Key, ask: Ask) -> Key | None:
    return ask.ticket_type if ask.ticket_type is not None else house.allocations[key].ticket_type


def _line(house: House, key: Key, ask: Ask, quantity: int) -> Line:
    sold_as = _sold_as(house, key, ask)
    size = house.sizes.get(sold_as, 1)
    own_price = house.seats[ask.seat].price if ask.seat is not None and size == 1 else None
    price = own_price if own_price is not None else price_of(house, key, sold_as)
    return Line(key, sold_as, ask.seat, quantity, price, places_per_ticket=size)


def _amount(line: Line) -> Decimal:
    return line_amount(line.unit_price, line.quantity, line.places_per_ticket)


def price_of(house: House, key: Key, sold_as: Key | None) -> Decimal:
    """Return the price of a place without its own; modifiers as in reserve_v1.sql."""
    allocation = house.allocations[key]
    section = house.sections[allocation.section]
    modifier = allocation.modifier
    if allocation.ticket_type is None and sold_as is not None:
        modifier = house.types[sold_as]
        for other in house.allocations.values():
            if other.section == allocation.section and other.ticket_type == sold_as:
                modifier = other.modifier
    return final_price(section.base_price, modifier, section.currency)


def _take(house: House, key: Key, plan: _Plan) -> None:
    """Make the lines' places reserved; those that the channel gave are so already."""
    drawn = Counter({(where, seat): 0 for where, seat, _ in plan.drawn})
    for where, seat, places in plan.drawn:
        drawn[where, seat] += places
    for line in plan.lines:
        allocation = house.allocations[line.allocation]
        given = min(drawn[line.allocation, line.seat], line.quantity)
        drawn[line.allocation, line.seat] -= given
        allocation.available -= line.quantity - given
        allocation.reserved += line.quantity - given
        if line.seat is None:
            allocation.unseated -= line.quantity - given
        else:
            house.seats[line.seat].status = "reserved"
        house.ledger.append(
            Movement(
                line.allocation, line.seat, key, "available", "reserved", line.quantity, "reserve"
            )
        )
