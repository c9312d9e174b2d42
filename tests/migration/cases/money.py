"""Prices, currencies, and what a booking paid."""

from decimal import Decimal
from uuid import UUID

from ..builders import House
from ..picture import Leaf, Picture
from .registry import Check, case, prices


@case
def price_dirt(house: House) -> tuple[UUID, Check]:
    evening = house.performance(5)
    ok, too, odd, zero, negative = (
        house.seat(evening, f"A-1-{n}", price=price)
        for n, price in enumerate(["40.00", "40.00", "55.50", "0.00", "-5.00"])
    )

    def check(picture: Picture) -> None:
        assert picture.seats[ok].price == picture.seats[too].price == Decimal(40)
        assert picture.seats[odd].price == Decimal("55.50")
        assert picture.seats[zero].price == 0
        assert picture.seats[negative].price == Decimal(40)
        assert picture.leaves == {("a", None): Leaf(5, 5, 0, 0, 0)}

    return evening, check


@case
def no_price_at_all(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    one, two = house.seats(evening, "A", 2, price="-1.00")

    def check(picture: Picture) -> None:
        assert picture.seats[one].price == picture.seats[two].price == Decimal(100)

    return evening, check


@case
def the_commonest_currency(house: House) -> tuple[UUID, Check]:
    evening = house.performance(3)
    for number, currency in enumerate(["EUR", "IRR", "EUR"]):
        house.seat(evening, f"A-1-{number}", currency=currency, price="12.50")

    def check(picture: Picture) -> None:
        assert picture.currencies["a"] == "EUR"
        assert {seat.price for seat in picture.seats.values()} == {Decimal("12.50")}

    return evening, check


@case
def a_booking_keeps_its_prices(house: House) -> tuple[UUID, Check]:
    evening = house.performance(2)
    one, two = house.seats(evening, "A", 2, price="99.00")
    named = [{"seat_id": str(one), "price": 50.0}, {"seat_id": str(two), "price": "31.25"}]
    reference = house.booking(evening, named, unit_price="40.63", total_price="81.25")

    def check(picture: Picture) -> None:
        assert prices(picture, reference) == [Decimal("31.25"), Decimal("50.00")]
        assert picture.money[reference] == Decimal("81.25")
        assert picture.seats[one].price == Decimal(99)

    return evening, check


@case
def a_booking_keeps_its_total(house: House) -> tuple[UUID, Check]:
    evening = house.performance(3)
    seats = house.seats(evening, "A", 3)
    reference = house.booking(evening, seats, unit_price="33.33", total_price="100.00")

    def check(picture: Picture) -> None:
        assert picture.money[reference] == Decimal("100.00")

    return evening, check


@case
def a_booking_pays_what_it_paid(house: House) -> tuple[UUID, Check]:
    evening = house.performance(4)
    seats = house.seats(evening, "A", 4, price="50.00")
    priced = [{"seat_id": str(seat), "price": 50.0} for seat in seats[:3]]
    inflated = house.booking(evening, priced, people=4, unit_price="37.50", total_price="150.00")
    unlike = house.booking(evening, [seats[3]], people=1, unit_price="10.00", total_price="45.00")

    def check(picture: Picture) -> None:
        assert prices(picture, inflated) == [Decimal(0)] + [Decimal(50)] * 3
        assert prices(picture, unlike) == [Decimal(45)]

    return evening, check
