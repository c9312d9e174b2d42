"""Plans change back and forth while everybody sells: no deadlock, no orphan, clean books."""

import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from engine.houses import faults, sell_beyond

from fullhouse.events.domain.errors import Conflict, Refusal
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.plans.document import Area, Plan
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.domain.plans.make import Block, make_plan
from fullhouse.events.models import Seat, SectionTicketType
from fullhouse.events.services.audit import audit
from fullhouse.events.services.plans import apply_plan, change_plan, keep_plan, kept_plan

from . import clients

pytestmark = pytest.mark.race
SELLERS = 3
SECONDS = 4.0
TERMS = Terms(price=Decimal(20))


def plan(rows: int, places: int) -> Plan:
    """Return a plan of `rows` rows of six and a pit of `places`."""
    blocks = (Block(name="Stalls", rows=rows, seats_per_row=6),)
    return make_plan("House", blocks=blocks, areas=(Area(name="Pit", capacity=places),))


def test_a_plan_changes_beside_sales(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    stage, name = make_stage(), f"House {uuid7()}"
    performance = stage.performance_id
    for version in (plan(12, 60), plan(9, 40)):
        keep_plan(plan=version, name=name)
    versions = [kept_plan(name=name, version=number) for number in (1, 2)]
    apply_plan(performance_id=performance, kept=versions[0], terms=TERMS)
    allocations = list(SectionTicketType.objects.filter(performance_id=performance))
    house = {
        "performance": performance,
        "type": str(stage.ticket_type_ids[0]),
        "sections": [str(one.section_id) for one in allocations],
        "allocations": [str(one.pk) for one in allocations],
        "seats": [
            str(key)
            for key in Seat.objects.filter(performance_id=performance).values_list("pk", flat=True)
        ],
        "overbooked": [str(sell_beyond(performance, one.pk, 3)[0]) for one in allocations * 3],
        "kept": [],
    }
    sellers = crowd(clients.storm, [(conninfo, house, SECONDS, seed) for seed in range(SELLERS)])
    sellers.start()
    seen: Counter[str] = Counter()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        wanted = versions[seen.total() % 2]
        try:
            change_plan(performance_id=performance, kept=wanted, terms=TERMS)
            seen["changed"] += 1
        except Refusal as refusal:
            seen[refusal.code] += 1
        except Conflict as conflict:
            seen["busy" if "55P03" in str(conflict) else str(conflict)] += 1
    for _, wrong in sellers.answers(SECONDS + 120):
        assert wrong == [], wrong[:3]
    assert set(seen) <= {"changed", "would_orphan", "busy"}, seen
    assert seen["changed"]
    assert audit(performance_id=performance) == ()
    assert faults(performance) == []
