"""Capacity without seats, and documents that say nothing."""

import json
from uuid import UUID

from ..builders import House
from ..oracle.general import POOL
from ..picture import Leaf, Picture
from .registry import Check, case, in_a


@case
def general_admission_by_type(house: House) -> tuple[UUID, Check]:
    evening = house.performance(50, {" vip ": "۲۰", str(house.type_ids["Normal"]): 30.0})
    vip, normal = house.type_ids["VIP"], house.type_ids["Normal"]
    sold = house.booking(evening, [], [house.places("VIP", 2)], people=2)
    held = house.booking(evening, [], [house.places("Normal", 3)], people=3, status="pending")

    def check(picture: Picture) -> None:
        assert picture.sections == {"vip": 20, "normal": 30}
        assert picture.leaves["vip", vip] == Leaf(20, 18, 18, 0, 2)
        assert picture.leaves["normal", normal] == Leaf(30, 27, 27, 3, 0)
        assert picture.of(sold, "sold") == {None: 2}
        assert picture.of(held, "reserved") == {None: 3}

    return evening, check


@case
def general_admission_with_a_remainder(house: House) -> tuple[UUID, Check]:
    evening = house.performance(50, {"VIP": 20, "Ghost": 7, "Normal": -3})
    house.booking(evening, [], [], people=4)

    def check(picture: Picture) -> None:
        assert picture.sections == {"vip": 20, "ghost": 7, POOL: 23}
        assert picture.leaves[POOL, None] == Leaf(23, 19, 19, 0, 4)

    return evening, check


@case
def general_admission_where_every_type_is_the_full_house(house: House) -> tuple[UUID, Check]:
    evening = house.performance(50, {"VIP": 50, "Normal": 50})
    house.booking(evening, [], [house.places("VIP", 5)], people=5)

    def check(picture: Picture) -> None:
        assert picture.leaves == {(POOL, None): Leaf(50, 45, 45, 0, 5)}

    return evening, check


@case
def general_admission_oversold(house: House) -> tuple[UUID, Check]:
    evening = house.performance(3)
    first = house.booking(evening, [], [], people=2)
    second = house.booking(evening, [], [], people=3)

    def check(picture: Picture) -> None:
        assert picture.max_capacity == 5
        assert picture.leaves == {(POOL, None): Leaf(5, 0, 0, 0, 5)}
        assert sum(picture.of(first).values()) == 2
        assert sum(picture.of(second).values()) == 3

    return evening, check


@case
def capacity_only_in_the_document(house: House) -> tuple[UUID, Check]:
    evening = house.performance(0, json.dumps({"VIP": 12}))

    def check(picture: Picture) -> None:
        assert picture.sections == {"vip": 12}

    return evening, check


@case
def json_null_is_nothing(house: House) -> tuple[UUID, Check]:
    evening = house.performance(9)
    for row in house.rows:
        if row["pk"] == str(evening):
            row["fields"]["ticket_capacities"] = None
    house.booking(evening, None, None, people=2)

    def check(picture: Picture) -> None:
        assert picture.leaves == {(POOL, None): Leaf(9, 7, 7, 0, 2)}

    return evening, check


@case
def nothing_at_all_is_empty(house: House) -> tuple[UUID, Check]:
    evening = house.performance(0)

    def check(picture: Picture) -> None:
        assert (picture.max_capacity, picture.sections) == (0, {})

    return evening, check


@case
def seats_are_the_truth_where_there_are_seats(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1000, {"VIP": 1000, "Normal": 1000})
    house.seats(evening, "A", 4)

    def check(picture: Picture) -> None:
        assert picture.leaves == {("a", None): Leaf(4, 4, 0, 0, 0)}
        assert picture.max_capacity == 4

    return evening, check


@in_a(House(total_capacity=5))
def a_venue_smaller_than_its_performance(house: House) -> tuple[UUID, Check]:
    evening = house.performance(8, {"VIP": 8})

    def check(picture: Picture) -> None:
        assert picture.max_capacity == 8

    return evening, check


@in_a(House(types=()))
def an_event_without_types(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    house.seats(evening, "A", 2)

    def check(picture: Picture) -> None:
        assert sum(picture.sections.values()) == 2
        assert sum(leaf.available for leaf in picture.leaves.values()) == 2

    return evening, check


@case
def documents_of_every_wrong_shape(house: House) -> tuple[UUID, Check]:
    evening = house.performance(20, [{"VIP": 5}])
    for shape in (5, True, [None], {"seats": 1}, "nothing", [[1]], [{"seat_id": None}]):
        house.booking(evening, shape, [None, {"quantity": None}], people=1)

    def check(picture: Picture) -> None:
        assert picture.leaves == {(POOL, None): Leaf(20, 13, 13, 0, 7)}

    return evening, check


@case
def places_in_a_performance_that_is_empty(house: House) -> tuple[UUID, Check]:
    evening = house.performance(0)
    reference = house.booking(evening, [], [], people=3)

    def check(picture: Picture) -> None:
        assert picture.leaves == {("unseated", None): Leaf(3, 0, 0, 0, 3)}
        assert picture.overbooked(reference) == 3

    return evening, check
