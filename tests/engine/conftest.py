"""A small hall that the tests of the verbs share, and the proof that it still adds up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from fullhouse.events.domain.errors import Refusal

from .houses import Part, build, faults, snapshot


@dataclass(frozen=True, slots=True)
class Hall:
    """Stalls at 20.00: Adult 10 (4 numbered), Student 5 at half price, pool 6 (2 numbered)."""

    performance_id: UUID
    section_id: UUID
    adult: UUID
    student: UUID
    adult_places: UUID
    student_places: UUID
    pool: UUID
    adult_seats: tuple[UUID, ...]
    pool_seats: tuple[UUID, ...]


@pytest.fixture
def hall(db_committed: None, make_stage: Callable[..., Any]) -> Iterator[Hall]:
    """A hall of its own for the test; checked to add up when the test is done."""
    stage = make_stage(types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    built = build(
        stage.performance_id,
        Part(adult, 10, seats=4),
        Part(student, 5, modifier=Decimal("0.5")),
        Part(None, 6, seats=2),
    )
    yield Hall(
        stage.performance_id,
        built.section_id,
        adult,
        student,
        *built.allocation_ids,
        adult_seats=built.seat_ids[0],
        pool_seats=built.seat_ids[2],
    )
    assert faults(stage.performance_id) == []


@pytest.fixture
def refused(hall: Hall) -> Callable[..., Refusal]:
    """Return a caller that expects a refusal and that nothing moved."""

    def call(service: Callable[..., object], **arguments: Any) -> Refusal:
        before = snapshot(hall.performance_id)
        with pytest.raises(Refusal) as caught:
            service(performance_id=hall.performance_id, **arguments)
        assert snapshot(hall.performance_id) == before
        return caught.value

    return call
