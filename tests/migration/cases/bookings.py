"""Which seats and places a booking has."""

from uuid import UUID, uuid4

from ..builders import EARLY, LATE, House
from ..picture import Leaf, Picture
from .registry import Check, case


@case
def two_bookings_of_one_seat(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1)
    seat = house.seat(evening, "A-1-1", "sold")
    second = house.booking(evening, [seat], created_at=LATE)
    first = house.booking(evening, [seat], created_at=EARLY)

    def check(picture: Picture) -> None:
        assert picture.of(first) == {seat: 1}
        assert picture.of(second) == {None: 1}
        assert (picture.overbooked(first), picture.overbooked(second)) == (0, 1)
        assert picture.max_capacity == 2

    return evening, check


@case
def two_bookings_at_the_same_moment(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1)
    seat = house.seat(evening, "A-1-1")
    low, high = (house.booking(evening, [seat]) for _ in range(2))

    def check(picture: Picture) -> None:
        assert picture.of(low) == {seat: 1}
        assert picture.of(high) == {None: 1}

    return evening, check


@case
def a_booking_sells_a_seat_that_says_available(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    seat, other = house.seats(evening, "A", 2)
    done = house.booking(evening, [seat], status="completed")
    house.booking(evening, [other], status="cancelled")
    house.booking(evening, [other], is_active=False)

    def check(picture: Picture) -> None:
        assert picture.seats[seat].status == "sold"
        assert picture.seats[other].status == "available"
        assert picture.of(done) == {seat: 1}

    return evening, check


@case
def seats_named_by_object_id_and_label(house: House) -> tuple[UUID, Check]:
    evening = house.performance(3)
    one, two, three = (house.seat(evening, f"بخش ۱-2-{number:02}") for number in (1, 2, 3))
    reference = house.booking(evening, [{"seat_id": str(one)}, two, "بخش 1-۲-3"])

    def check(picture: Picture) -> None:
        assert picture.of(reference) == {one: 1, two: 1, three: 1}

    return evening, check


@case
def a_missing_seat_is_an_unseated_sale(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1)
    seat = house.seat(evening)
    reference = house.booking(evening, [seat, uuid4()])

    def check(picture: Picture) -> None:
        assert picture.of(reference) == {seat: 1, None: 1}
        assert picture.sections == {"a": 1, "unseated": 1}
        assert picture.leaves["unseated", None] == Leaf(1, 0, 0, 0, 1)

    return evening, check


@case
def a_seat_of_another_performance_is_left_alone(house: House) -> tuple[UUID, Check]:
    evening, matinee = house.performance(1), house.performance(1)
    house.seat(matinee, "A-1-1")
    foreign = house.seat(evening, "A-1-1")
    house.booking(matinee, [foreign])

    def check(picture: Picture) -> None:
        assert picture.seats[foreign].status == "available"
        assert not picture.taken

    return evening, check


@case
def it_is_sold_in_the_booking_s_own_performance(house: House) -> tuple[UUID, Check]:
    evening, matinee = house.performance(1), house.performance(1)
    own = house.seat(matinee, "A-1-1")
    foreign = house.seat(evening, "A-1-1")
    reference = house.booking(matinee, [foreign])

    def check(picture: Picture) -> None:
        assert picture.of(reference, "sold") == {None: 1}
        assert picture.seats[own].status == "available"

    return matinee, check


@case
def places_beyond_the_named_seats(house: House) -> tuple[UUID, Check]:
    evening = house.performance(4)
    first, second = house.seats(evening, "A", 2, kind="VIP")
    house.seats(evening, "B", 1, kind="VIP")
    vip = house.type_ids["VIP"]
    by_breakdown = house.booking(evening, [first], [house.places("VIP", 3)], people=9)
    by_people = house.booking(evening, [second], [], people=2)
    never_less = house.booking(evening, ["B-1-1"], [house.places("VIP", 0)], people=0)

    def check(picture: Picture) -> None:
        assert picture.of(by_breakdown) == {first: 1, None: 2}
        assert picture.of(by_people) == {second: 1, None: 1}
        assert sum(picture.of(never_less).values()) == 1
        assert picture.leaves["a", vip] == Leaf(4, 0, 0, 0, 4)
        assert picture.leaves["unseated", None] == Leaf(1, 0, 0, 0, 1)

    return evening, check


@case
def an_unseated_place_goes_to_the_largest_section_of_its_type(house: House) -> tuple[UUID, Check]:
    evening = house.performance(5)
    house.seats(evening, "A", 3)
    house.seats(evening, "B", 2, kind="Normal")
    house.seats(evening, "C", 1, kind="Normal")
    reference = house.booking(evening, [], [house.places("Normal", 2)], people=2)
    normal = house.type_ids["Normal"]

    def check(picture: Picture) -> None:
        assert picture.of(reference) == {None: 2}
        assert picture.sections == {"a": 3, "b": 4, "c": 1}
        assert picture.leaves["b", normal] == Leaf(4, 2, 0, 0, 2)

    return evening, check


@case
def pending_bookings_are_legacy_holds(house: House) -> tuple[UUID, Check]:
    evening = house.performance(3)
    named, alone, free = (
        house.seat(evening, f"A-1-{n}", status)
        for n, status in enumerate(["available", "reserved", "available"])
    )
    reference = house.booking(evening, [named], status="pending", people=2)

    def check(picture: Picture) -> None:
        assert picture.of(reference, "reserved") == {named: 1, None: 1}
        assert picture.kinds(named) == picture.kinds(alone) == {("legacy", "reserved")}
        assert picture.seats[free].status == "available"

    return evening, check


@case
def a_section_with_a_dash_is_named_by_label(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    seat = house.seat(evening, "بالکن-شرقی-۱-07")
    reference = house.booking(evening, ["بالکن-شرقی-1-7"])

    def check(picture: Picture) -> None:
        assert picture.of(reference) == {seat: 1}

    return evening, check


@case
def a_pending_booking_of_a_sold_seat_is_kept(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1)
    seat = house.seat(evening)
    sale = house.booking(evening, [seat])
    hold = house.booking(evening, [seat], status="pending")

    def check(picture: Picture) -> None:
        assert picture.of(sale) == {seat: 1}
        assert picture.of(hold, "reserved") == {None: 1}
        assert picture.leaves == {("a", None): Leaf(2, 0, 0, 1, 1)}

    return evening, check


@case
def a_soft_deleted_seat_that_is_booked_is_sold(house: House) -> tuple[UUID, Check]:
    evening = house.performance(1)
    seat = house.seat(evening, "A-1-1", "blocked", is_active=False)
    reference = house.booking(evening, [seat])

    def check(picture: Picture) -> None:
        assert picture.seats[seat].status == "sold"
        assert picture.of(reference) == {seat: 1}

    return evening, check
