"""Best available: what is chosen and why, what is refused, and that it is a hold like any other."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.seat_choice import Wish, choose
from fullhouse.events.domain.split_party import split
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.best_available import Choice, Party, best_available
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .houses import Part, build, faults, make_overdue, snapshot
from .rows import PRICE, Drawn, draw, twin_rows

pytestmark = pytest.mark.usefixtures("db_committed")
Stage = Callable[..., Any]


def best(drawn: Drawn, seats: int, **wishes: Any) -> Choice:
    return best_available(performance_id=drawn.performance_id, party=Party(seats, **wishes))


def where(drawn: Drawn, choice: Choice) -> list[tuple[int, int]]:
    return drawn.ranks(seat.seat_id for seat in choice.seats)


def refusal(drawn: Drawn, seats: int, **wishes: Any) -> Refusal:
    before = snapshot(drawn.performance_id)
    with pytest.raises(Refusal) as caught:
        best(drawn, seats, **wishes)
    assert snapshot(drawn.performance_id) == before
    return caught.value


@pytest.mark.parametrize(
    ("rows", "party", "expected"),
    [
        (("oooooo", "oooooo"), Party(2), [(1, 3), (1, 4)]),
        (("xxxoxx", "oooooo"), Party(2), [(2, 3), (2, 4)]),
        (("oo oo", "xooox"), Party(3), [(2, 2), (2, 3), (2, 4)]),
        (("eeo", "ooo"), Party(3), [(1, 1), (1, 2), (1, 3)]),
        (("aao", "oo"), Party(2), [(2, 1), (2, 2)]),
        (("oao", "oaco"), Party(2, accessible=1), [(1, 1), (1, 2)]),
        (("ooo", "xaco"), Party(2, accessible=1), [(2, 2), (2, 3)]),
        (("rrr", "ooo"), Party(2), [(2, 1), (2, 2)]),
        (("rrr", "xxx"), Party(2), [(1, 1), (1, 2)]),
        (("rrr", "ooo"), Party(2, restricted_view=True), [(1, 1), (1, 2)]),
        (("oox", "xxo"), Party(3, split=True), [(1, 1), (1, 2), (2, 3)]),
        (("oox", "ooo"), Party(3, split=True), [(2, 1), (2, 2), (2, 3)]),
    ],
)
def test_what_is_chosen(
    make_stage: Stage, rows: tuple[str, ...], party: Party, expected: list[tuple[int, int]]
) -> None:
    drawn = draw(make_stage, *rows)
    made = best_available(performance_id=drawn.performance_id, party=party)
    assert where(drawn, made) == expected
    assert made.hold.total == PRICE * party.quantity
    assert faults(drawn.performance_id) == []


def test_the_focal_point_is_the_sections(make_stage: Stage) -> None:
    drawn = draw(make_stage, "ooooo", "ooooo", "ooooo")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_eventsection SET focal_row_rank = 2, focal_seat_rank = 5 WHERE id = %s",
            [drawn.section_id],
        )
    assert where(drawn, best(drawn, 2)) == [(2, 4), (2, 5)]
    assert where(drawn, best(drawn, 3)) == [(2, 1), (2, 2), (2, 3)]
    assert where(drawn, best(drawn, 2)) == [(1, 4), (1, 5)]


def test_the_answer_tells_seats_flaws_and_what_was_rejected(make_stage: Stage) -> None:
    drawn = draw(make_stage, "xox", "aao", "rrr", orphan_rule=True)
    made = best(drawn, 2)
    assert where(drawn, made) == [(3, 1), (3, 2)]
    assert made.restricted_view
    assert made.leaves_single
    assert made.parts == 1
    assert dict(made.rejected) == {"too_short": 1, "protected": 1, "restricted_view": 1}
    assert [seat.label for seat in made.seats] == ["R3-1", "R3-2"]


def test_without_room_it_says_how_many_seats_are_left_and_why_they_will_not_do(
    make_stage: Stage,
) -> None:
    drawn = draw(make_stage, "oxo", "oxo")
    assert refusal(drawn, 5).facts["left"] == 4
    refused = refusal(drawn, 2)
    assert (refused.code, refused.facts["left"]) == ("not_together", 4)
    assert refused.facts["rejected"] == {"too_short": 2}
    assert refusal(drawn, 5).code == "sold_out"
    assert refusal(drawn, 5, split=True).code == "sold_out"


def test_the_orphan_rule_is_the_sections(make_stage: Stage) -> None:
    free = draw(make_stage, "oooo ooo", orphan_rule=False)
    assert where(free, best(free, 2)) == [(1, 3), (1, 4)]
    assert where(free, best(free, 1)) == [(1, 6)]
    ruled = draw(make_stage, "ooo oooo", orphan_rule=True)
    made = best(ruled, 2)
    assert where(ruled, made) == [(1, 5), (1, 6)]
    assert not made.leaves_single


def test_accessible_places_are_kept_until_they_are_released(make_stage: Stage) -> None:
    drawn = draw(make_stage, "aco")
    assert refusal(drawn, 2).facts["rejected"] == {"protected": 1}
    release_at(drawn, datetime.timedelta(hours=1))
    assert refusal(drawn, 2).code == "not_together"
    release_at(drawn, datetime.timedelta(hours=-1))
    assert where(drawn, best(drawn, 2)) == [(1, 2), (1, 3)]


def release_at(drawn: Drawn, ahead: datetime.timedelta) -> None:
    EventPerformance.objects.filter(pk=drawn.performance_id).update(
        accessible_release_at=datetime.datetime.now(datetime.UTC) + ahead
    )


def test_types_and_sections_are_preferences(make_stage: Stage) -> None:
    drawn = draw(make_stage, "ppo", "ooo")
    adult = drawn.ticket_type_id
    assert where(drawn, best(drawn, 3, ticket_types=(adult,))) == [(1, 1), (1, 2), (1, 3)]
    other = draw(make_stage, "oo")
    unknown = refusal(drawn, 2, sections=(other.section_id,))
    assert (unknown.code, unknown.facts["what"]) == ("unknown", "section")
    foreign = refusal(drawn, 2, ticket_types=(other.ticket_type_id,))
    assert foreign.code == "not_on_offer"


def test_a_type_is_sold_from_its_own_places_and_the_pool(make_stage: Stage) -> None:
    drawn = draw(make_stage, "ppp")
    made = best(drawn, 2, ticket_types=(drawn.ticket_type_id,))
    assert {line.ticket_type_id for line in made.hold.lines} == {drawn.ticket_type_id}
    drawn = draw(make_stage, "ppp")
    assert {line.ticket_type_id for line in best(drawn, 2).hold.lines} == {None}


def test_freed_seats_are_found_again(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooo", "oooo")
    first = best(drawn, 4)
    assert where(drawn, best(drawn, 4))[0] == (2, 1)
    assert refusal(drawn, 1).code == "sold_out"
    release(performance_id=drawn.performance_id, reservation_id=first.hold.reservation_id)
    assert where(drawn, best(drawn, 4))[0] == (1, 1)


def test_a_hold_that_falls_due_is_found_without_a_sweep(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooo")
    first = best(drawn, 4)
    assert refusal(drawn, 4).code == "sold_out"
    make_overdue(first.hold.reservation_id)
    assert where(drawn, best(drawn, 4)) == [(1, rank) for rank in (1, 2, 3, 4)]
    assert expire(performance_id=drawn.performance_id).holds == 0
    assert faults(drawn.performance_id) == []


def test_seats_that_are_added_or_moved_are_found(make_stage: Stage) -> None:
    drawn = draw(make_stage, "ooxoo")
    assert refusal(drawn, 3).code == "not_together"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE events_seat SET row_rank = 7 WHERE id = ANY (%s)",
                       [drawn.ids(1, 1, 2)])  # fmt: skip
        cursor.execute("UPDATE events_seat SET row_rank = 7, seat_rank = 3 WHERE id = ANY (%s)",
                       [drawn.ids(1, 4)])  # fmt: skip
    assert len(best(drawn, 3).seats) == 3
    assert audit(drawn) == []


def test_rows_that_were_sold_by_name_are_passed_over_at_once(make_stage: Stage) -> None:
    drawn = draw(make_stage, *["oo"] * 40)
    gone = [seat for (row, _), seat in drawn.seats.items() if row < 40]
    held = reserve(
        performance_id=drawn.performance_id, requests=[SeatRequest(seat) for seat in gone]
    )
    confirm(performance_id=drawn.performance_id, reservation_id=held.reservation_id)
    assert where(drawn, best(drawn, 2)) == [(40, 1), (40, 2)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(longest) FROM events_seatrow WHERE performance_id = %s"
                       " AND row_rank < 40", [drawn.performance_id])  # fmt: skip
        assert cursor.fetchone() == (0,)
    line = held.lines[0]
    refund(performance_id=drawn.performance_id, reservation_id=held.reservation_id,
           lines=[RefundLine(line.line_id)])  # fmt: skip
    assert [seat.seat_id for seat in best(drawn, 1).seats] == [line.seat_id]
    assert audit(drawn) == []


def audit(drawn: Drawn) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_rows_v1(%s)", [drawn.performance_id])
        return cursor.fetchall()


def test_the_audit_finds_a_row_that_is_said_to_be_full(make_stage: Stage) -> None:
    drawn = draw(make_stage, "ooo", "ooo")
    best(drawn, 2)
    assert audit(drawn) == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE events_seatrow SET longest = 2 WHERE performance_id = %s"
                       " AND row_rank = 2", [drawn.performance_id])  # fmt: skip
        assert [row[0] for row in audit(drawn)] == ["rows"]
        cursor.execute("DELETE FROM events_seatrow WHERE performance_id = %s AND row_rank = 2",
                       [drawn.performance_id])  # fmt: skip
        assert [row[5] for row in audit(drawn)] == ["no such row"]
        transaction.set_rollback(True)


def test_one_key_one_choice(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooo")
    given_key: dict[str, Any] = {"performance_id": drawn.performance_id, "idempotency_key": "k"}
    first = best_available(party=Party(2), **given_key)
    again = best_available(party=Party(2), **given_key)
    assert again.hold.reservation_id == first.hold.reservation_id
    assert (again.hold.token, again.seats) == (first.hold.token, first.seats)
    with pytest.raises(Refusal) as caught:
        best_available(party=Party(1), **given_key)
    assert caught.value.code == "key_reused"


def test_closed_and_unknown(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooo")
    EventPerformance.objects.filter(pk=drawn.performance_id).update(status="closed")
    assert refusal(drawn, 2).code == "closed"
    with pytest.raises(Refusal) as caught:
        best_available(performance_id=uuid.uuid4(), party=Party(1))
    assert caught.value.code == "unknown"


def test_it_takes_no_place_without_a_number(make_stage: Stage) -> None:
    stage = make_stage()
    build(stage.performance_id, Part(None, 5))
    with pytest.raises(Refusal) as caught:
        best_available(performance_id=stage.performance_id, party=Party(1))
    assert (caught.value.code, caught.value.facts["left"]) == ("sold_out", 0)


marks = st.text("oooooxxeacrp ", min_size=1, max_size=7).filter(str.strip)


@given(st.lists(marks, min_size=1, max_size=4), st.integers(1, 5), st.booleans(), st.booleans(),
       st.integers(0, 1))  # fmt: skip
@example(["eeae", "e", "ee"], 5, False, True, 0)  # the nearest three would begin with one seat
@settings(max_examples=60)
def test_the_engine_chooses_as_the_pure_rows_do(
    make_stage: Stage, pictures: list[str], seats: int, orphan: bool, apart: bool, accessible: int
) -> None:
    rows = tuple(pictures)
    drawn = draw(make_stage, *rows, orphan_rule=orphan)
    known = twin_rows(rows, drawn)
    wish = Wish(seats, None, accessible, orphan=orphan)
    chosen = choose([known[row] for row in sorted(known)], wish)
    expected = None if chosen is None else [seat.key for seat in chosen.seats]
    if expected is None and apart and not accessible:
        parts = split(known, wish) or split(known, Wish(seats, restricted=True))
        expected = None if parts is None else [seat.key for seat in parts]
    wishes: dict[str, Any] = {"split": apart and not accessible, "accessible": accessible}
    if expected is None:
        assert refusal(drawn, seats, **wishes).code in ("not_together", "sold_out")
    else:
        assert where(drawn, best(drawn, seats, **wishes)) == drawn.ranks(expected), rows
    assert faults(drawn.performance_id) == []
    assert audit(drawn) == []


def test_a_mixed_reserve_still_works_beside_it(make_stage: Stage) -> None:
    drawn = draw(make_stage, "oooo")
    with pytest.raises(Refusal):
        reserve(performance_id=drawn.performance_id,
                requests=[Places(1, allocation_id=drawn.allocation_ids[0])])  # fmt: skip
    best(drawn, 2)
    left = drawn.ids(1, 1, 4)
    held = reserve(performance_id=drawn.performance_id, requests=[SeatRequest(s) for s in left])
    assert len(held.lines) == 2
