"""A price is shown, held and confirmed as one; a change of it never touches what is held."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from fullhouse.events.domain.pricing import (
    WITHOUT_DECIMALS,
    final_price,
    line_amount,
    minor_units,
    shares,
)
from fullhouse.events.models import (
    EventSection,
    ReservationLine,
    Seat,
    SectionTicketType,
    TicketType,
)
from fullhouse.events.services.availability import availability, free_seats
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall

CURRENCIES = [*sorted(WITHOUT_DECIMALS), "USD", "EUR", "KWD", "IRT", "XXX"]


def sql(expression: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_both_sides_know_the_same_minor_units(db_committed: None, currency: str) -> None:
    assert sql("minor_units(%s)", currency) == minor_units(currency)


@given(
    base=st.decimals(0, 10**9, places=2),
    modifier=st.decimals(0, 1000, places=6),
    currency=st.sampled_from(CURRENCIES),
)
def test_both_sides_make_the_same_price(
    db_committed: None, base: Decimal, modifier: Decimal, currency: str
) -> None:
    there = sql("final_price(%s, %s, %s)", base, modifier, currency)
    assert there == final_price(base, modifier, currency)


@given(price=st.decimals(0, 10**9, places=2), tickets=st.integers(1, 99), size=st.integers(1, 20))
def test_both_sides_make_the_same_amount(
    db_committed: None, price: Decimal, tickets: int, size: int
) -> None:
    there = sql("line_amount_v1(%s, %s, %s)", price, tickets * size, size)
    assert there == line_amount(price, tickets * size, size) == price * tickets


@given(
    price=st.decimals(0, 10**7, places=2),
    size=st.integers(2, 12),
    currency=st.sampled_from(["USD", "IRR"]),
)
def test_both_sides_share_a_tables_price_alike(
    db_committed: None, price: Decimal, size: int, currency: str
) -> None:
    ticket = final_price(price, Decimal(1), currency)
    table = {"allocation_id": str(uuid4()), "ticket_type_id": str(uuid4()), "quantity": 1}
    table |= {"places_per_ticket": size, "unit_price": str(ticket)}
    lines = [{**table, "seat_id": str(uuid4())} for _ in range(size)]
    shared = json.loads(sql("ticket_shares_v1(%s, %s)::text", Jsonb(lines), currency))
    found = [Decimal(each["unit_price"]) for each in shared["lines"]]
    assert found == shares(ticket, size, currency)
    assert sum(found) == Decimal(shared["total"]) == ticket


def test_shown_held_and_confirmed_are_one_price(hall: Hall) -> None:
    """Also where the modifier makes a half cent: 20.00 x 0.33325 is 6.67."""
    SectionTicketType.objects.filter(pk=hall.student_places).update(
        price_modifier=Decimal("0.33325")
    )
    Seat.objects.filter(pk=hall.adult_seats[1]).update(price=Decimal("33.33"))
    section = availability(performance_id=hall.performance_id).sections[0]
    of_type = {each.allocation_id: each.final_price for each in section.ticket_types}
    of_seat = {
        each.seat_id: each.price
        for each in free_seats(performance_id=hall.performance_id, section_id=hall.section_id)
    }
    asked: list[Any] = [
        Places(3, allocation_id=hall.student_places),
        SeatRequest(hall.adult_seats[0]),
        SeatRequest(hall.adult_seats[1]),
    ]
    hold = reserve(performance_id=hall.performance_id, requests=asked)
    shown = [of_type[hall.student_places], *(of_seat[seat] for seat in hall.adult_seats[:2])]
    assert [line.unit_price for line in hold.lines] == shown
    assert shown == [Decimal("6.67"), Decimal("20.00"), Decimal("33.33")]
    assert hold.total == Decimal("73.34")
    confirm(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    back = refund(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    assert back.amount == hold.total


def test_a_tables_price_is_shown_with_its_size(hall: Hall) -> None:
    TicketType.objects.filter(pk=hall.adult).update(places_per_ticket=4)
    Seat.objects.filter(pk=hall.adult_seats[1]).update(price=Decimal("33.33"))
    section = availability(performance_id=hall.performance_id).sections[0]
    shown = {each.allocation_id: each for each in section.ticket_types}[hall.adult_places]
    assert (shown.final_price, shown.places_per_ticket) == (Decimal("20.00"), 4)
    seats = free_seats(performance_id=hall.performance_id, section_id=hall.section_id)
    table = [each for each in seats if each.seat_id in hall.adult_seats]
    assert {(each.price, each.places_per_ticket) for each in table} == {(Decimal("20.00"), 4)}
    asked = [SeatRequest(each.seat_id) for each in table]
    assert reserve(performance_id=hall.performance_id, requests=asked).total == Decimal("20.00")


PRICES: list[Callable[[Hall], object]] = [
    lambda hall: EventSection.objects.filter(pk=hall.section_id).update(base_price=99),
    lambda hall: SectionTicketType.objects.filter(pk=hall.adult_places).update(price_modifier=9),
    lambda hall: SectionTicketType.objects.filter(pk=hall.pool).update(price_modifier=9),
    lambda hall: TicketType.objects.filter(pk=hall.adult).update(price_modifier=9),
    lambda hall: Seat.objects.filter(pk=hall.adult_seats[0]).update(price=99),
    lambda hall: EventSection.objects.filter(pk=hall.section_id).update(currency="IRR"),
]


@pytest.mark.parametrize("change", PRICES)
def test_a_change_of_price_never_touches_a_hold(
    hall: Hall, change: Callable[[Hall], object]
) -> None:
    asked: list[Any] = [
        Places(2, allocation_id=hall.adult_places),
        SeatRequest(hall.adult_seats[0]),
        Places(1, allocation_id=hall.pool, ticket_type_id=hall.adult),
    ]
    hold = reserve(performance_id=hall.performance_id, requests=asked)
    change(hall)
    stored = ReservationLine.objects.filter(reservation_id=hold.reservation_id)
    assert sum(line_amount(one.unit_price, one.quantity) for one in stored) == hold.total == 80
    confirm(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    back = refund(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    assert back.amount == hold.total
