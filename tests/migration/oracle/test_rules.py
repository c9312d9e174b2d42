"""Each reading rule on its own: labels, numbers, documents, twins, money."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from ..builders import EARLY, LATE, House
from .claims import read_claims
from .documents import Named, find_type, read_breakdown, read_capacities, read_selected
from .general import POOL, place_for, read_general
from .house import read_house
from .keys import name_key, number_key, read_count, read_money, unwrapped
from .money import Place, settle
from .rows import Legacy, Seat, TicketType, read_dump

BALCONY = "بالکن"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("بالكن", BALCONY),
        (" بال\u200cکن ", BALCONY),
        ("طبقه\u00a0۲", "طبقه 2"),
        ("طبقه ٢", "طبقه۲"),
        ("\u200fVIP", "vip"),
        ("ＶＩＰ", "VIP"),
        ("بخش  1", "بخش ١"),
        ("علي", "علی"),
        ("موسى", "موسی"),
        ("Straße", "STRASSE"),
        ("", " \u00a0\u200c"),
        ("A\tB\n", "a b"),
    ],
)
def test_two_spellings_of_one_section(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("V.I.P", "VIP"), ("A-1", "A1"), ("A", "B")])
def test_punctuation_and_letters_make_sections_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("number", "key"),
    [("01", "1"), ("۰۰۷", "7"), ("000", "0"), ("", ""), (" ", ""), ("0B", "b"), ("10", "10")],
)
def test_leading_zeros_of_a_seat_number_do_not_count(number: str, key: str) -> None:
    assert number_key(number) == key


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (5, 5),
        (0, 0),
        ("12", 12),
        (" ۱۲ ", 12),
        ("٤", 4),
        (3.0, 3),
        (2.5, None),
        (-1, None),
        ("-1", None),
        ("2.5", None),
        ("", None),
        ("many", None),
        (None, None),
        (True, None),
        ([5], None),
        ({"capacity": 5}, None),
    ],
)
def test_what_reads_as_a_number_of_places(value: Any, places: int | None) -> None:
    assert read_count(value) == places


@pytest.mark.parametrize(
    ("value", "price"),
    [(50.0, "50.00"), ("50", "50.00"), (0, "0.00"), (-5, None), ("x", None), (None, None)],
)
def test_what_reads_as_a_price(value: Any, price: str | None) -> None:
    assert read_money(value) == (None if price is None else Decimal(price))


def test_a_document_encoded_twice_is_decoded_once_more() -> None:
    assert unwrapped(json.dumps({"VIP": 3})) == {"VIP": 3}
    assert unwrapped("A-1-1") == "A-1-1"
    assert unwrapped("{broken") == "{broken"


VIP = TicketType(uuid4(), uuid4(), "VIP", "vip-code", True)
OLD = TicketType(uuid4(), uuid4(), "Old", "", False)
CHILD = TicketType(uuid4(), uuid4(), "کودک", "child", True)
KINDS = [VIP, OLD, CHILD]


@pytest.mark.parametrize("name", [str(VIP.id), "VIP", " vip ", "vip-code", "ＶＩＰ-CODE"])
def test_a_type_is_named_by_id_name_or_code(name: str) -> None:
    assert find_type(KINDS, name) is VIP


@pytest.mark.parametrize("name", ["Old", "Nobody", "", None, str(uuid4()), 7])
def test_inactive_and_unknown_types_are_no_type(name: Any) -> None:
    assert find_type(KINDS, name) is None


def test_capacities_keep_what_can_be_read() -> None:
    parts = read_capacities(
        {"VIP": "۴۰", "child": 10.0, "Old": 7, "Ghost": 5, " کودك ": -1, "x": {"n": 1}, "y": None},
        KINDS,
    )
    assert parts.by_type == {VIP.id: 40, CHILD.id: 10}
    assert parts.strange == {"old": 7, "ghost": 5}
    assert parts.unreadable == 3


def test_two_keys_of_one_type_add_up() -> None:
    assert read_capacities({"VIP": 3, "vip-code": 4}, KINDS).by_type == {VIP.id: 7}


@pytest.mark.parametrize("value", [None, [], [{"VIP": 3}], "VIP", 7, True])
def test_capacities_that_are_no_object_say_nothing(value: Any) -> None:
    parts = read_capacities(value, KINDS)
    assert (parts.total, parts.unreadable) == (0, 1)


def test_capacities_encoded_twice_are_read() -> None:
    assert read_capacities(json.dumps({"VIP": 3}), KINDS).total == 3


def test_readable_breakdown_entries_are_kept_in_order() -> None:
    entries = read_breakdown(
        [
            {"quantity": "2", "ticket_type_id": str(CHILD.id), "name": "VIP"},
            None,
            {"quantity": -1, "name": "VIP"},
            {"quantity": 1, "ticket_type_id": str(uuid4()), "name": "vip"},
            {"quantity": 3, "name": ""},
        ],
        KINDS,
    )
    assert [(e.quantity, e.ticket_type_id) for e in entries] == [
        (2, CHILD.id),
        (1, VIP.id),
        (3, None),
    ]


@pytest.mark.parametrize(
    "value", [[], None, {}, 3, "two", [[2]], {"quantity": 2}, [{"quantity": -1}]]
)
def test_a_breakdown_without_quantities_says_nothing(value: Any) -> None:
    assert read_breakdown(value, KINDS) == []


def test_seats_are_named_in_three_ways() -> None:
    seat = uuid4()
    assert read_selected(
        [{"seat_id": str(seat), "price": 50.5}, str(seat), "بخش-1-02", "a-b-1-2", "no", 7, None]
    ) == [
        Named(seat, (), Decimal("50.50")),
        Named(seat),
        Named(None, (("بخش", "1", "02"),)),
        Named(None, (("a-b", "1", "2"), ("a", "b-1", "2"), ("a", "b", "1-2"))),
    ]


@pytest.mark.parametrize("value", [None, 5, True, [], [None]])
def test_documents_that_name_no_seat(value: Any) -> None:
    assert read_selected(value) == []


def test_prices_that_add_up_are_kept() -> None:
    places = [Place(Decimal(50), True), Place(Decimal(30), False)]
    assert settle(places, Decimal(80))
    assert [place.price for place in places] == [50, 30]


def test_the_rest_of_the_money_is_what_unseated_places_cost() -> None:
    places = [Place(Decimal(50), True), Place(Decimal(40), False), Place(Decimal(40), False)]
    assert not settle(places, Decimal("75.01"))
    assert [place.price for place in places] == [50, Decimal("12.51"), Decimal("12.50")]


def test_money_that_fits_no_price_is_shared_by_all() -> None:
    places = [Place(Decimal(50), True), Place(Decimal(50), True), Place(Decimal(50), True)]
    assert not settle(places, Decimal("100.00"))
    assert [place.price for place in places] == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def _legacy(house: House, performance: UUID) -> tuple[Legacy, list[Seat]]:
    legacy = read_dump(house.rows)
    return legacy, [seat for seat in legacy.seats.values() if seat.performance_id == performance]


def test_of_twins_the_sold_row_wins_then_the_earlier_then_the_lower_id() -> None:
    house = House()
    evening = house.performance(10)
    house.seat(evening, "A-1-1", "available")
    house.seat(evening, "a-1-01", "reserved")
    late = house.seat(evening, " A-1-۱", "sold", created_at=LATE)
    early = house.seat(evening, "A- 1-001", "sold", created_at=EARLY)
    _, seats = _legacy(house, evening)
    [seat] = read_house(seats, [])
    assert seat.winner.id == early
    assert [taking.row.id for taking in seat.sales] == [early, late]
    assert seat.holds == []


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([("available", True), ("blocked", True)], "reserved"),
        ([("reserved", True), ("blocked", True)], "reserved"),
        ([("available", True), ("Available", True)], "reserved"),
        ([("available", True), ("available", False)], "reserved"),
        ([("available", True), ("available", True)], "available"),
        ([("sold", False), ("reserved", True)], "sold"),
        ([("SOLD", True)], "reserved"),
        ([("", True)], "reserved"),
        ([("reserved", False)], "reserved"),
    ],
)
def test_the_status_of_a_physical_seat(rows: list[tuple[str, bool]], status: str) -> None:
    house = House()
    evening = house.performance(10)
    for index, (said, active) in enumerate(rows):
        house.seat(evening, f"A-1-{'0' * index}1", said, is_active=active)
    _, seats = _legacy(house, evening)
    [seat] = read_house(seats, [])
    assert seat.status == status


def test_a_hold_is_a_row_that_says_reserved_and_is_active() -> None:
    house = House()
    evening = house.performance(10)
    house.seat(evening, "A-1-1", "reserved")
    house.seat(evening, "A-1-2", "reserved", is_active=False)
    _, seats = _legacy(house, evening)
    first, second = read_house(seats, [])
    assert (len(first.holds), first.kept_by_house) == (1, False)
    assert (len(second.holds), second.kept_by_house) == (0, True)


def test_only_active_bookings_of_three_statuses_count_first_ones_first() -> None:
    house = House()
    evening = house.performance(10)
    seat = house.seat(evening)
    late = house.booking(evening, [seat], created_at=LATE)
    second = house.booking(evening, [seat], status="completed")
    third = house.booking(evening, [seat], status="pending")
    house.booking(evening, [seat], status="cancelled")
    house.booking(evening, [seat], status="Confirmed")
    house.booking(evening, [seat], is_active=False)
    legacy, seats = _legacy(house, evening)
    claims = read_claims(legacy, legacy.performances[evening], seats)
    assert [claim.booking.reference for claim in claims] == [second, third, late]


def test_how_a_booking_finds_its_seats() -> None:
    house = House()
    evening, other = house.performance(10), house.performance(10)
    one = house.seat(evening, "بخش ۱-1-05")
    two = house.seat(evening, "A-B-1-2")
    foreign, dangling = house.seat(other, "A-1-1"), uuid4()
    house.booking(
        evening,
        ["بخش 1-۱-5", str(one), {"seat_id": str(two)}, str(foreign), str(dangling), "Z-9-9"],
        people=9,
    )
    legacy, seats = _legacy(house, evening)
    [claim] = read_claims(legacy, legacy.performances[evening], seats)
    assert [row.id for row in claim.rows] == [one, two]
    assert (claim.foreign, claim.dangling, claim.unreadable) == ({foreign}, {dangling}, 1)
    assert len(claim.unseated) == 7


def test_a_label_means_the_physical_seat_so_its_sold_row() -> None:
    house = House()
    evening = house.performance(10)
    house.seat(evening, "A-1-1")
    sold = house.seat(evening, "a-1-01", "sold")
    house.booking(evening, ["A-1-1"])
    legacy, seats = _legacy(house, evening)
    [claim] = read_claims(legacy, legacy.performances[evening], seats)
    assert [row.id for row in claim.rows] == [sold]


@pytest.mark.parametrize(
    ("breakdown", "people", "unseated"),
    [
        ([{"quantity": 3}], 9, 2),
        ([{"quantity": "۳"}], 1, 2),
        ([], 4, 3),
        (None, 2, 1),
        ([{"quantity": 1}], 5, 0),
        ([], 0, 0),
        ([{"quantity": 0}], 5, 0),
    ],
)
def test_places_without_a_seat(breakdown: Any, people: int, unseated: int) -> None:
    house = House()
    evening = house.performance(10)
    seat = house.seat(evening)
    house.booking(evening, [seat], breakdown, people=people)
    legacy, seats = _legacy(house, evening)
    [claim] = read_claims(legacy, legacy.performances[evening], seats)
    assert len(claim.unseated) == unseated


def test_named_seats_use_up_the_places_of_their_type() -> None:
    house = House()
    evening = house.performance(10)
    seats = house.seats(evening, "A", 2, kind="Normal")
    house.booking(evening, seats, [house.places("VIP", 2), house.places("Normal", 3)], people=1)
    legacy, rows = _legacy(house, evening)
    [claim] = read_claims(legacy, legacy.performances[evening], rows)
    assert claim.unseated == [house.type_ids[name] for name in ("VIP", "VIP", "Normal")]


def _places(maximum: int, parts: Any) -> dict[str, int]:
    house = House()
    evening = house.performance(maximum, parts)
    legacy, _ = _legacy(house, evening)
    places = read_general(legacy, legacy.performances[evening])
    return {where[0]: number for where, number in places.items()}


@pytest.mark.parametrize(
    ("maximum", "parts", "places"),
    [
        (100, {"VIP": 30, "Normal": 70}, {"vip": 30, "normal": 70}),
        (100, {"VIP": 30, "Normal": 20}, {"vip": 30, "normal": 20, POOL: 50}),
        (100, {"VIP": 100, "Normal": 100}, {POOL: 100}),
        (100, {}, {POOL: 100}),
        (100, None, {POOL: 100}),
        (100, {"VIP": 30, "Ghost": 60}, {"vip": 30, "ghost": 60, POOL: 10}),
        (100, {"VIP": 30, "Ghost": 90}, {POOL: 100}),
        (100, {"VIP": {"capacity": 30}}, {POOL: 100}),
        (0, {"VIP": 30, "Normal": 0}, {"vip": 30}),
        (0, {"VIP": 30, "Ghost": 5}, {"vip": 30, "ghost": 5}),
        (0, {}, {}),
        (0, None, {}),
    ],
)
def test_sections_of_a_performance_without_seats(
    maximum: int, parts: Any, places: dict[str, int]
) -> None:
    assert _places(maximum, parts) == places


def test_where_a_place_without_a_seat_is_counted() -> None:
    vip, other = uuid4(), uuid4()
    places: dict[tuple[str, UUID | None], int] = {("vip", vip): 5, ("normal", uuid4()): 9}
    assert place_for(places, vip)[0] == "vip"
    assert place_for(places, other)[0] == "normal"
    assert place_for({**places, (POOL, None): 1}, None)[0] == POOL
    assert place_for({}, vip) == ("unseated", None)
