"""refund: a whole sale, some lines, or some places of a line."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import (
    EventPerformance,
    EventSection,
    ReservationLine,
    Seat,
    TicketType,
)
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.refund import LineAmount, Refunded, RefundLine, refund
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, sell_beyond, snapshot

Refused = Callable[..., Refusal]


def sell(hall: Hall) -> Hold:
    """Sell four adult places at 20 and a seat of the pool at 10."""
    held = reserve(
        performance_id=hall.performance_id,
        requests=[
            Places(4, allocation_id=hall.adult_places),
            SeatRequest(hall.pool_seats[0], hall.student),
        ],
    )
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    return held


def give_back(hall: Hall, reservation_id: UUID, *lines: RefundLine) -> Refunded:
    return refund(
        performance_id=hall.performance_id,
        reservation_id=reservation_id,
        lines=lines or None,
        actor="desk",
    )


def told(done: Refunded) -> tuple[int, str, Decimal, str]:
    return done.places, done.status, done.amount, done.currency


def test_a_whole_sale_comes_back(hall: Hall) -> None:
    before = snapshot(hall.performance_id)
    sale = sell(hall)
    done = give_back(hall, sale.reservation_id)
    assert told(done) == (5, "refunded", Decimal("90.00"), "USD")
    assert {line.line_id: (line.quantity, line.amount) for line in done.lines} == {
        line.line_id: (line.quantity, line.quantity * line.unit_price) for line in sale.lines
    }
    after = snapshot(hall.performance_id)
    assert (after["counters"], after["seats"]) == (before["counters"], before["seats"])
    assert {row[7] for row in after["lines"]} == {"refunded"}
    assert {(row[3], row[4]) for row in after["movements"][-2:]} == {("sold", "available")}


def test_one_line_comes_back_and_the_sale_lives_on(hall: Hall) -> None:
    sale = sell(hall)
    seat_line = next(line for line in sale.lines if line.seat_id)
    done = give_back(hall, sale.reservation_id, RefundLine(seat_line.line_id))
    assert told(done) == (1, "sold", Decimal("10.00"), "USD")
    assert done.lines == (LineAmount(seat_line.line_id, 1, Decimal("10.00")),)
    assert Seat.objects.get(pk=hall.pool_seats[0]).status == "available"
    assert counters(hall.adult_places) == (6, 2, 0, 4)


def test_part_of_a_line_becomes_a_line_of_its_own(hall: Hall) -> None:
    sale = sell(hall)
    line = next(line for line in sale.lines if not line.seat_id)
    done = give_back(hall, sale.reservation_id, RefundLine(line.line_id, 3))
    assert (done.places, done.status, done.amount) == (3, "sold", Decimal("60.00"))
    assert counters(hall.adult_places) == (9, 5, 0, 1)
    lines = ReservationLine.objects.filter(
        reservation=sale.reservation_id, allocation=hall.adult_places
    )
    assert sorted(lines.values_list("status", "quantity")) == [("refunded", 3), ("sold", 1)]
    assert {line.unit_price for line in lines} == {Decimal("20.00")}
    assert give_back(hall, sale.reservation_id).status == "refunded"


def test_overbooked_places_leave_the_house(hall: Hall) -> None:
    reservation_id, line_id = sell_beyond(hall.performance_id, hall.pool, 3)
    before = counters(hall.pool)
    assert give_back(hall, reservation_id, RefundLine(line_id, 2)).status == "sold"
    assert counters(hall.pool) == (*before[:3], 1)
    assert EventSection.objects.get(pk=hall.section_id).total_capacity == 22
    assert EventPerformance.objects.get(pk=hall.performance_id).max_capacity == 22
    give_back(hall, reservation_id)
    assert counters(hall.pool) == (*before[:3], 0)
    assert EventPerformance.objects.get(pk=hall.performance_id).max_capacity == 21
    assert snapshot(hall.performance_id)["movements"][-1][3:5] == ("sold", None)


def test_a_cancelled_performance_is_refunded(hall: Hall) -> None:
    sale = sell(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    assert give_back(hall, sale.reservation_id).places == 5


def test_only_sales_are_refunded(hall: Hall, refused: Refused) -> None:
    asked = [Places(1, allocation_id=hall.pool)]
    held = reserve(performance_id=hall.performance_id, requests=asked)
    no = refused(refund, reservation_id=held.reservation_id)
    assert (no.code, no.facts["status"]) == ("not_sold", "reserved")
    sale = sell(hall)
    give_back(hall, sale.reservation_id)
    no = refused(refund, reservation_id=sale.reservation_id)
    assert (no.code, no.facts["status"]) == ("not_sold", "refunded")


def test_a_line_is_refunded_once(hall: Hall, refused: Refused) -> None:
    sale = sell(hall)
    line = RefundLine(sale.lines[0].line_id)
    give_back(hall, sale.reservation_id, line)
    no = refused(refund, reservation_id=sale.reservation_id, lines=[line])
    assert (no.code, no.facts["line"]) == ("not_sold", str(line.line_id))


def test_not_more_than_was_sold(hall: Hall, refused: Refused) -> None:
    sale = sell(hall)
    line = next(line for line in sale.lines if not line.seat_id)
    lines = [RefundLine(line.line_id, 5)]
    no = refused(refund, reservation_id=sale.reservation_id, lines=lines)
    assert (no.code, no.facts["held"], no.facts["wanted"]) == ("too_many", 4, 5)


def test_what_is_not_there_is_unknown(hall: Hall, refused: Refused) -> None:
    assert refused(refund, reservation_id=uuid4()).facts["what"] == "reservation"
    sale, other = sell(hall), sell_other(hall)
    lines = [RefundLine(sale.lines[0].line_id), RefundLine(other.lines[0].line_id)]
    no = refused(refund, reservation_id=sale.reservation_id, lines=lines)
    assert (no.code, no.facts["what"], no.facts["id"]) == ("unknown", "line", str(lines[1].line_id))


def sell_other(hall: Hall) -> Hold:
    asked = [Places(1, allocation_id=hall.student_places)]
    held = reserve(performance_id=hall.performance_id, requests=asked)
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    return held


def test_only_whole_tickets_come_back(hall: Hall, refused: Refused) -> None:
    """A table of three at 30.00 takes three places; two of them are no ticket."""
    TicketType.objects.filter(pk=hall.student).update(places_per_ticket=3)
    asked = [Places(3, allocation_id=hall.student_places)]
    held = reserve(performance_id=hall.performance_id, requests=asked)
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    line = held.lines[0].line_id
    asked_back = [RefundLine(line, 2)]
    no = refused(refund, reservation_id=held.reservation_id, lines=asked_back)
    assert (no.code, no.facts["places_per_ticket"], no.facts["wanted"]) == ("part_of_ticket", 3, 2)
    done = give_back(hall, held.reservation_id, RefundLine(line, 3))
    assert told(done) == (3, "refunded", Decimal("10.00"), "USD")


LINE = uuid4()


@pytest.mark.parametrize(
    ("argument", "lines"),
    [
        ("lines", []),
        ("lines", [RefundLine(LINE), RefundLine(LINE, 1)]),
        ("quantity", [RefundLine(LINE, 0)]),
        ("quantity", [RefundLine(LINE, -1)]),
        ("quantity", [RefundLine(LINE, 10**9)]),
        ("line_id", [RefundLine("x")]),  # type: ignore[arg-type]
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(argument: str, lines: list[RefundLine]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        refund(performance_id=uuid4(), reservation_id=uuid4(), lines=lines)
    assert caught.value.argument == argument
