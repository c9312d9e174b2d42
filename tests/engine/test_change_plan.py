"""Changing the plan beside sales: what would be orphaned is refused, the rest moves and is told."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.plans.change import PlanChange, Taken, planned_change
from fullhouse.events.domain.plans.document import Area, Plan, PlanSeat, PlanSection, Row
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.models import EventPerformance, EventSection, Note, Seat
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.plans import (
    ChangedPlan,
    apply_plan,
    change_plan,
    keep_plan,
    kept_plan,
)
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .houses import faults, make_overdue, snapshot

TERMS = Terms(price=Decimal("20.00"))


def plan_of(shape: dict[str, tuple[dict[str, int], int]]) -> Plan:
    """Return a plan: section -> ({row: seats}, places without a number)."""
    return Plan(
        name="House",
        sections=tuple(
            PlanSection(
                name=name,
                rows=tuple(
                    Row(
                        row_number=label,
                        rank=place,
                        seats=tuple(
                            PlanSeat(seat_number=str(n), rank=n) for n in range(1, count + 1)
                        ),
                    )
                    for place, (label, count) in enumerate(rows.items(), 1)
                ),
                areas=(Area(name="", capacity=unseated),) if unseated else (),
            )
            for name, (rows, unseated) in shape.items()
        ),
    )


BEFORE = plan_of({"Stalls": ({"A": 3, "B": 2}, 4), "Pit": ({}, 6)})
AFTER = plan_of({"Balcony": ({"A": 2}, 0), "Stalls": ({"A": 2, "C": 2}, 5)})


@dataclass
class Evening:
    """A performance built from a plan of its own."""

    performance_id: UUID
    name: str

    def change(self, plan: Plan, **more: Any) -> ChangedPlan:
        keep_plan(plan=plan, name=self.name)
        kept = kept_plan(name=self.name)
        return change_plan(
            performance_id=self.performance_id, kept=kept, terms=TERMS, actor="test", **more
        )

    def seat(self, row: str, number: str) -> UUID:
        return Seat.objects.get(
            performance_id=self.performance_id, row_number=row, seat_number=number
        ).pk

    def hold(self, *seats: UUID) -> UUID:
        made = reserve(
            performance_id=self.performance_id, requests=[SeatRequest(one) for one in seats]
        )
        return made.reservation_id

    def section(self, name: str) -> EventSection:
        return EventSection.objects.get(performance_id=self.performance_id, name=name)


def evening(make_stage: Callable[..., Any], plan: Plan = BEFORE) -> Evening:
    stage = make_stage()
    made = Evening(stage.performance_id, f"House {uuid7()}")
    keep_plan(plan=plan, name=made.name)
    apply_plan(performance_id=made.performance_id, kept=kept_plan(name=made.name), terms=TERMS)
    # Single seats are sold here on purpose.
    EventSection.objects.filter(performance_id=made.performance_id).update(orphan_rule=False)
    return made


@pytest.fixture
def house(db_committed: None, make_stage: Callable[..., Any]) -> Evening:
    return evening(make_stage)


def test_unsold_seats_come_go_and_move(house: Evening) -> None:
    confirm_id = house.hold(house.seat("A", "1"))
    confirm(performance_id=house.performance_id, reservation_id=confirm_id)
    sold = house.seat("A", "1")
    tried = house.change(AFTER, dry_run=True)
    before = snapshot(house.performance_id)
    assert (tried.added, tried.removed, tried.dry_run) == (2, 3, True)
    assert snapshot(house.performance_id) == before

    done = house.change(AFTER, reason="new balcony")

    assert replace(done, dry_run=True) == tried
    assert done.new_sections == ("Balcony",)
    assert done.emptied_sections == ("Pit",)
    assert {one.section: one.change for one in done.unseated} == {"Stalls": 1, "Pit": -6}
    assert done.max_capacity == 11
    assert audit(performance_id=house.performance_id) == ()
    assert faults(house.performance_id) == []
    assert Seat.objects.get(pk=sold).row_number == "A"
    names = EventSection.objects.filter(performance_id=house.performance_id).order_by("position")
    assert [(one.name, one.total_capacity) for one in names] == [
        ("Balcony", 2),
        ("Stalls", 9),
        ("Pit", 0),
    ]
    note = Note.objects.get(performance_id=house.performance_id, operation="change_plan")
    assert sorted(one["seat"] for one in note.facts["removed_seats"]) == ["A-3", "B-1", "B-2"]
    assert note.reason == "new balcony"
    performance = EventPerformance.objects.get(pk=house.performance_id)
    assert performance.seating_plan_id == kept_plan(name=house.name).pk
    assert house.change(AFTER).added == 0  # again: nothing left to do


def test_held_and_sold_seats_are_never_orphaned(house: Evening) -> None:
    held = house.hold(house.seat("B", "1"))
    before = snapshot(house.performance_id)
    for dry_run in (True, False):
        with pytest.raises(Refusal) as refused:
            house.change(AFTER, dry_run=dry_run)
        assert refused.value.code == "would_orphan"
        assert refused.value.facts["count"] == 1
        assert refused.value.facts["seats"] == ["Stalls B-1"]
        assert snapshot(house.performance_id) == before
    release(performance_id=house.performance_id, reservation_id=held)
    assert house.change(AFTER).removed == 3


def test_sold_places_without_a_number_are_never_orphaned(house: Evening) -> None:
    pit = house.section("Pit")
    reserve(
        performance_id=house.performance_id,
        requests=[Places(quantity=1, allocation_id=pit.allocations.get().pk)],
    )
    before = snapshot(house.performance_id)
    with pytest.raises(Refusal) as refused:
        house.change(AFTER)
    assert refused.value.code == "would_orphan"
    assert refused.value.facts["places"] == [{"section": "Pit", "wanted": 6, "left": 5}]
    assert snapshot(house.performance_id) == before


def test_an_overdue_hold_is_no_obstacle(house: Evening) -> None:
    make_overdue(house.hold(house.seat("B", "2"), house.seat("A", "1")))
    assert house.change(AFTER).removed == 3
    assert audit(performance_id=house.performance_id) == ()


def test_another_spelling_is_the_same_seat(house: Evening) -> None:
    sold = house.seat("A", "1")
    house.hold(sold)
    section = BEFORE.sections[0]
    first = replace(section.rows[0], row_number=" a".strip())
    done = house.change(
        replace(
            BEFORE, sections=(replace(section, rows=(first, section.rows[1])), BEFORE.sections[1])
        )
    )
    assert (done.added, done.removed, done.updated) == (0, 0, 3)
    assert Seat.objects.get(pk=sold).row_number == "a"


def test_the_same_key_gives_the_same_answer(house: Evening) -> None:
    first = house.change(AFTER, idempotency_key="once")
    again = house.change(AFTER, idempotency_key="once")
    assert replace(again, replayed=False) == first
    assert again.replayed
    with pytest.raises(Refusal) as refused:
        house.change(BEFORE, idempotency_key="once")
    assert refused.value.code == "key_reused"


def test_a_plan_that_outgrows_the_venue_is_refused(house: Evening) -> None:
    before = snapshot(house.performance_id)
    with pytest.raises(Refusal) as refused:
        house.change(plan_of({"Stalls": ({"A": 3}, 5000)}))
    assert refused.value.code == "over_venue"
    assert snapshot(house.performance_id) == before


rows = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 3), max_size=3)
shapes = st.dictionaries(
    st.sampled_from(["Stalls", "Pit", "Balcony"]),
    st.tuples(rows, st.integers(0, 4)).filter(lambda shape: bool(shape[0]) or shape[1] > 0),
    min_size=1,
)


@given(shapes, st.lists(shapes, min_size=1, max_size=3), st.data())
@settings(max_examples=25)
def test_the_engine_changes_what_the_pure_rule_says(
    db_committed: None,
    make_stage: Callable[..., Any],
    first: dict[str, Any],
    later: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    house, plan = evening(make_stage, plan_of(first)), plan_of(first)
    free = list(Seat.objects.filter(performance_id=house.performance_id).order_by("id"))
    taken = data.draw(st.lists(st.sampled_from(free), max_size=2, unique=True)) if free else []
    if taken:
        house.hold(*(seat.pk for seat in taken))
    names = dict(
        EventSection.objects.filter(performance_id=house.performance_id).values_list("id", "name")
    )
    held = frozenset(
        Taken(names[seat.section_id], seat.row_number, seat.seat_number) for seat in taken
    )
    for shape in later:
        wanted = planned_change(plan, plan_of(shape), held)
        before = snapshot(house.performance_id)
        if wanted.orphans:
            with pytest.raises(Refusal) as refused:
                house.change(plan_of(shape))
            assert refused.value.code == "would_orphan"
            assert refused.value.facts["count"] == len(wanted.orphans)
            assert snapshot(house.performance_id) == before
            continue
        done = house.change(plan_of(shape))
        assert wanted == PlanChange(
            added=done.added
            + sum(
                Seat.objects.filter(performance_id=house.performance_id, section__name=name).count()
                for name in done.new_sections
            ),
            removed=done.removed,
            places=done.max_capacity,
            orphans=(),
        )
        assert audit(performance_id=house.performance_id) == ()
        plan = plan_of(shape)
