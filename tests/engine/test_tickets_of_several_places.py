"""A ticket that takes several places: a family's, a table booked whole; and what it costs."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventSection, ReservationLine, Seat, TicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import Part, build, counters

Refused = Callable[..., Refusal]


def of(ticket_type_id: UUID, places: int) -> None:
    TicketType.objects.filter(pk=ticket_type_id).update(places_per_ticket=places)


def asked(hall: Hall, quantity: int, kind: UUID) -> list[Places]:
    return [Places(quantity, section_id=hall.section_id, ticket_type_id=kind)]


def test_a_quantity_is_places_and_the_price_is_the_tickets(hall: Hall) -> None:
    of(hall.adult, 2)
    hold = reserve(performance_id=hall.performance_id, requests=asked(hall, 6, hall.adult))
    (line,) = hold.lines
    assert (line.quantity, line.places_per_ticket, line.unit_price) == (6, 2, Decimal("20.00"))
    assert (line.amount, hold.total) == (Decimal("60.00"), Decimal("60.00"))
    stored = ReservationLine.objects.get(pk=line.line_id)
    assert (stored.quantity, stored.places_per_ticket, stored.unit_price) == (6, 2, 20)
    assert counters(hall.adult_places) == (4, 0, 6, 0)


@pytest.mark.parametrize("quantity", [1, 2, 4, 5])
def test_only_whole_tickets(hall: Hall, refused: Refused, quantity: int) -> None:
    of(hall.student, 3)
    for request in (
        Places(quantity, section_id=hall.section_id, ticket_type_id=hall.student),
        Places(quantity, allocation_id=hall.student_places),
        Places(quantity, allocation_id=hall.pool, ticket_type_id=hall.student),
    ):
        refusal = refused(reserve, requests=[request])
        assert (refusal.code, refusal.facts["quantity"]) == ("not_whole_tickets", quantity)
        assert refusal.facts["places_per_ticket"] == 3


def test_a_ticket_stays_in_one_allocation(hall: Hall, refused: Refused) -> None:
    """Student has 5 and the pool 4 without numbers: two tickets of three, not three."""
    of(hall.student, 3)
    refusal = refused(reserve, requests=asked(hall, 9, hall.student))
    assert (refusal.code, refusal.facts["left"], refusal.facts["wanted"]) == ("sold_out", 6, 9)
    hold = reserve(performance_id=hall.performance_id, requests=asked(hall, 6, hall.student))
    assert [(line.allocation_id, line.quantity) for line in hold.lines] == [
        (hall.student_places, 3),
        (hall.pool, 3),
    ]
    assert hold.total == Decimal("20.00")


def test_a_table_shares_its_price_exactly(hall: Hall) -> None:
    """Three seats at 20.00 together: 6.68 and twice 6.66, per table."""
    of(hall.student, 3)
    built = build(
        hall.performance_id, Part(hall.student, 6, seats=6), name="Tables", base_price=Decimal(20)
    )
    tables = [SeatRequest(seat) for seat in built.seat_ids[0]]
    hold = reserve(performance_id=hall.performance_id, requests=tables)
    assert [line.unit_price for line in hold.lines] == 2 * [
        Decimal("6.68"),
        Decimal("6.66"),
        Decimal("6.66"),
    ]
    assert {(line.quantity, line.places_per_ticket) for line in hold.lines} == {(1, 1)}
    assert hold.total == sum(line.amount for line in hold.lines) == Decimal("40.00")
    confirm(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    back = refund(performance_id=hall.performance_id, reservation_id=hold.reservation_id)
    assert back.amount == Decimal("40.00")


def test_a_table_without_decimals(hall: Hall) -> None:
    of(hall.student, 4)
    built = build(
        hall.performance_id,
        Part(hall.student, 4, seats=4),
        name="Tables",
        base_price=Decimal(1_000_003),
        currency="IRR",
    )
    tables = [SeatRequest(seat) for seat in built.seat_ids[0]]
    hold = reserve(performance_id=hall.performance_id, requests=tables)
    assert [line.unit_price for line in hold.lines] == [250_003, 250_000, 250_000, 250_000]
    assert hold.total == 1_000_003


def test_a_table_is_booked_whole(hall: Hall, refused: Refused) -> None:
    of(hall.adult, 4)
    three = [SeatRequest(seat) for seat in hall.adult_seats[:3]]
    refusal = refused(reserve, requests=three)
    assert (refusal.code, refusal.facts["quantity"]) == ("not_whole_tickets", 3)
    assert refusal.facts["allocation_id"] == str(hall.adult_places)


def test_seats_of_two_allocations_make_no_table(hall: Hall, refused: Refused) -> None:
    of(hall.adult, 2)
    apart = [
        SeatRequest(hall.adult_seats[0]),
        SeatRequest(hall.pool_seats[0], ticket_type_id=hall.adult),
    ]
    assert refused(reserve, requests=apart).code == "not_whole_tickets"


def test_an_incomplete_table_is_told_before_a_taken_seat(hall: Hall, refused: Refused) -> None:
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    of(hall.adult, 2)
    assert refused(reserve, requests=[SeatRequest(hall.adult_seats[0])]).code == "not_whole_tickets"


def test_a_seats_own_price_is_not_the_tables(hall: Hall) -> None:
    Seat.objects.filter(pk=hall.adult_seats[0]).update(price=Decimal("99.00"))
    alone = reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    assert alone.total == Decimal("99.00")
    of(hall.adult, 2)
    Seat.objects.filter(pk__in=hall.adult_seats[2:]).update(price=Decimal("99.00"))
    table = [SeatRequest(seat) for seat in hall.adult_seats[2:]]
    assert reserve(performance_id=hall.performance_id, requests=table).total == Decimal("20.00")


def test_single_places_and_tables_in_one_order(hall: Hall) -> None:
    of(hall.adult, 2)
    mixed: list[Any] = [
        SeatRequest(hall.adult_seats[1]),
        Places(4, allocation_id=hall.adult_places),
        SeatRequest(hall.adult_seats[0]),
        Places(3, allocation_id=hall.student_places),
    ]
    hold = reserve(performance_id=hall.performance_id, requests=mixed)
    assert hold.total == sum(line.amount for line in hold.lines) == Decimal("90.00")


def test_the_database_refuses_a_part_of_a_ticket(hall: Hall) -> None:
    of(hall.student, 3)
    line = reserve(performance_id=hall.performance_id, requests=asked(hall, 3, hall.student)).lines[
        0
    ]
    torn = ReservationLine.objects.filter(pk=line.line_id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        with pytest.raises(IntegrityError):
            torn.update(quantity=2)
        transaction.set_rollback(True)


def test_a_type_that_changes_leaves_what_is_held(hall: Hall) -> None:
    """The line keeps its size and price; only what is held after the change differs."""
    of(hall.student, 2)
    held = reserve(performance_id=hall.performance_id, requests=asked(hall, 4, hall.student))
    of(hall.student, 1)
    EventSection.objects.filter(pk=hall.section_id).update(base_price=Decimal("500.00"))
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    back = refund(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    assert back.amount == held.total == Decimal("20.00")
