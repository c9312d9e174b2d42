"""Twins, statuses, types and soft-deleted rows."""

from decimal import Decimal
from uuid import UUID

from ..builders import EARLY, LATE, House
from ..picture import Leaf, Picture
from .registry import Check, case, in_a, prices


@case
def twins_become_one_seat(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1)
    free = house.seat(evening, "A-1-05")
    held = house.seat(evening, "a-۱-5", "reserved")
    shut = house.seat(evening, "A -1-۰۵", "blocked")

    def check(picture: Picture) -> None:
        assert picture.max_capacity == 1
        assert picture.seats[held].status == "reserved"
        assert picture.aliases == {free: held, shut: held}
        assert picture.kinds(held) == {("legacy", "reserved")}

    return evening, check


@case
def two_sold_twins_are_a_double_sale(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1)
    later = house.seat(evening, "A-1-1", "sold", created_at=LATE, price="90.00")
    first = house.seat(evening, "A-1-01", "sold", created_at=EARLY, price="80.00")

    def check(picture: Picture) -> None:
        assert set(picture.seats) == {first}
        assert picture.aliases == {later: first}
        assert picture.leaves == {("a", None): Leaf(2, 0, 0, 0, 2)}
        assert picture.of(None) == {first: 1, None: 1}
        assert picture.overbooked(None) == 1
        assert prices(picture, None) == [Decimal(80), Decimal(90)]
        assert picture.unnamed_sales == {"a": 1}

    return evening, check


@case
def statuses_outside_the_list_are_kept_by_the_house(house: House) -> tuple[UUID, Check]:
    evening = house.performance(6)
    said = ["SOLD", "hold", "", "Available", " sold", "blocked"]
    seats = [house.seat(evening, f"A-1-{n}", status) for n, status in enumerate(said)]

    def check(picture: Picture) -> None:
        assert {picture.seats[seat].status for seat in seats} == {"reserved"}
        assert all(picture.kinds(seat) == {("house", "reserved")} for seat in seats)
        assert picture.leaves == {("a", None): Leaf(6, 0, 0, 6, 0)}

    return evening, check


@case
def types_of_seats(house: House) -> tuple[UUID, Check]:
    evening = house.performance(5)
    foreign = house.ticket_type("Elsewhere", event=house.other_event())
    inactive = house.ticket_type("Old", is_active=False)
    vip = house.type_ids["VIP"]
    for number, kind in enumerate([vip, vip, None, foreign, inactive]):
        house.seat(evening, f"A-1-{number}", kind=kind)

    def check(picture: Picture) -> None:
        assert picture.leaves == {
            ("a", vip): Leaf(2, 2, 0, 0, 0),
            ("a", None): Leaf(3, 3, 0, 0, 0),
        }

    return evening, check


@case
def soft_deleted_seats(house: House) -> tuple[UUID, Check]:
    evening = house.performance(3)
    sold, held, free = (
        house.seat(evening, f"A-1-{status}", status, is_active=False)
        for status in ("sold", "reserved", "available")
    )

    def check(picture: Picture) -> None:
        assert picture.seats[sold].status == "sold"
        assert picture.kinds(held) == picture.kinds(free) == {("house", "reserved")}

    return evening, check


@case
def a_soft_deleted_performance_is_closed(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2, is_active=False)
    free, sold = house.seat(evening, "A-1-1"), house.seat(evening, "A-1-2", "sold")

    def check(picture: Picture) -> None:
        assert picture.status == "closed"
        assert picture.seats[free].status == "available"
        assert picture.seats[sold].status == "sold"

    return evening, check


@in_a(House(event_active=False))
def a_soft_deleted_event_closes_its_performances(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    house.seat(evening)

    def check(picture: Picture) -> None:
        assert picture.status == "closed"
        assert picture.leaves == {("a", None): Leaf(1, 1, 0, 0, 0)}

    return evening, check


@case
def a_sale_without_a_booking_stays_sold(house: House) -> tuple[UUID, Check]:
    evening = house.performance(4)
    a = house.seats(evening, "A", 2, status="sold", price="70.00")
    b = house.seats(evening, "B", 2, status="sold", price="30.00")

    def check(picture: Picture) -> None:
        assert picture.of(None, "sold") == dict.fromkeys(a + b, 1)
        assert picture.unnamed_sales == {"a": 1, "b": 1}
        assert prices(picture, None) == [Decimal(30)] * 2 + [Decimal(70)] * 2

    return evening, check
