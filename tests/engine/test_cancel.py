"""cancel, postpone and resume: what becomes of a performance, and of everybody in it."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Movement, Note, Reservation
from fullhouse.events.services.cancel import (
    cancel_performance,
    postpone_performance,
    refunds_due,
    resume_performance,
)
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import house
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import Part, build, counters, sell_beyond, snapshot

Refused = Callable[..., Refusal]
LATER = datetime.date(2027, 5, 1)


def sell(hall: Hall, *asked: Places | SeatRequest, **more: Any) -> Hold:
    held = reserve(performance_id=hall.performance_id, requests=list(asked), **more)
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    return held


@pytest.fixture
def full(hall: Hall) -> Hall:
    """Two sales in two currencies, a hold, places of the house, and two sold beyond it."""
    balcony = build(hall.performance_id, Part(None, 5), name="Balcony", currency="EUR")
    sell(hall, Places(3, allocation_id=hall.adult_places), SeatRequest(hall.pool_seats[0]))
    sell(hall, Places(2, allocation_id=balcony.allocation_ids[0]))
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    house(performance_id=hall.performance_id, seat_ids=[hall.adult_seats[1]], reason="camera")
    sell_beyond(hall.performance_id, hall.pool, 2)
    return hall


def cancel(performance_id: UUID, **more: Any) -> Any:
    return cancel_performance(performance_id=performance_id, reason="storm", actor="desk", **more)


def test_everything_live_ends_as_one_story(full: Hall) -> None:
    done = cancel(full.performance_id)
    assert (done.refunded, done.released) == (8, 2)
    assert done.due.amounts == {"USD": Decimal("120.00"), "EUR": Decimal("40.00")}
    performance = EventPerformance.objects.get(pk=full.performance_id)
    assert (performance.status, performance.max_capacity) == ("cancelled", 26)
    assert counters(full.adult_places) == (10, 6, 0, 0)
    assert counters(full.pool) == (6, 4, 0, 0)
    live = Reservation.objects.filter(performance=performance, status__in=["reserved", "sold"])
    assert not live.exists()
    story = Movement.objects.filter(performance=performance, operation="cancel_performance")
    assert story.count() == 6
    assert {row[:2] for row in story.values_list("reason", "actor")} == {("storm", "desk")}
    assert len({row.at for row in story}) == 1
    note = Note.objects.get(performance=performance)
    assert (note.facts["refunded"], note.facts["status"]) == (8, "on_sale")


def test_the_list_says_what_to_pay_back_to_whom(full: Hall) -> None:
    before = refunds_due(performance_id=full.performance_id)
    done = cancel(full.performance_id)
    assert done.due == before
    assert sorted((due.places, due.amount, due.currency) for due in done.due.refunds) == [
        (2, Decimal("40.00"), "EUR"),
        (2, Decimal("40.00"), "USD"),
        (4, Decimal("80.00"), "USD"),
    ]
    sold = Reservation.objects.filter(performance=full.performance_id, status="refunded")
    assert {due.reference for due in done.due.refunds} == {row.reference for row in sold}


def test_what_was_given_away_is_not_paid_back(hall: Hall) -> None:
    sell(hall, Places(2, allocation_id=hall.pool), kind="comp")
    done = cancel(hall.performance_id)
    assert (done.refunded, done.due.refunds, done.due.amounts) == (2, (), {})


def test_nothing_is_sold_or_cancelled_again(full: Hall, refused: Refused) -> None:
    cancel(full.performance_id)
    no = refused(reserve, requests=[Places(1, allocation_id=full.pool)])
    assert (no.code, no.facts["status"]) == ("closed", "cancelled")
    no = refused(cancel_performance, reason="again")
    assert (no.code, no.facts["status"]) == ("wrong_status", "cancelled")
    for verb in (postpone_performance, resume_performance):
        assert refused(verb, reason="again").code == "wrong_status"


def test_the_same_key_gives_the_same_answer(full: Hall) -> None:
    first = cancel(full.performance_id, idempotency_key="off")
    again = cancel(full.performance_id, idempotency_key="off")
    assert again.replayed
    assert again.due == first.due


def test_an_empty_performance_is_cancelled_too(hall: Hall) -> None:
    done = cancel(hall.performance_id)
    assert (done.refunded, done.released, done.due.refunds) == (0, 0, ())


def test_postponed_to_a_date_it_stays_on_sale(hall: Hall) -> None:
    held = sell(hall, Places(2, allocation_id=hall.pool))
    before = snapshot(hall.performance_id)
    done = postpone_performance(
        performance_id=hall.performance_id,
        reason="illness",
        date=LATER,
        start_time=datetime.time(19, 30),
    )
    assert (done.status, done.date, done.start_time) == ("on_sale", LATER, datetime.time(19, 30))
    assert (done.was_date, done.was_start_time) == (
        datetime.date(2027, 3, 20),
        datetime.time(20),
    )
    assert snapshot(hall.performance_id) == before
    assert Reservation.objects.get(pk=held.reservation_id).status == "sold"
    row = EventPerformance.objects.get(pk=hall.performance_id)
    assert (row.date, row.start_time) == (LATER, datetime.time(19, 30))
    note = Note.objects.get(performance=hall.performance_id)
    assert (note.operation, note.reason) == ("postpone_performance", "illness")
    assert note.facts["was_date"] == "2027-03-20"


def test_postponed_openly_nothing_is_sold_until_it_resumes(hall: Hall, refused: Refused) -> None:
    asked = [Places(1, allocation_id=hall.pool)]
    held = reserve(performance_id=hall.performance_id, requests=asked)
    done = postpone_performance(performance_id=hall.performance_id, reason="illness")
    assert (done.status, done.date, done.start_time) == ("postponed", None, None)
    no = refused(reserve, requests=asked)
    assert (no.code, no.facts["status"]) == ("closed", "postponed")
    assert refused(postpone_performance, reason="again").facts["status"] == "postponed"
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    postpone_performance(performance_id=hall.performance_id, reason="a date", date=LATER)
    assert EventPerformance.objects.get(pk=hall.performance_id).status == "postponed"
    resume_performance(performance_id=hall.performance_id, reason="all well")
    assert reserve(performance_id=hall.performance_id, requests=asked).total == Decimal("20.00")
    assert refused(resume_performance, reason="again").facts["status"] == "on_sale"


def test_no_date_that_is_past_or_taken(hall: Hall, refused: Refused) -> None:
    yesterday = datetime.date.today() - datetime.timedelta(days=2)
    no = refused(postpone_performance, reason="x", date=yesterday)
    assert (no.code, no.facts["date"]) == ("in_the_past", yesterday.isoformat())
    here = EventPerformance.objects.get(pk=hall.performance_id)
    EventPerformance.objects.create(event=here.event, date=LATER, start_time=here.start_time)
    assert refused(postpone_performance, reason="x", date=LATER).code == "time_taken"
    EventPerformance.objects.filter(pk=here.pk).update(status="postponed", date=yesterday)
    assert refused(resume_performance, reason="x").code == "in_the_past"


@pytest.mark.parametrize("verb", [cancel_performance, postpone_performance, resume_performance])
def test_bad_input_is_refused(db_committed: None, verb: Callable[..., Any]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        verb(performance_id=uuid4(), reason=" ")
    assert caught.value.argument == "reason"
    with pytest.raises(Refusal) as unknown:
        verb(performance_id=uuid4(), reason="x")
    assert (unknown.value.code, unknown.value.facts["what"]) == ("unknown", "performance")


def test_a_time_needs_a_date(hall: Hall) -> None:
    with pytest.raises(InvalidRequest) as caught:
        postpone_performance(
            performance_id=hall.performance_id, reason="x", start_time=datetime.time(20)
        )
    assert caught.value.argument == "start_time"
