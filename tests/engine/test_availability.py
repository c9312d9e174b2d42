"""availability: what can be had now, in one query."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.services.availability import availability, free_seats
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import make_overdue


def test_counters_and_prices_by_section_and_type(
    hall: Hall, django_assert_num_queries: Callable[[int], Any]
) -> None:
    sold = reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    confirm(performance_id=hall.performance_id, reservation_id=sold.reservation_id)
    reserve(performance_id=hall.performance_id, requests=[Places(2, allocation_id=hall.pool)])

    with django_assert_num_queries(1):
        found = availability(performance_id=hall.performance_id)

    assert (found.max_capacity, found.available_capacity) == (21, 18)
    assert (found.reserved_capacity, found.sold_capacity, found.status) == (2, 1, "on_sale")
    (section,) = found.sections
    assert (section.name, section.currency, section.available_capacity) == ("Stalls", "USD", 18)
    rows = [
        (
            t.name,
            t.available_capacity,
            t.unseated_available,
            t.reserved_capacity,
            t.sold_capacity,
            t.final_price,
        )
        for t in section.ticket_types
    ]
    assert rows == [
        ("Adult", 9, 6, 0, 1, Decimal("20.00")),
        ("Student", 5, 5, 0, 0, Decimal("10.00")),
        (None, 4, 2, 2, 0, Decimal("20.00")),
    ]


def test_holds_past_their_deadline_count_as_free(hall: Hall) -> None:
    held = reserve(
        performance_id=hall.performance_id,
        requests=[Places(3, allocation_id=hall.adult_places), SeatRequest(hall.adult_seats[0])],
    )
    seats = {"performance_id": hall.performance_id, "section_id": hall.section_id}
    assert len(free_seats(**seats)) == 5
    make_overdue(held.reservation_id)

    found = availability(performance_id=hall.performance_id)

    assert (found.available_capacity, found.reserved_capacity) == (21, 0)
    assert found.sections[0].ticket_types[0].unseated_available == 6
    assert len(free_seats(**seats)) == 6


def test_free_seats_come_row_by_row_with_their_price(
    hall: Hall, django_assert_num_queries: Callable[[int], Any]
) -> None:
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[1])])

    with django_assert_num_queries(1):
        found = free_seats(performance_id=hall.performance_id, section_id=hall.section_id)

    labels = [(s.row_number, s.seat_number, s.ticket_type_id, s.price) for s in found]
    price = Decimal("20.00")
    assert labels == [
        ("R0", "1", hall.adult, price),
        ("R0", "3", hall.adult, price),
        ("R0", "4", hall.adult, price),
        ("R2", "1", None, price),
        ("R2", "2", None, price),
    ]


def test_an_empty_performance_has_nothing(
    db_committed: None, make_stage: Callable[..., Any]
) -> None:
    found = availability(performance_id=make_stage().performance_id)
    assert (found.max_capacity, found.available_capacity, found.sections) == (0, 0, ())


def test_unknown_things_are_refused(hall: Hall) -> None:
    with pytest.raises(Refusal, match="unknown"):
        availability(performance_id=uuid4())
    with pytest.raises(Refusal, match="unknown"):
        free_seats(performance_id=hall.performance_id, section_id=uuid4())
