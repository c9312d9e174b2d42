"""From a plan to the house of a performance: prices by category, places by ticket type."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from fullhouse.events.domain.configuration import (
    AllocationPlan,
    HousePlan,
    SeatPlan,
    SectionPlan,
)
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans.document import Plan, PlanSection, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a plan goes on sale.

    `prices` by category stand before the plan's own, `price` is for places of any other.
    `ticket_types` gives the places of a category to one type; all others go to the section's
    pool, from which every type of the event sells.
    """

    prices: Mapping[str, Decimal] = field(default_factory=dict)
    price: Decimal | None = None
    currency: str = "USD"
    ticket_types: Mapping[str, UUID] = field(default_factory=dict)


def house_plan(plan: Plan, terms: Terms) -> HousePlan:
    """Return the sections to build.

    A section's base price is that of most of its places; seats at another one carry it as their
    own. Raises InvalidRequest: a category without a price, or one that the plan does not have.
    """
    known = {one.name: one.price for one in plan.categories}
    used = {name for section in plan.sections for name in _categories(section)}
    for given in (*terms.prices, *terms.ticket_types):
        if given not in known and given not in used:
            raise InvalidRequest("prices", f"the plan has no category {given!r}")
    prices = {name: _price(terms.prices.get(name), known.get(name), terms.price) for name in used}
    if missing := sorted(name or "(none)" for name, price in prices.items() if price is None):
        raise InvalidRequest("prices", f"no price for categories {', '.join(missing)}")
    sound = {name: price for name, price in prices.items() if price is not None}
    return HousePlan(tuple(_section(section, sound, terms) for section in plan.sections))


def _price(*offered: Decimal | None) -> Decimal | None:
    return next((price for price in offered if price is not None), None)


def _categories(section: PlanSection) -> Counter[str]:
    """Return how many places of each category a section has; '' is without one."""
    counted: Counter[str] = Counter()
    for seat in section.seats:
        counted[seat.category or section.category or ""] += 1
    for area in section.areas:
        counted[area.category or section.category or ""] += area.capacity
    return counted


def _section(section: PlanSection, prices: Mapping[str, Decimal], terms: Terms) -> SectionPlan:
    counted = _categories(section)
    by_price: Counter[Decimal] = Counter()
    by_type: Counter[UUID] = Counter()
    for name, places in counted.items():
        by_price[prices[name]] += places
        if (ticket_type := terms.ticket_types.get(name)) is not None:
            by_type[ticket_type] += places
    base = by_price.most_common(1)[0][0]
    return SectionPlan(
        name=section.name,
        base_price=base,
        total_capacity=section.places,
        currency=terms.currency,
        orphan_rule=section.orphan_rule,
        focal_row_rank=section.focal_row_rank,
        focal_seat_rank=section.focal_seat_rank,
        ticket_types=tuple(
            AllocationPlan(ticket_type_id=one, allocated_capacity=places)
            for one, places in by_type.items()
        ),
        seats=tuple(
            _seat(section, row, place, base, prices, terms)
            for row in section.rows
            for place in range(len(row.seats))
        ),
    )


def _seat(
    section: PlanSection,
    row: Row,
    place: int,
    base: Decimal,
    prices: Mapping[str, Decimal],
    terms: Terms,
) -> SeatPlan:
    seat = row.seats[place]
    category = seat.category or section.category or ""
    price = prices[category] if seat.price is None else seat.price
    return SeatPlan(
        row_number=row.row_number,
        seat_number=seat.seat_number,
        ticket_type_id=terms.ticket_types.get(category),
        price=None if price == base else price,
        is_accessible=seat.accessible,
        is_companion=seat.companion,
        is_premium=seat.premium,
        has_restricted_view=seat.restricted_view,
        x=_absolute(seat.x, row.x, section.x),
        y=_absolute(seat.y, row.y, section.y),
        row_rank=row.rank,
        seat_rank=seat.rank,
    )


def _absolute(own: float | None, *above: float | None) -> float | None:
    return None if own is None else float(own + sum(offset or 0 for offset in above))
