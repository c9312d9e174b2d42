"""transfer: a hold or a sale goes to another customer, whole or some lines of it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.references import token_matches
from fullhouse.events.models import Note, Operation, Reservation, ReservationLine, TicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.transfer import Transferred, transfer

from .conftest import Hall
from .houses import counters, make_overdue, sell_beyond, set_kind, snapshot

Refused = Callable[..., Refusal]


def hold(hall: Hall, customer: str = "ada") -> Hold:
    """Hold four adult places and a seat of the pool."""
    return reserve(
        performance_id=hall.performance_id,
        requests=[Places(4, allocation_id=hall.adult_places), SeatRequest(hall.pool_seats[0])],
        customer=customer,
    )


def give(hall: Hall, held: Hold, **more: Any) -> Transferred:
    return transfer(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        customer="grace",
        reason="a present",
        **more,
    )


def test_a_whole_sale_changes_hands(hall: Hall) -> None:
    held = hold(hall)
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    before = snapshot(hall.performance_id)
    done = give(hall, held)
    assert (done.reservation_id, done.reference) == (held.reservation_id, held.reference)
    assert (done.origin_id, done.places) == (None, 5)
    row = Reservation.objects.get(pk=held.reservation_id)
    assert (row.customer, row.status) == ("grace", "sold")
    assert token_matches(done.token or "", row.token_hash)
    assert not token_matches(held.token or "", row.token_hash)
    assert snapshot(hall.performance_id) == before


def test_the_note_says_why_but_not_who(hall: Hall) -> None:
    done = give(hall, hold(hall), idempotency_key="gift")
    note = Note.objects.get(reservation_id=done.reservation_id)
    assert (note.operation, note.reason) == ("transfer", "a present")
    remembered = Operation.objects.get(performance=hall.performance_id, key="gift").outcome
    assert "grace" not in str(note.facts) + str(remembered)


def test_some_lines_become_a_reservation_of_their_own(hall: Hall) -> None:
    held = hold(hall)
    places = next(line for line in held.lines if line.seat_id is None)
    seat = next(line for line in held.lines if line.seat_id)
    before = counters(hall.adult_places), counters(hall.pool)
    done = give(hall, held, lines=[RefundLine(places.line_id, 3), RefundLine(seat.line_id)])
    assert (done.origin_id, done.places) == (held.reservation_id, 4)
    new = Reservation.objects.get(pk=done.reservation_id)
    assert (new.status, new.expires_at, new.customer) == ("reserved", held.expires_at, "grace")
    assert token_matches(done.token or "", new.token_hash)
    old = Reservation.objects.get(pk=held.reservation_id)
    assert (old.customer, token_matches(held.token or "", old.token_hash)) == ("ada", True)
    assert ReservationLine.objects.get(pk=seat.line_id).reservation_id == new.pk
    assert ReservationLine.objects.get(pk=places.line_id).quantity == 1
    assert (counters(hall.adult_places), counters(hall.pool)) == before
    assert {row[6] for row in snapshot(hall.performance_id)["movements"][-4:]} == {"transfer"}
    facts = Note.objects.get(reservation_id=old.pk).facts
    assert facts == {"places": 4, "to_reservation_id": str(new.pk)}


def test_both_parts_live_on_alone(hall: Hall) -> None:
    held = hold(hall)
    part = give(hall, held, lines=[RefundLine(held.lines[0].line_id, 1)])
    for key in (held.reservation_id, part.reservation_id):
        confirm(performance_id=hall.performance_id, reservation_id=key)
    assert (
        refund(performance_id=hall.performance_id, reservation_id=part.reservation_id).status
        == "refunded"
    )
    assert Reservation.objects.get(pk=held.reservation_id).status == "sold"


def test_all_lines_named_is_the_whole(hall: Hall) -> None:
    held = hold(hall)
    done = give(hall, held, lines=[RefundLine(line.line_id) for line in held.lines])
    assert (done.reservation_id, done.origin_id) == (held.reservation_id, None)


def test_oversold_places_change_hands_outside_the_house(hall: Hall) -> None:
    reservation_id, line_id = sell_beyond(hall.performance_id, hall.pool, 3)
    transfer(
        performance_id=hall.performance_id,
        reservation_id=reservation_id,
        customer="grace",
        lines=[RefundLine(line_id, 1)],
    )
    assert [row[3:5] for row in snapshot(hall.performance_id)["movements"][-2:]] in (
        [("sold", None), (None, "sold")],
        [(None, "sold"), ("sold", None)],
    )


def test_the_same_key_gives_the_same_answer_without_the_secret(hall: Hall) -> None:
    held = hold(hall)
    first = give(hall, held, idempotency_key="gift")
    again = give(hall, held, idempotency_key="gift")
    assert (again.reservation_id, again.token, again.replayed) == (
        first.reservation_id,
        first.token,
        True,
    )


def test_refusals_move_nothing(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    late = reserve(performance_id=hall.performance_id, requests=[Places(1, hall.pool)])
    make_overdue(late.reservation_id)
    assert refused(transfer, reservation_id=late.reservation_id, customer="x").code == "expired"
    assert refused(transfer, reservation_id=uuid4(), customer="x").facts["what"] == "reservation"
    lines = [RefundLine(held.lines[0].line_id, 5)]
    no = refused(transfer, reservation_id=held.reservation_id, customer="x", lines=lines)
    assert (no.code, no.facts["held"]) == ("too_many", 4)
    set_kind(held.reservation_id, "house")
    no = refused(transfer, reservation_id=held.reservation_id, customer="x")
    assert no.code == "kept_by_house"


def test_a_ticket_of_several_places_goes_whole(hall: Hall, refused: Refused) -> None:
    TicketType.objects.filter(pk=hall.student).update(places_per_ticket=2)
    asked = [Places(4, allocation_id=hall.student_places)]
    held = reserve(performance_id=hall.performance_id, requests=asked)
    line = held.lines[0].line_id
    no = refused(
        transfer,
        reservation_id=held.reservation_id,
        customer="x",
        lines=[RefundLine(line, 3)],
    )
    assert no.code == "part_of_ticket"
    assert give(hall, held, lines=[RefundLine(line, 2)]).places == 2


@pytest.mark.parametrize("customer", ["", "  ", "x" * 256, "a\x00b"])
def test_whom_it_goes_to_is_said(customer: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        transfer(performance_id=uuid4(), reservation_id=uuid4(), customer=customer)
    assert caught.value.argument == "customer"
