"""Batches and single buyers on the same places at once: no deadlock, clean books."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from engine.houses import Part, build, faults

from . import batch_clients

pytestmark = pytest.mark.race
ROUNDS = 30


def test_batches_and_single_buyers_share_the_places(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    stage = make_stage(types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    built = build(
        stage.performance_id,
        Part(adult, 120, seats=20),
        Part(student, 40),
        Part(None, 60, seats=10),
    )
    house = {
        "performance": str(stage.performance_id),
        "section": str(built.section_id),
        "type": str(adult),
        "allocations": [str(key) for key in built.allocation_ids],
        "seats": [str(seat) for part in built.seat_ids for seat in part],
    }
    sizes = (20, 20, 50, 0, 0)
    buyers = crowd(
        batch_clients.buy,
        [(conninfo, house, ROUNDS, seed, size) for seed, size in enumerate(sizes)],
    )
    buyers.start()
    seen: Counter[str] = Counter()
    for outcomes, wrong in buyers.answers():
        assert wrong == [], wrong[:3]
        seen.update(outcomes)
    assert faults(stage.performance_id) == [], seen
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_v1(%s)", [stage.performance_id])
        assert cursor.fetchall() == []
    assert {"granted", "sold_out", "seat_taken", "invalid", "confirmed", "released"} <= set(seen)
