"""Which seats an offer to the waiting list chooses."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain import waiting
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.house import Entry, House
from fullhouse.events.models import EventPerformance, Seat
from fullhouse.events.services.house import house
from fullhouse.events.services.waiting_list import join_waiting_list
from fullhouse.events.services.waiting_offers import offer_waiting

from .conftest import Hall
from .houses import Part, build, loaded
from .rows import Drawn, draw
from .test_waiting_list import join, status

Refused = Callable[..., Refusal]


def ranked(seats: tuple[UUID, ...], ranks: list[int], row: int = 0) -> None:
    for seat, rank in zip(seats, ranks, strict=True):
        Seat.objects.filter(pk=seat).update(seat_rank=rank, row_rank=row)


def keep_unseated(hall: Hall) -> None:
    house(
        performance_id=hall.performance_id,
        reason="standing only on other evenings",
        quantities={hall.adult_places: 6, hall.pool: 4, hall.student_places: 5},
    )


@pytest.mark.parametrize(
    ("ranks", "together", "chosen"),
    [
        ([1, 2, 3, 4], True, (0, 1, 2)),
        ([1, 3, 4, 5], True, (1, 2, 3)),
        ([1, 2, 4, 5], True, None),
        ([1, 2, 4, 5], False, (0, 1, 2)),
    ],
)
def test_a_party_sits_side_by_side_unless_it_need_not(
    hall: Hall, ranks: list[int], together: bool, chosen: tuple[int, ...] | None
) -> None:
    keep_unseated(hall)
    ranked(hall.adult_seats, ranks)
    ranked(hall.pool_seats, [1, 3], row=9)
    entry = join(hall, 3, ticket_type_id=hall.adult, together=together)
    if chosen is None:
        with pytest.raises(Refusal, match="nothing_fits"):
            offer_waiting(performance_id=hall.performance_id)
        assert status(entry) == "waiting"
        return
    made = offer_waiting(performance_id=hall.performance_id)
    assert [line.seat_id for line in made.lines] == [hall.adult_seats[i] for i in chosen]


rows_drawn = st.lists(
    st.text(alphabet=". x", min_size=1, max_size=7).filter(lambda row: "." in row),
    min_size=1,
    max_size=3,
)


def offered_seats(drawn: Drawn, quantity: int, together: bool) -> list[tuple[int, int]] | None:
    """Let a party join and be offered places; return its seats by row and place."""
    named = {"performance_id": drawn.performance_id}
    try:
        join_waiting_list(**named, quantity=quantity, together=together)
        offer = offer_waiting(**named)
    except Refusal:
        return None
    return drawn.ranks(line.seat_id for line in offer.lines if line.seat_id)


def twin_of(drawn: Drawn, orphan_rule: bool) -> House:
    twin = loaded(drawn.performance_id)
    twin.sections[drawn.section_id].orphan_rule = orphan_rule
    twin.types[drawn.ticket_type_id] = Decimal(1)
    for (row, rank), seat in drawn.seats.items():
        twin.seats[seat].row, twin.seats[seat].rank = f"{row:03}", rank
    return twin


@given(rows_drawn, st.integers(1, 4), st.booleans(), st.booleans())
@settings(max_examples=40)
def test_offers_choose_the_seats_that_the_pure_list_chooses(
    db_committed: None,
    make_stage: Callable[..., Any],
    rows: list[str],
    quantity: int,
    together: bool,
    orphan_rule: bool,
) -> None:
    drawn = draw(make_stage, *rows, orphan_rule=orphan_rule)
    twin = twin_of(drawn, orphan_rule)
    twin.waiting["party"] = Entry(quantity, together=together)
    seats = offered_seats(drawn, quantity, together)
    outcome = waiting.offer(twin, None, now=0)
    assert (outcome["outcome"] == "offered") == (seats is not None)
    if seats is not None:
        lines = twin.reservations["offer", "party"].lines
        assert drawn.ranks(line.seat for line in lines) == seats  # type: ignore[misc]


@pytest.mark.parametrize(
    ("rows", "orphan_rule", "together", "seats"),
    [
        (("....", "....."), False, True, [(1, 1), (1, 2), (1, 3)]),
        (("....", "....."), True, True, [(2, 1), (2, 2), (2, 3)]),
        (("x.....",), True, True, [(1, 2), (1, 3), (1, 4)]),
        (("....", "x..."), True, False, [(2, 2), (2, 3), (2, 4)]),
        (("....",), True, True, [(1, 1), (1, 2), (1, 3)]),  # it cannot be helped
    ],
)
def test_an_offer_leaves_no_single_seat_where_that_can_be_helped(
    db_committed: None,
    make_stage: Callable[..., Any],
    rows: tuple[str, ...],
    orphan_rule: bool,
    together: bool,
    seats: list[tuple[int, int]],
) -> None:
    drawn = draw(make_stage, *rows, orphan_rule=orphan_rule)
    assert offered_seats(drawn, 3, together) == seats


def test_accessible_seats_wait_for_those_who_need_them(hall: Hall, refused: Refused) -> None:
    keep_unseated(hall)
    Seat.objects.filter(pk__in=hall.adult_seats).update(is_accessible=True)
    Seat.objects.filter(pk__in=hall.pool_seats).update(is_companion=True)
    join(hall, 1)
    assert refused(offer_waiting).code == "nothing_fits"
    EventPerformance.objects.filter(pk=hall.performance_id).update(
        accessible_release_at="2020-01-01T00:00Z"
    )
    offer_waiting(performance_id=hall.performance_id)


def test_only_the_section_wished_for(hall: Hall, refused: Refused) -> None:
    balcony = build(hall.performance_id, Part(None, 2), name="Balcony")
    join(hall, 2, section_id=balcony.section_id)
    made = offer_waiting(performance_id=hall.performance_id)
    assert {line.allocation_id for line in made.lines} == set(balcony.allocation_ids)
    join(hall, 1, section_id=balcony.section_id)
    said = refused(offer_waiting)
    assert (said.code, said.facts) == ("nothing_fits", {"waiting": 1})
