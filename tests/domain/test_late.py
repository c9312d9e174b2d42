"""More time and late sales on the pure house: it adds up, and a refusal changes nothing."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fullhouse.events.domain import holds, late, sales
from fullhouse.events.domain.holds import Ask
from fullhouse.events.domain.house import broken_rules

from .test_house import ASKS, NAMES, QUANTITIES, small_house

DONE = {"granted", "confirmed", "released", "extended", "swept"}


class LateHistories(RuleBasedStateMachine):
    """Holds that are extended, given back in part, swept and confirmed after all."""

    def __init__(self) -> None:
        super().__init__()
        self.house = small_house()
        self.house.hold_ceiling_seconds = 6
        self.now = 0.0

    @rule(name=NAMES, asks=ASKS, ttl=st.integers(1, 5))
    def reserve(self, name: str, asks: list[Ask], ttl: int) -> None:
        self.tried(holds.reserve, name, asks, now=self.now, expires_at=self.now + ttl)

    @rule(name=NAMES, seconds=st.integers(1, 9))
    def extend(self, name: str, seconds: int) -> None:
        before = self.house.reservations.get(name)
        was = before.expires_at if before else None
        outcome = self.tried(late.extend, name, seconds, now=self.now)
        if outcome["outcome"] == "extended":
            hold = self.house.reservations[name]
            assert hold.expires_at is not None
            assert was is not None
            assert was < hold.expires_at <= hold.created_at + 6
            assert outcome["capped"] == (hold.expires_at < self.now + seconds)

    @rule(name=NAMES)
    def confirm_late(self, name: str) -> None:
        held = self.house.reservations.get(name)
        wanted = {"reserved": "reserved", "expired": "expired"}.get(held.status) if held else None
        places = sum(one.quantity for one in held.lines if one.status == wanted) if held else 0
        outcome = self.tried(late.confirm_late, name, now=self.now)
        assert outcome["outcome"] in ("confirmed", "gone", "unknown", "not_reserved")
        if outcome["outcome"] == "confirmed":
            assert outcome["places"] == places

    @rule(name=NAMES, quantity=QUANTITIES)
    def release_part(self, name: str, quantity: int) -> None:
        outcome = self.tried(sales.release, name, {0: quantity})
        if outcome["outcome"] == "released":
            assert outcome["places"] == quantity

    @rule()
    def sweep(self) -> None:
        sales.expire(self.house, now=self.now, limit=2)

    @rule(seconds=st.integers(1, 4))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    def tried(self, verb: Any, name: str, *rest: Any, **more: Any) -> dict[str, Any]:
        """Run a verb; when it refuses, nothing has changed."""
        before = repr(self.house)
        outcome: dict[str, Any] = verb(self.house, name, *rest, **more)
        if outcome["outcome"] not in DONE:
            assert repr(self.house) == before
        return outcome

    @invariant()
    def adds_up(self) -> None:
        assert broken_rules(self.house) == []
        assert self.house.capacity == 10


TestLateHistories = LateHistories.TestCase


def test_what_others_have_by_now_is_told() -> None:
    house = small_house()
    holds.reserve(house, "x", [Ask(3, allocation="pool"), Ask(seat="seat 0")], now=0, expires_at=1)
    sales.expire(house, now=2, limit=1)
    holds.reserve(house, "y", [Ask(1, allocation="pool"), Ask(seat="seat 0")], now=2, expires_at=9)
    assert late.confirm_late(house, "x", now=3) == {
        "outcome": "gone",
        "seat_ids": ["seat 0"],
        "short": [{"allocation_id": "pool", "wanted": 3, "left": 2}],
    }
