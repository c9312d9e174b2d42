"""A seat sold twice in the legacy data, then refunded and given anew: the way back loses nobody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest

from fullhouse.events.models import ReservationLine
from fullhouse.events.services.house import house
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.events.services.release import release
from fullhouse.migration import runs, sql_files
from fullhouse.migration.exit_codes import MismatchError
from fullhouse.migration.live.cannot_hold import cannot_hold
from fullhouse.migration.models import RunEvent
from fullhouse.migration.runs import State

from ..builders import House
from .over_scene import USING, Stage, hold, seat, sell, stage


@dataclass(frozen=True, slots=True)
class Twice:
    """Where it is: the stage, the evening, the seat as it is in Fullhouse, its other legacy row."""

    stage: Stage
    evening: UUID
    seat: UUID
    other_row: UUID | None

    def second(self) -> ReservationLine:
        """The overbooked place of the second buyer."""
        return ReservationLine.objects.get(performance_id=self.evening, overbooked=True)

    def refund_first(self) -> None:
        line = ReservationLine.objects.get(seat_id=self.seat, status="sold")
        refund(
            performance_id=self.evening,
            reservation_id=line.reservation_id,
            lines=[RefundLine(line.pk)],
        )


def _by_id(made: House, evening: UUID, row: UUID) -> UUID | None:
    made.booking(evening, [row], people=1)
    made.booking(evening, [row], people=1)
    return None


def _by_label(made: House, evening: UUID, row: UUID) -> UUID | None:
    made.booking(evening, [row], people=1)
    made.booking(evening, ["A-1-01"], people=1)
    return None


def _by_another_row(made: House, evening: UUID, row: UUID) -> UUID | None:
    twin = made.seat(evening, "A-1-1", "sold")
    made.booking(evening, [row], people=1)
    made.booking(evening, [twin], people=1)
    return twin


def _without_bookings(made: House, evening: UUID, row: UUID) -> UUID | None:
    return made.seat(evening, "A-1-1", "sold")


FORMS = (_by_id, _by_label, _by_another_row, _without_bookings)


@pytest.fixture
def form() -> Callable[[House, UUID, UUID], UUID | None]:
    return _by_id


@pytest.fixture
def twice(db_committed: None, form: Callable[[House, UUID, UUID], UUID | None]) -> Iterator[Twice]:
    made = House()
    evening = made.performance(4)
    row = made.seat(evening, "A-1-01", "sold")
    made.seats(evening, "B", 3)
    other = form(made, evening, row)
    with stage(made) as one:
        one.take_over()
        one.cut_over()
        first = ReservationLine.objects.get(
            performance_id=evening, seat__isnull=False, status="sold"
        )
        assert first.seat_id is not None
        rows = {row, other} - {first.seat_id}
        yield Twice(one, evening, first.seat_id, rows.pop() if other else None)


@pytest.mark.parametrize("form", FORMS)
def test_held_anew_it_is_named_and_the_way_back_keeps_both(twice: Twice) -> None:
    one, second = twice.stage, twice.second()
    twice.refund_first()
    mine = hold(twice.evening, seat(twice.seat))
    run = one.roll_back()
    assert run.state == State.ROLLED_BACK
    losses = RunEvent.objects.filter(run=run, phase="cannot_hold").latest("id").detail["losses"]
    named = {loss["kind"]: loss for loss in losses}
    assert named["second_sale"]["performances"] == [str(twice.evening)]
    assert named["second_sale"]["places"] == 0
    assert one.booking(mine)["status"] == "pending"
    one.take_over()
    lines = ReservationLine.objects.filter(performance_id=twice.evening)
    states = dict(lines.values_list("reservation_id", "status"))
    assert states[mine] == "reserved"
    assert states[second.reservation_id] == "sold"
    assert sum(lines.filter(overbooked=True).values_list("quantity", flat=True)) == 1


def test_sold_anew_or_kept_by_the_house_is_as_well(twice: Twice) -> None:
    one = twice.stage
    twice.refund_first()
    sold = sell(twice.evening, seat(twice.seat))
    assert kinds(twice)["second_sale"] == 1
    refund(performance_id=twice.evening, reservation_id=sold)
    house(performance_id=twice.evening, reason="camera", seat_ids=[twice.seat])
    assert kinds(twice)["second_sale"] == 1
    assert one.roll_back().state == State.ROLLED_BACK


def test_it_is_not_named_while_the_first_buyer_has_it(twice: Twice) -> None:
    sell(twice.evening, seat(twice.stage.seats(twice.evening, "B")[0]))
    assert "second_sale" not in kinds(twice)


def test_once_the_second_buyer_is_refunded_too_there_is_nothing_to_name(twice: Twice) -> None:
    second = twice.second()
    twice.refund_first()
    refund(
        performance_id=twice.evening,
        reservation_id=second.reservation_id,
        lines=[RefundLine(second.pk)],
    )
    hold(twice.evening, seat(twice.seat))
    assert "second_sale" not in kinds(twice)
    assert twice.stage.roll_back().state == State.ROLLED_BACK


def test_a_seat_that_reads_sold_to_nobody_known_stops_it(twice: Twice) -> None:
    """Only the second buyer's own place excuses it: a hold whose row says sold is no such case."""
    free = twice.stage.seats(twice.evening, "B")[0]
    held = hold(twice.evening, seat(free))
    real = sql_files.text
    wrong = "CASE WHEN w.id IS NULL THEN 'blocked' WHEN w.status = 'reserved' THEN 'sold'"

    def text(asked: str) -> str:
        said = real(asked)
        if asked != "live/reverse/20_seats.sql":
            return said
        assert "CASE WHEN w.id IS NULL THEN 'blocked'" in said
        return said.replace("CASE WHEN w.id IS NULL THEN 'blocked'", wrong)

    with patch.object(sql_files, "text", text), pytest.raises(MismatchError, match=str(free)):
        twice.stage.roll_back()
    assert twice.stage.run.state == State.CUT_OVER
    release(performance_id=twice.evening, reservation_id=held)


def kinds(twice: Twice) -> dict[str, Any]:
    run = twice.stage.run
    found = cannot_hold(run, runs.load_source(twice.stage.order), using=USING)
    return {loss.kind: loss.count for loss in found}
