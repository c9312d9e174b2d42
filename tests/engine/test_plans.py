"""Plans in versions that never change, and houses built from them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.plans.document import Area, Plan
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.domain.plans.make import Block, make_plan
from fullhouse.events.models import EventPerformance, EventSection, Seat, SeatingPlan
from fullhouse.events.services.audit import audit
from fullhouse.events.services.plans import apply_plan, document_of, keep_plan, kept_plan

pytestmark = pytest.mark.usefixtures("db_committed")
TERMS = Terms(price=Decimal("20.00"), currency="EUR")


def small(**wanted: Any) -> Plan:
    """Return a plan of its own name: two rows of four with an aisle, and a pit of ten."""
    block = Block(name="Stalls", rows=2, seats_per_row=4, aisles_after=(2,), category="A")
    plan = make_plan(f"House {uuid7()}", blocks=(block,), areas=(Area(name="Pit", capacity=10),))
    return replace(plan, **wanted)


def test_the_same_plan_is_the_same_version() -> None:
    plan = small()
    first = keep_plan(plan=plan, name=plan.name, source_format="csv", actor="test")
    again = keep_plan(plan=plan, name=plan.name)
    other = keep_plan(plan=replace(plan, width=100), name=plan.name)
    assert (first.version, first.new, first.seats, first.places) == (1, True, 8, 18)
    assert (again.plan_id, again.new) == (first.plan_id, False)
    assert (other.version, other.new) == (2, True)
    assert SeatingPlan.objects.get(pk=other.plan_id).previous_id == first.plan_id
    assert kept_plan(name=plan.name).version == 2
    assert document_of(kept_plan(name=plan.name, version=1)) == plan
    with pytest.raises(Refusal) as refused:
        kept_plan(name=plan.name, version=3)
    assert refused.value.code == "no_plan"
    with pytest.raises(InvalidRequest):
        keep_plan(plan=plan, name="  ")


def test_a_version_never_changes() -> None:
    plan = small()
    kept = keep_plan(plan=plan, name=plan.name)
    row = SeatingPlan.objects.get(pk=kept.plan_id)
    row.save()  # says nothing new
    row.digest = "another"
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        row.save()


def test_one_version_builds_many_performances(make_stage: Callable[..., Any]) -> None:
    plan = small()
    keep_plan(plan=plan, name=plan.name)
    kept = kept_plan(name=plan.name)
    for _ in range(2):
        stage = make_stage()
        opened = apply_plan(performance_id=stage.performance_id, kept=kept, terms=TERMS)
        assert opened.max_capacity == 18
        assert audit(performance_id=stage.performance_id) == ()
        performance = EventPerformance.objects.get(pk=stage.performance_id)
        assert (performance.seating_plan_id, performance.plan_version) == (kept.pk, 1)
        stalls = EventSection.objects.get(performance=performance, name="Stalls")
        assert stalls.orphan_rule
        labels = [
            (seat.row_number, seat.seat_number, seat.row_rank, seat.seat_rank)
            for seat in Seat.objects.filter(section=stalls).order_by("row_rank", "seat_rank")
        ]
        assert labels[:4] == [
            ("A", "1", 1, 1),
            ("A", "2", 1, 2),
            ("A", "3", 1, 4),
            ("A", "4", 1, 5),
        ]
    with pytest.raises(Refusal) as refused:
        apply_plan(performance_id=stage.performance_id, kept=kept, terms=TERMS)
    assert refused.value.code == "duplicate_section"


def test_a_plan_too_large_for_the_venue_builds_nothing(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(total_capacity=17)
    plan = small()
    keep_plan(plan=plan, name=plan.name)
    with pytest.raises(Refusal) as refused:
        apply_plan(performance_id=stage.performance_id, kept=kept_plan(name=plan.name), terms=TERMS)
    assert refused.value.code == "over_venue"
    performance = EventPerformance.objects.get(pk=stage.performance_id)
    assert (performance.seating_plan_id, performance.plan_version) == (None, 0)


def seat_version(performance_id: Any) -> int:
    return EventPerformance.objects.get(pk=performance_id).plan_version


def test_the_version_of_the_seats_rises_whoever_changes_them(
    make_stage: Callable[..., Any],
) -> None:
    stage, plan = make_stage(), small()
    keep_plan(plan=plan, name=plan.name)
    apply_plan(performance_id=stage.performance_id, kept=kept_plan(name=plan.name), terms=TERMS)
    seats = Seat.objects.filter(performance_id=stage.performance_id)
    assert seat_version(stage.performance_id) == 1
    seats.update(price=9)
    assert seat_version(stage.performance_id) == 1  # what a plan tells is the same
    seats.update(is_premium=True)
    assert seat_version(stage.performance_id) == 2  # once, not once a seat
    seats.filter(row_number="A").update(row_number="AA")
    assert seat_version(stage.performance_id) == 3
    with transaction.atomic():
        seats.filter(row_number="AA").update(row_rank=9)
        seats.filter(row_number="AA").update(row_number="A")
    assert seat_version(stage.performance_id) == 4
    EventSection.objects.filter(performance_id=stage.performance_id, name="Pit").update(position=0)
    assert seat_version(stage.performance_id) == 5
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        seats.filter(row_number="A").update(status="sold")
        assert seat_version(stage.performance_id) == 5
        seats.filter(row_number="A", seat_number="1").delete()
        assert seat_version(stage.performance_id) == 6
        transaction.set_rollback(True)
