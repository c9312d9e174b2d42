"""Named seats: no single seat is left where it need not be, and accessible places are kept."""

import datetime
import json
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.seat_choice import leaves_single
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.house import house
from fullhouse.events.services.reserve import Hold, SeatRequest, reserve

from .houses import faults, snapshot, wait_for_waiter
from .rows import Drawn, draw, twin_rows

pytestmark = pytest.mark.usefixtures("db_committed")
Stage = Callable[..., Any]


def hold(drawn: Drawn, row: int, *ranks: int, **named: Any) -> Hold:
    accessible = named.pop("accessible", False)
    return reserve(
        performance_id=drawn.performance_id,
        requests=drawn.asked(row, *ranks, accessible=accessible),
        **named,
    )


def refused(drawn: Drawn, row: int, *ranks: int) -> Refusal:
    before = snapshot(drawn.performance_id)
    with pytest.raises(Refusal) as caught:
        hold(drawn, row, *ranks)
    assert snapshot(drawn.performance_id) == before
    return caught.value


def test_a_single_seat_may_not_be_left(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooox", orphan_rule=True)
    single = refused(drawn, 1, 2, 3)
    assert single.code == "leaves_single"
    assert single.facts["seats"] == ["R1-1", "R1-4"]
    assert single.facts["instead"] == ["R1-1", "R1-2"]
    hold(drawn, 1, 1, 2)
    assert faults(drawn.performance_id) == []


def test_it_may_where_it_must(make_stage: Stage) -> None:
    drawn = draw(make_stage, "ooo", "oo ooo", "o oo", orphan_rule=True)
    hold(drawn, 1, 1, 2)
    assert refused(drawn, 2, 4, 5).facts["instead"] == ["R2-1", "R2-2"]
    hold(drawn, 3, 3, 4)  # the one across the aisle was single before


def test_a_section_without_the_rule(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooo", orphan_rule=False)
    hold(drawn, 1, 2, 3)


def test_an_aisle_ends_a_row_whatever_the_numbers_say(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oo oo", orphan_rule=True)
    hold(drawn, 1, 1)  # one of a pair cannot be had without leaving the other
    drawn = draw(make_stage, "oooo oo", orphan_rule=True)
    assert refused(drawn, 1, 2).facts["seats"] == ["R1-1"]
    hold(drawn, 1, 6, 7)


def test_seats_of_overdue_holds_are_free(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooe", orphan_rule=True)
    hold(drawn, 1, 1, 2)
    drawn = draw(make_stage, "ooooe", orphan_rule=True)
    assert refused(drawn, 1, 2, 3).facts["seats"] == ["R1-1"]


def test_staff_may_leave_a_single_seat(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooo", "oooo", orphan_rule=True)
    hold(drawn, 1, 2, 3, kind="comp")
    house(performance_id=drawn.performance_id, seat_ids=drawn.ids(2, 2, 3), reason="camera")


def test_accessible_places_are_kept_for_whoever_asks_for_them(make_stage: Stage) -> None:
    drawn = draw(make_stage, "acoo", orphan_rule=True)
    kept = refused(drawn, 1, 1, 3)
    assert (kept.code, kept.facts["seats"]) == ("protected", ["R1-1"])
    assert refused(drawn, 1, 2).code == "protected"
    hold(drawn, 1, 1, accessible=True)
    hold(drawn, 1, 2, kind="comp")


def test_from_their_release_they_are_everybodys(make_stage: Stage) -> None:
    drawn = draw(make_stage, "aco")
    now = datetime.datetime.now(datetime.UTC)
    for ahead in (1, -1):
        assert refused(drawn, 1, 1).code == "protected"
        EventPerformance.objects.filter(pk=drawn.performance_id).update(
            accessible_release_at=now + datetime.timedelta(hours=ahead)
        )
    hold(drawn, 1, 1, 2)


def test_kept_places_end_a_run(make_stage: Stage) -> None:
    drawn = draw(make_stage, "aooo", orphan_rule=True)
    hold(drawn, 1, 2, 3)  # of three in a row two always leave one
    drawn = draw(make_stage, "aoooo", orphan_rule=True)
    hold(drawn, 1, 2, 3)
    drawn = draw(make_stage, "aoooo", orphan_rule=True)
    assert refused(drawn, 1, 3, 4).facts["seats"] == ["R1-2", "R1-5"]


def test_what_cannot_be_meant_is_refused(make_stage: Stage) -> None:
    drawn = draw(make_stage, "a")
    with pytest.raises(InvalidRequest) as caught:
        reserve(
            performance_id=drawn.performance_id,
            requests=[SeatRequest(drawn.seats[1, 1], accessible=1)],  # type: ignore[arg-type]
        )
    assert caught.value.argument == "accessible"


def test_two_buyers_leave_no_single_seat_between_them(make_stage: Stage, conninfo: str) -> None:
    drawn = draw(make_stage, "ooooo", orphan_rule=True)
    answers: list[Any] = []

    def second() -> None:
        with psycopg.connect(conninfo, autocommit=True) as other:
            asked = Jsonb([{"seat_id": str(seat)} for seat in drawn.ids(1, 4, 5)])
            row = other.execute(
                "SELECT reserve_v1(%s, %s, 60, 'sale', 'second', NULL, '', '', '', '')",
                [drawn.performance_id, asked],
            ).fetchone()
            answers.append(row)

    with transaction.atomic():
        hold(drawn, 1, 1, 2)
        thread = threading.Thread(target=second)
        thread.start()
        wait_for_waiter(conninfo)
    thread.join()
    ((outcome,),) = answers
    assert outcome["outcome"] == "granted"  # of three that are left two always leave one
    drawn = draw(make_stage, "oooooo", orphan_rule=True)
    answers.clear()
    with transaction.atomic():
        hold(drawn, 1, 1, 2)
        thread = threading.Thread(target=second)
        thread.start()
        wait_for_waiter(conninfo)
    thread.join()
    ((outcome,),) = answers
    assert (outcome["outcome"], outcome["seats"]) == ("leaves_single", ["R1-3", "R1-6"])
    assert connection.in_atomic_block is False


@given(st.text("ooooxep a", min_size=2, max_size=9).filter(str.strip), st.data())
@settings(max_examples=80)
def test_the_engine_judges_as_the_pure_row_does(
    make_stage: Stage, picture: str, data: st.DataObject
) -> None:
    free = [rank for rank, mark in enumerate(picture, start=1) if mark in "oep"]
    assume(free)
    drawn = draw(make_stage, picture, orphan_rule=True)
    row = twin_rows((picture,), drawn)[1]
    for _ in range(3):
        ranks = data.draw(st.sets(st.sampled_from(free), min_size=1, max_size=4))
        asked = drawn.ids(1, *sorted(ranks))
        single = leaves_single(row, asked)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT leaves_single_v1(%s, %s, 1, %s, true)",
                [drawn.performance_id, drawn.section_id, asked],
            )
            (found,) = cursor.fetchone()
        if single is None:
            assert found is None, picture
        else:
            assert found is not None, picture
            facts = json.loads(found)
            assert facts["instead_ids"] == [str(seat) for seat in single.instead], picture
