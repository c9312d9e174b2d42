"""Halls from parameters: every seat once, numbered as asked, at a place of its own."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans import own
from fullhouse.events.domain.plans.document import Area, Plan
from fullhouse.events.domain.plans.generate import SIDES, Floor, Stand, generate
from fullhouse.events.domain.plans.make import NUMBERINGS, ROW_LABELS, Block, seat_numbers

FRONT = Block(name="Front", rows=3, seats_per_row=6)


@st.composite
def stands(draw: st.DrawFn, number: int) -> Stand:
    seats = draw(st.integers(1, 14))
    block = Block(
        name=f"Block {number}",
        rows=draw(st.integers(1, 6)),
        seats_per_row=seats,
        row_labels=draw(st.sampled_from(ROW_LABELS)),
        first_row=draw(st.integers(1, 40)),
        numbering=draw(st.sampled_from(NUMBERINGS)),
        first_seat=draw(st.integers(1, 30)),
        right_to_left=draw(st.booleans()),
        aisles_after=tuple(
            draw(st.sets(st.integers(1, seats - 1), max_size=2)) if seats > 1 else ()
        ),
    )
    return Stand(block=block, side=draw(st.sampled_from(SIDES)), curve=draw(st.integers(0, 180)))


@st.composite
def halls(draw: st.DrawFn) -> tuple[Stand, ...]:
    return tuple(draw(stands(number)) for number in range(draw(st.integers(1, 4))))


def spots(plan: Plan, section: int) -> list[tuple[float, float]]:
    part = plan.sections[section]
    return [
        ((part.x or 0) + (row.x or 0) + (seat.x or 0), (part.y or 0) + (row.y or 0) + (seat.y or 0))
        for row in part.rows
        for seat in row.seats
    ]


@settings(max_examples=60)
@given(halls())
def test_any_hall_is_whole(parts: tuple[Stand, ...]) -> None:
    plan = generate("Hall", parts)
    assert plan.seats == sum(part.block.rows * part.block.seats_per_row for part in parts)
    assert own.from_document(own.as_document(plan)) == plan
    for number, part in enumerate(parts):
        for row in plan.sections[number].rows:
            assert [int(seat.seat_number) for seat in row.seats] == seat_numbers(part.block)
        places = spots(plan, number)
        nearest = min(
            (math.dist(one, other) for i, one in enumerate(places) for other in places[:i]),
            default=math.inf,
        )
        # The chord of half a circle is 2 / pi of its arc; labels are placed to 0.01.
        assert nearest > part.block.pitch * 2 / math.pi - 0.02


@given(st.integers(1, 20), st.sampled_from(NUMBERINGS))
def test_right_to_left_is_the_mirror(seats: int, numbering: str) -> None:
    block = replace(FRONT, seats_per_row=seats, numbering=numbering)
    mirrored = replace(block, right_to_left=True)
    one, other = (generate("Hall", (Stand(block=each),)) for each in (block, mirrored))
    numbers = [
        [seat.seat_number for seat in plan.sections[0].rows[0].seats] for plan in (one, other)
    ]
    assert numbers[0] == numbers[1][::-1]


def test_a_curve_brings_the_ends_nearer_to_the_stage() -> None:
    plan = generate("Hall", (Stand(block=FRONT, curve=90),))
    ys = [y for _, y in spots(plan, 0)[:6]]
    assert ys[0] < ys[1] < ys[2] == ys[3]
    assert ys[0] == pytest.approx(ys[5])


def test_side_blocks_stand_beside_and_touch_nothing() -> None:
    parts = tuple(
        Stand(block=replace(FRONT, name=side), side=side) for side in ("middle", "left", "right")
    )
    plan = generate("Hall", parts)
    middle, left, right = ([x for x, _ in spots(plan, n)] for n in range(3))
    assert max(left) < min(middle)
    assert max(middle) < min(right)
    assert {y for _, y in spots(plan, 0)} == {y for _, y in spots(plan, 1)}


def test_flags_are_of_exactly_the_seats_named() -> None:
    stand = Stand(
        block=FRONT, accessible=("a-01", "C-5..6"), companion=("A-۲",), restricted_view=("B-6",)
    )
    seats = {
        f"{row.row_number}-{seat.seat_number}": seat
        for row in generate("Hall", (stand,)).sections[0].rows
        for seat in row.seats
    }
    flagged = {name for name, seat in seats.items() if seat.accessible}
    assert flagged == {"A-1", "C-5", "C-6"}
    assert [name for name, seat in seats.items() if seat.companion] == ["A-2"]
    assert [name for name, seat in seats.items() if seat.restricted_view] == ["B-6"]


@pytest.mark.parametrize(
    ("part", "argument"),
    [
        (Stand(block=FRONT, accessible=("Z-1",)), "parts[1].accessible"),
        (Stand(block=FRONT, curve=181), "parts[1].curve"),
        (Stand(block=replace(FRONT, rows=0)), "parts[1].rows"),
        (Stand(block=replace(FRONT, name="floor")), "parts[1]"),
        (Floor(area=Area(name="Bar", capacity=0)), "parts[1]"),
    ],
)
def test_what_cannot_be_meant_is_named(part: Stand | Floor, argument: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        generate("Hall", (Floor(area=Area(name="Floor", capacity=9)), part))
    assert caught.value.argument == argument


def test_areas_and_prices_by_category() -> None:
    parts = (
        Stand(block=replace(FRONT, category="A"), price=Decimal(50)),
        Stand(block=replace(FRONT, name="Back", category="A"), price=Decimal(9)),
        Floor(area=Area(name="Floor", capacity=300, category="B"), price=Decimal(20)),
    )
    plan = generate("Hall", parts)
    assert (plan.seats, plan.places) == (36, 336)
    assert {one.name: one.price for one in plan.categories} == {
        "A": Decimal(50),
        "B": Decimal(20),
    }
