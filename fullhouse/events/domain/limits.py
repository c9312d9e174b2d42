"""Sales rules on the pure house: the twin of rules_refusal_v1.sql. Limits count tickets."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, TypeAlias

from fullhouse.events.domain.house import House, Key, Line, Rule

Outcome: TypeAlias = dict[str, Any]
_COUNTED = ("sale", "legacy", "offer")


def refusal(
    house: House, lines: Iterable[Line], customer: str, *, now: float, without: Key = None
) -> Outcome | None:
    """Return why the rules do not allow this order: the whole order's first, then by type."""
    wanted = tickets(house, lines)
    named = sorted((kind for kind in house.rules if kind is not None), key=_order)
    for kind in [None, *named]:
        rule = house.rules.get(kind)
        if rule is None or (kind is not None and kind not in wanted):
            continue
        count = sum(wanted.values()) if kind is None else wanted[kind]
        said = _closed(rule, now) or _per_order(rule, count)
        said = said or _per_customer(house, rule, kind, count, customer, now, without)
        if said:
            return {**said, "ticket_type_id": kind}
    return None


def tickets(house: House, lines: Iterable[Line]) -> Counter[Key]:
    """Return the tickets by type; seats of a type of several places are one for each so many."""
    places: defaultdict[tuple[Key, int], int] = defaultdict(int)
    for line in lines:
        of_seats = house.sizes.get(line.ticket_type, 1)
        size = line.places_per_ticket if line.seat is None else of_seats
        places[line.ticket_type, size] += line.quantity
    count: Counter[Key] = Counter()
    for (kind, size), quantity in places.items():
        count[kind] += -(-quantity // size)
    return count


def _order(kind: Key) -> Any:
    return kind


def _closed(rule: Rule, now: float) -> Outcome | None:
    before = rule.sales_open_at is not None and rule.sales_open_at > now
    after = rule.sales_close_at is not None and rule.sales_close_at <= now
    return {"outcome": "closed", "status": "on_sale"} if before or after else None


def _per_order(rule: Rule, count: int) -> Outcome | None:
    if rule.min_per_order is not None and count < rule.min_per_order:
        return {"outcome": "under_minimum", "limit": rule.min_per_order, "wanted": count}
    if rule.max_per_order is not None and count > rule.max_per_order:
        return _over(rule.max_per_order, count, 0, "order")
    return None


def _per_customer(
    house: House, rule: Rule, kind: Key, count: int, customer: str, now: float, without: Key
) -> Outcome | None:
    if rule.max_per_customer is None:
        return None
    if not customer:
        return {"outcome": "customer_needed", "limit": rule.max_per_customer}
    had = sum(
        quantity
        for key, one in house.reservations.items()
        if one.customer == customer and one.kind in _COUNTED and key != without
        if one.status == "sold" or (one.status == "reserved" and not one.overdue(now))
        for of_type, quantity in tickets(house, one.live_lines()).items()
        if kind is None or of_type == kind
    )
    if had + count > rule.max_per_customer:
        return _over(rule.max_per_customer, count, had, "customer")
    return None


def _over(limit: int, wanted: int, had: int, per: str) -> Outcome:
    return {"outcome": "over_limit", "limit": limit, "wanted": wanted, "had": had, "per": per}
