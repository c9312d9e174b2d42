"""Properties of the pure house: whatever happens, it adds up."""

import copy
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fullhouse.events.domain import holds, sales
from fullhouse.events.domain.holds import Ask
from fullhouse.events.domain.house import House, broken_rules

SEATS = tuple(f"seat {number}" for number in range(4))
NAMES = st.sampled_from([f"hold {number}" for number in range(8)])
QUANTITIES = st.integers(1, 4)
ASKS = st.lists(
    st.one_of(
        st.builds(Ask, seat=st.sampled_from(SEATS)),
        st.builds(Ask, quantity=QUANTITIES, allocation=st.sampled_from(["adult", "pool"])),
        st.builds(
            Ask,
            quantity=QUANTITIES,
            section=st.just("stalls"),
            ticket_type=st.sampled_from(["Adult", "Student"]),
        ),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda ask: (ask.seat, ask.allocation, ask.section, ask.ticket_type),
)


def small_house() -> House:
    """Stalls: six adult places, three of them numbered, and a pool of four, one numbered."""
    house = House(types={"Adult": Decimal(1), "Student": Decimal("0.5")})
    house.add_section("stalls", Decimal("20.00"))
    house.add_allocation("adult", "stalls", "Adult", 6, SEATS[:3])
    house.add_allocation("pool", "stalls", None, 4, SEATS[3:])
    return house


class Histories(RuleBasedStateMachine):
    """Any order of operations at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.house = small_house()
        self.now = 0.0

    @rule(name=NAMES, asks=ASKS, ttl=st.integers(1, 5))
    def reserve(self, name: str, asks: list[Ask], ttl: int) -> None:
        before = repr(self.house)
        outcome = holds.reserve(self.house, name, asks, now=self.now, expires_at=self.now + ttl)
        if outcome["outcome"] == "granted":
            lines = self.house.reservations[name].lines
            assert sum(line.quantity for line in lines) == sum(ask.quantity for ask in asks)
        else:
            assert repr(self.house) == before

    @rule(name=NAMES)
    def confirm(self, name: str) -> None:
        late = name in self.house.reservations and self.house.reservations[name].overdue(self.now)
        outcome = self.tried(sales.confirm, name, now=self.now)
        assert not (late and outcome["outcome"] == "confirmed")

    @rule(name=NAMES)
    def release(self, name: str) -> None:
        self.tried(sales.release, name)

    @rule(name=NAMES)
    def refund(self, name: str) -> None:
        self.tried(sales.refund, name)

    @rule(name=NAMES, quantity=QUANTITIES)
    def refund_part(self, name: str, quantity: int) -> None:
        self.tried(sales.refund, name, {0: quantity})

    @rule(limit=st.integers(1, 3))
    def expire(self, limit: int) -> None:
        outcome = sales.expire(self.house, now=self.now, limit=limit)
        assert outcome["holds"] <= limit

    @rule(seconds=st.integers(1, 4))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    def tried(self, verb: Any, name: str, *rest: Any, **more: Any) -> dict[str, Any]:
        """Run a verb; when it refuses, nothing has changed."""
        before = repr(self.house)
        outcome: dict[str, Any] = verb(self.house, name, *rest, **more)
        if outcome["outcome"] not in ("confirmed", "released", "refunded"):
            assert repr(self.house) == before
        return outcome

    @invariant()
    def adds_up(self) -> None:
        assert broken_rules(self.house) == []
        assert self.house.capacity == 10

    @invariant()
    def who_cannot_be_served_finds_nothing_that_would_do(self) -> None:
        """A hold past its deadline never blocks: what is free or overdue can be had."""
        for allocation in ("adult", "pool"):
            overdue = sum(
                line.quantity
                for hold in self.house.reservations.values()
                if hold.overdue(self.now)
                for line in hold.lines
                if line.seat is None and line.allocation == allocation
            )
            places = self.house.allocations[allocation].unseated + overdue
            if places:
                trial = copy.deepcopy(self.house)
                asked = [Ask(places, allocation=allocation)]
                outcome = holds.reserve(trial, "new", asked, now=self.now, expires_at=self.now + 1)
                assert outcome["outcome"] == "granted"


TestHistories = Histories.TestCase


@given(st.integers(1, 6))
def test_numbered_places_are_never_sold_as_unnumbered(quantity: int) -> None:
    house = small_house()
    asked = [Ask(quantity, allocation="adult")]
    outcome = holds.reserve(house, "x", asked, now=0, expires_at=1)
    assert (outcome["outcome"] == "granted") == (quantity <= 3)


def test_overbooked_places_leave_the_house() -> None:
    house = small_house()
    holds.reserve(house, "x", [Ask(2, allocation="pool")], now=0, expires_at=1)
    sales.confirm(house, "x", now=0)
    house.reservations["x"].lines[0].overbooked = True
    sales.refund(house, "x", {0: 1})
    assert (house.capacity, house.allocations["pool"].allocated) == (9, 3)
    assert house.ledger[-1].to_state is None
    assert broken_rules(house) == []


def test_what_does_not_add_up_is_found() -> None:
    for spoil, rule_named in (
        (lambda h: setattr(h.sections["stalls"], "total", 11), "I3"),
        (lambda h: setattr(h.allocations["adult"], "available", -1), "I4"),
        (lambda h: setattr(h.seats[SEATS[0]], "status", "sold"), "I5"),
        (lambda h: h.ledger.pop(), "I6"),
    ):
        house = small_house()
        assert broken_rules(house) == []
        spoil(house)
        assert any(text.startswith(rule_named) for text in broken_rules(house))
