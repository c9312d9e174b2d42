"""Offers to the waiting list: whom, in which order, which places, and what becomes of them."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import (
    EventPerformance,
    Movement,
    Note,
    Reservation,
    WaitingEntry,
)
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.house import give_back, house
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.waiting_list import join_waiting_list, withdraw_waiting
from fullhouse.events.services.waiting_offers import offer_waiting, take_offer

from .conftest import Hall
from .houses import (
    Part,
    build,
    counters,
    faults,
    make_overdue,
    snapshot,
    wait_for_waiter,
)
from .test_waiting_list import join, status

Refused = Callable[..., Refusal]
Verb = Callable[[Hall, Hold], object]


def sell_out(hall: Hall, *, list_first: bool = True) -> Hold:
    """Hold every place and seat of the hall; the list comes first from now on."""
    EventPerformance.objects.filter(pk=hall.performance_id).update(waiting_list_first=list_first)
    return reserve(
        performance_id=hall.performance_id,
        requests=[
            Places(6, allocation_id=hall.adult_places),
            Places(5, allocation_id=hall.student_places),
            Places(4, allocation_id=hall.pool),
            *map(SeatRequest, (*hall.adult_seats, *hall.pool_seats)),
        ],
    )


def offer_of(entry: UUID) -> Reservation:
    return Reservation.objects.get(pk=WaitingEntry.objects.get(pk=entry).offer_id)


def late(hall: Hall, sold_out: Hold) -> None:
    make_overdue(sold_out.reservation_id)
    expire(performance_id=hall.performance_id)


def refunded(hall: Hall, sold_out: Hold) -> None:
    named = {"performance_id": hall.performance_id, "reservation_id": sold_out.reservation_id}
    confirm(**named)
    refund(**named)


def released(hall: Hall, sold_out: Hold) -> None:
    release(performance_id=hall.performance_id, reservation_id=sold_out.reservation_id)


@pytest.mark.parametrize("free", [late, refunded, released])
def test_freed_places_reach_the_list_before_the_public(hall: Hall, free: Verb) -> None:
    sold_out = sell_out(hall)
    parties = [join(hall, 2, ticket_type_id=hall.adult) for _ in range(3)]
    large = join(hall, 9, ticket_type_id=hall.adult)
    small = join(hall, 3, ticket_type_id=hall.student)

    free(hall, sold_out)

    assert [status(entry) for entry in (*parties, large, small)] == [
        "offered",
        "offered",
        "offered",
        "waiting",
        "offered",
    ]
    assert counters(hall.adult_places) == (4, 0, 6, 0)
    assert counters(hall.student_places) == (2, 2, 3, 0)
    offer = offer_of(parties[0])
    assert (offer.kind, offer.status, offer.customer) == ("offer", "reserved", "")
    assert offer.token_hash == WaitingEntry.objects.get(pk=parties[0]).token_hash
    assert audit(performance_id=hall.performance_id) == ()


def test_without_the_flag_freed_places_are_for_all(hall: Hall) -> None:
    sold_out = sell_out(hall, list_first=False)
    entry = join(hall)
    released(hall, sold_out)
    assert status(entry) == "waiting"
    assert counters(hall.adult_places) == (10, 6, 0, 0)


def test_house_places_given_back_go_to_the_list(hall: Hall) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(waiting_list_first=True)
    kept = house(
        performance_id=hall.performance_id, reason="press", quantities={hall.adult_places: 6}
    )
    entry = join(hall, 5, ticket_type_id=hall.adult)
    give_back(performance_id=hall.performance_id, reservation_id=kept.reservation_id)
    assert status(entry) == "offered"


def test_a_party_too_large_is_passed_over_and_the_note_says_so(hall: Hall) -> None:
    large, small = join(hall, 10), join(hall, 2)

    made = offer_waiting(performance_id=hall.performance_id)

    assert (made.entry_id, made.passed) == (small, 1)
    assert status(large) == "waiting"
    note = Note.objects.get(reservation_id=made.reservation_id)
    assert (note.operation, note.facts["passed"]) == ("offer", 1)
    assert note.facts["entry_id"] == str(small)


def test_an_offer_out_of_turn_needs_a_reason_that_is_kept(hall: Hall) -> None:
    join(hall, 2)
    second = join(hall, 2)
    with pytest.raises(InvalidRequest, match="reason"):
        offer_waiting(performance_id=hall.performance_id, entry_id=second)

    made = offer_waiting(
        performance_id=hall.performance_id, entry_id=second, reason="came from far", actor="desk"
    )

    note = Note.objects.get(reservation_id=made.reservation_id)
    assert (note.operation, note.actor, note.reason) == (
        "offer_out_of_turn",
        "desk",
        "came from far",
    )
    assert (made.passed, note.facts["passed"]) == (1, 1)


def test_own_places_come_before_the_pool(hall: Hall) -> None:
    join(hall, 8, ticket_type_id=hall.adult)
    made = offer_waiting(performance_id=hall.performance_id)
    assert [(line.allocation_id, line.quantity) for line in made.lines] == [
        (hall.adult_places, 6),
        (hall.pool, 2),
    ]
    assert made.total == 160


def test_holds_past_their_deadline_make_way_for_an_offer(hall: Hall) -> None:
    sold_out = sell_out(hall, list_first=False)
    entry = join(hall, 4, ticket_type_id=hall.student)
    make_overdue(sold_out.reservation_id)
    assert offer_waiting(performance_id=hall.performance_id).entry_id == entry


def test_a_buyer_gets_what_the_list_leaves_of_overdue_holds(hall: Hall) -> None:
    sold_out = sell_out(hall)
    entry = join(hall, 4, ticket_type_id=hall.student)
    make_overdue(sold_out.reservation_id)

    with pytest.raises(Refusal) as caught:
        reserve(
            performance_id=hall.performance_id,
            requests=[Places(2, allocation_id=hall.student_places)],
        )
    assert (caught.value.code, caught.value.facts["left"]) == ("sold_out", 1)
    assert status(entry) == "offered"
    assert (
        reserve(
            performance_id=hall.performance_id,
            requests=[Places(1, allocation_id=hall.student_places)],
        )
        .lines[0]
        .quantity
        == 1
    )


def test_all_overdue_holds_count_for_the_list_not_only_the_one_in_the_buyers_way(
    hall: Hall,
) -> None:
    (balcony,) = build(hall.performance_id, Part(None, 4), name="Balcony").allocation_ids
    EventPerformance.objects.filter(pk=hall.performance_id).update(waiting_list_first=True)
    pairs = [
        reserve(performance_id=hall.performance_id, requests=[Places(2, allocation_id=balcony)])
        for _ in range(2)
    ]
    entry = join(hall, 4)
    make_overdue(*(pair.reservation_id for pair in pairs))

    with pytest.raises(Refusal, match="sold_out"):
        reserve(performance_id=hall.performance_id, requests=[Places(1, allocation_id=balcony)])

    assert status(entry) == "offered"


def test_an_offer_is_taken_at_its_price_and_becomes_the_partys_own(
    hall: Hall, refused: Refused
) -> None:
    made = join_waiting_list(
        performance_id=hall.performance_id, quantity=2, customer="c-1", ticket_type_id=hall.adult
    )
    offered = offer_waiting(performance_id=hall.performance_id)
    named = {"entry_id": made.entry_id}
    assert refused(take_offer, **named, token="another").code == "wrong_token"

    taken = take_offer(performance_id=hall.performance_id, **named, token=made.token)

    assert (taken.total, taken.kind, taken.status) == (offered.total, "sale", "reserved")
    own = Reservation.objects.get(pk=taken.reservation_id)
    assert (own.customer, own.origin_id) == ("c-1", offered.reservation_id)
    assert own.token_hash == WaitingEntry.objects.get(pk=made.entry_id).token_hash
    assert Reservation.objects.get(pk=offered.reservation_id).status == "released"
    assert status(made.entry_id) == "taken"
    assert refused(take_offer, **named).facts == {"status": "taken"}
    confirm(performance_id=hall.performance_id, reservation_id=taken.reservation_id)
    assert audit(performance_id=hall.performance_id) == ()


def test_an_offer_is_bought_at_once(hall: Hall) -> None:
    entry = join(hall, 2)
    offer_waiting(performance_id=hall.performance_id)
    taken = take_offer(performance_id=hall.performance_id, entry_id=entry, sold=True)
    assert (taken.status, taken.expires_at) == ("sold", None)
    moved = Movement.objects.filter(reservation_id=taken.reservation_id)
    assert [m.operation for m in moved] == ["take_offer", "confirm"]


def test_an_offer_let_go_by_goes_to_the_next_whatever_the_flag(hall: Hall) -> None:
    first, second = join(hall, 2), join(hall, 2)
    offer_waiting(performance_id=hall.performance_id)
    make_overdue(offer_of(first).pk)
    with pytest.raises(Refusal, match="expired"):
        take_offer(performance_id=hall.performance_id, entry_id=first)

    expire(performance_id=hall.performance_id)

    assert (status(first), status(second)) == ("expired", "offered")
    assert audit(performance_id=hall.performance_id) == ()


def test_an_offer_is_neither_confirmed_nor_released_by_hand(hall: Hall, refused: Refused) -> None:
    join(hall, 2)
    made = offer_waiting(performance_id=hall.performance_id)
    named = {"reservation_id": made.reservation_id}
    assert refused(confirm, **named).code == "waiting_offer"
    assert refused(release, **named).code == "waiting_offer"
    assert refused(give_back, **named).code == "not_house"


def test_two_that_want_one_reference_at_once(hall: Hall, conninfo: str) -> None:
    """The second waits, then hears that the reference is taken; its offer stays as it was."""
    sold_out = sell_out(hall)
    entry = join(hall, 2)
    release(performance_id=hall.performance_id, reservation_id=sold_out.reservation_id)
    answers: list[object] = []

    def take() -> None:
        try:
            take_offer(performance_id=hall.performance_id, entry_id=entry, reference="OURS")
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    second = threading.Thread(target=take)
    with transaction.atomic():
        reserve(
            performance_id=hall.performance_id,
            requests=[Places(1, allocation_id=hall.student_places)],
            reference="OURS",
        )
        second.start()
        wait_for_waiter(conninfo)
    second.join()
    (answer,) = answers
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.facts) == ("reference_taken", {"reference": "OURS"})
    assert status(entry) == "offered"
    assert audit(performance_id=hall.performance_id) == ()


def test_nothing_is_offered_of_an_evening_that_is_closed(hall: Hall, refused: Refused) -> None:
    sold_out = sell_out(hall)
    entry = join(hall, 2)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    released(hall, sold_out)
    assert status(entry) == "waiting"
    assert refused(offer_waiting).code == "closed"


def test_an_offer_of_a_cancelled_evening_cannot_be_taken(hall: Hall, refused: Refused) -> None:
    entry = join(hall, 2)
    offer_waiting(performance_id=hall.performance_id)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    assert refused(take_offer, entry_id=entry).code == "closed"


def test_a_refusal_expires_nothing(hall: Hall, refused: Refused) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(1, allocation_id=hall.pool)]
    )
    make_overdue(held.reservation_id)
    assert refused(offer_waiting).code == "nothing_fits"
    assert refused(offer_waiting, entry_id=uuid4(), reason="r").facts["what"] == "waiting_entry"
    assert Reservation.objects.get(pk=held.reservation_id).status == "reserved"


def test_the_same_key_offers_once(hall: Hall, refused: Refused) -> None:
    join(hall, 2)
    join(hall, 2)
    first = offer_waiting(performance_id=hall.performance_id, idempotency_key="k")
    again = offer_waiting(performance_id=hall.performance_id, idempotency_key="k")
    assert (again.entry_id, again.replayed) == (first.entry_id, True)
    assert refused(offer_waiting, reason="other", idempotency_key="k").code == "key_reused"


def test_the_audit_names_an_offer_that_nobody_has(hall: Hall) -> None:
    entry = join(hall, 2)
    made = offer_waiting(performance_id=hall.performance_id)
    WaitingEntry.objects.filter(pk=entry).update(status="waiting")
    (finding,) = audit(performance_id=hall.performance_id)
    assert (finding.rule, finding.table, finding.id) == (
        "I6",
        "events_reservation",
        made.reservation_id,
    )
    WaitingEntry.objects.filter(pk=entry).update(status="offered", offer_id=uuid4())
    assert {f.table for f in audit(performance_id=hall.performance_id)} == {
        "events_reservation",
        "events_waitingentry",
    }
    WaitingEntry.objects.filter(pk=entry).update(offer_id=made.reservation_id)


@pytest.mark.parametrize(
    "asked",
    [{"offer_seconds": 59}, {"offer_seconds": True}, {"entry_id": "first", "reason": "r"}],
)
def test_what_cannot_be_meant_is_invalid(hall: Hall, asked: dict[str, Any]) -> None:
    before = snapshot(hall.performance_id)
    with pytest.raises(InvalidRequest):
        offer_waiting(performance_id=hall.performance_id, **asked)
    for wrong in ({"sold": True, "ttl_seconds": 60}, {"ttl_seconds": 0}, {"sold": 1}):
        with pytest.raises(InvalidRequest):
            take_offer(performance_id=hall.performance_id, entry_id=uuid4(), **wrong)
    with pytest.raises(InvalidRequest):
        withdraw_waiting(performance_id=hall.performance_id, entry_id=uuid4(), token="")
    assert snapshot(hall.performance_id) == before
    assert faults(hall.performance_id) == []
