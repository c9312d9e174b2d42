"""Plans made from parameters, and what a house made of a plan costs."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans import own, table
from fullhouse.events.domain.plans.document import Area
from fullhouse.events.domain.plans.house import Terms, house_plan
from fullhouse.events.domain.plans.make import Block, make_plan, row_label, seat_numbers


@pytest.mark.parametrize(
    ("block", "numbers"),
    [
        (Block(name="A", rows=1, seats_per_row=4), [1, 2, 3, 4]),
        (Block(name="A", rows=1, seats_per_row=4, right_to_left=True), [4, 3, 2, 1]),
        (Block(name="A", rows=1, seats_per_row=3, numbering="odd"), [1, 3, 5]),
        (Block(name="A", rows=1, seats_per_row=3, numbering="even", first_seat=3), [4, 6, 8]),
        (Block(name="A", rows=1, seats_per_row=5, numbering="odd_even"), [5, 3, 1, 2, 4]),
        (
            Block(name="A", rows=1, seats_per_row=5, numbering="odd_even", right_to_left=True),
            [4, 2, 1, 3, 5],
        ),
    ],
)
def test_houses_number_in_their_own_ways(block: Block, numbers: list[int]) -> None:
    assert seat_numbers(block) == numbers


def test_a_made_plan_has_aisles_and_labels() -> None:
    block = Block(
        name="Stalls", rows=28, seats_per_row=6, aisles_after=(2, 4), row_labels="letters"
    )
    plan = make_plan("House", blocks=(block,), areas=(Area(name="Floor", capacity=300),))
    stalls, floor = plan.sections
    assert [seat.rank for seat in stalls.rows[0].seats] == [1, 2, 4, 5, 7, 8]
    assert [row.row_number for row in stalls.rows[-2:]] == ["AA", "AB"]
    assert (plan.seats, plan.places, floor.unseated) == (168, 468, 300)
    assert [row_label("persian", n) for n in (1, 2, 33)] == ["ا", "ب", "اا"]
    assert own.read(own.write(plan)) == plan


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"rows": 0}, "blocks[0].rows"),
        ({"seats_per_row": -3}, "blocks[0].seats_per_row"),
        ({"rows": 5000, "seats_per_row": 200_000}, "blocks[0]"),
        ({"numbering": "roman"}, "blocks[0].numbering"),
        ({"aisles_after": (9,)}, "blocks[0].aisles_after"),
    ],
)
def test_a_block_that_cannot_be_meant(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        make_plan("House", blocks=(Block(**{"name": "A", "rows": 1, "seats_per_row": 9, **wrong}),))
    assert refused.value.argument == place


def test_a_house_costs_what_its_categories_say() -> None:
    vip = uuid4()
    plan = table.read(
        "section,row,seat,category,price,area,places\n"
        "Hall,A,1,Gold,,,\nHall,A,2,Silver,,,\nHall,A,3,Silver,7.50,,\nHall,,,Floor,,Pit,9\n"
    )
    terms = Terms(
        prices={"Gold": Decimal(50), "Floor": Decimal(10)},
        price=Decimal(20),
        currency="EUR",
        ticket_types={"Gold": vip},
    )
    (hall,) = house_plan(plan, terms).sections
    assert (hall.base_price, hall.total_capacity, hall.currency) == (10, 12, "EUR")
    assert [seat.price for seat in hall.seats] == [50, 20, Decimal("7.50")]
    assert [seat.ticket_type_id for seat in hall.seats] == [vip, None, None]
    assert [(a.ticket_type_id, a.allocated_capacity) for a in hall.ticket_types] == [(vip, 1)]
    with pytest.raises(InvalidRequest, match="Silver"):
        house_plan(plan, Terms(prices={"Gold": Decimal(1), "Floor": Decimal(1)}))
    with pytest.raises(InvalidRequest, match="Bronze"):
        house_plan(plan, Terms(price=Decimal(1), prices={"Bronze": Decimal(1)}))
