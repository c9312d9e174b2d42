"""reserve_many: a batch is as many single reserves in the same order, only faster."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.references import token_hash
from fullhouse.events.engine.calls import call
from fullhouse.events.models import (
    EventPerformance,
    EventSection,
    Operation,
    Reservation,
    Seat,
    TicketType,
)
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.reserve_many import Answer, Wanted, reserve_many
from fullhouse.events.services.sales_rules import set_rule

from .conftest import Hall
from .houses import counters, make_overdue, snapshot, wait_for_waiter


def many(hall: Hall, *batch: Wanted) -> list[Answer]:
    return reserve_many(performance_id=hall.performance_id, batch=batch)


def places(hall: Hall, quantity: int, **more: Any) -> Wanted:
    """Ask for some of the six adult places without a number."""
    return Wanted([Places(quantity, allocation_id=hall.adult_places)], **more)


def codes(answers: list[Answer]) -> list[str]:
    return [
        "granted"
        if isinstance(one, Hold)
        else one.code
        if isinstance(one, Refusal)
        else f"invalid {one.argument}"
        for one in answers
    ]


class Batch(threading.Thread):
    """A batch in a thread with a connection of its own; keeps the answers."""

    def __init__(self, hall: Hall, *batch: Wanted) -> None:
        super().__init__()
        self.hall, self.batch = hall, batch
        self.answers: list[Answer] = []

    def run(self) -> None:
        try:
            self.answers = many(self.hall, *self.batch)
        finally:
            connection.close()


def test_each_buyer_gets_a_hold_of_his_own(hall: Hall) -> None:
    answers = many(hall, places(hall, 2, customer="a", ttl_seconds=60), places(hall, 1))
    assert codes(answers) == ["granted", "granted"]
    first, second = (one for one in answers if isinstance(one, Hold))
    assert (first.total, first.currency, second.lines[0].quantity) == (40, "USD", 1)
    assert first.reference != second.reference
    stored = Reservation.objects.get(pk=first.reservation_id)
    assert (stored.customer, stored.expires_at) == ("a", first.expires_at)
    assert bytes(stored.token_hash) == token_hash(first.token or "")
    assert counters(hall.adult_places) == (7, 3, 3, 0)


def test_a_large_request_that_is_refused_does_not_block_small_ones(hall: Hall) -> None:
    answers = many(hall, *(places(hall, quantity) for quantity in (4, 3, 2, 1)))
    assert codes(answers) == ["granted", "sold_out", "granted", "sold_out"]
    short = answers[1]
    assert isinstance(short, Refusal)
    assert (short.facts["wanted"], short.facts["left"]) == (3, 2)
    assert counters(hall.adult_places) == (4, 0, 6, 0)


def test_one_bad_request_does_not_fail_its_batch(hall: Hall) -> None:
    seat = SeatRequest(hall.adult_seats[0])
    answers = many(
        hall,
        places(hall, 0),
        Wanted([seat]),
        Wanted([]),
        Wanted([seat]),
        places(hall, 1, actor="x" * 101),
        Wanted([Places(1, allocation_id=uuid4())]),
        places(hall, 1),
    )
    assert codes(answers) == [
        "invalid quantity", "granted", "invalid requests", "seat_taken", "invalid actor",
        "unknown", "granted",
    ]  # fmt: skip


def test_a_closed_performance_says_so_to_each(hall: Hall) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="closed")
    assert codes(many(hall, places(hall, 1), places(hall, 2))) == ["closed", "closed"]


def test_a_type_that_is_not_on_offer_is_not_sold(hall: Hall) -> None:
    TicketType.objects.filter(pk=hall.student).update(is_active=False)
    other = Wanted([Places(1, allocation_id=hall.student_places)])
    assert codes(many(hall, other, places(hall, 1))) == ["not_on_offer", "granted"]


def test_overdue_holds_make_room_in_the_order_asked(hall: Hall) -> None:
    late = many(hall, places(hall, 4), places(hall, 2))
    make_overdue(*(one.reservation_id for one in late if isinstance(one, Hold)))
    assert codes(many(hall, places(hall, 3), places(hall, 3), places(hall, 1))) == [
        "granted", "granted", "sold_out",
    ]  # fmt: skip
    assert counters(hall.adult_places) == (4, 0, 6, 0)


def test_named_seats_keep_to_the_sections_rule(hall: Hall) -> None:
    """The two beside the first of four would leave it alone, the two at the end would not."""
    EventSection._base_manager.filter(pk=hall.section_id).update(orphan_rule=True)
    for place, seat in enumerate(hall.adult_seats):
        Seat.objects.filter(pk=seat).update(row_rank=1, seat_rank=place)
    inner, outer = hall.adult_seats[1:3], hall.adult_seats[2:]
    answers = many(hall, *(Wanted([SeatRequest(seat) for seat in two]) for two in (inner, outer)))
    assert codes(answers) == ["leaves_single", "granted"]


def test_named_seats_go_first_come_first_served(hall: Hall) -> None:
    one, two, three, four = hall.adult_seats
    wishes = ([one, two], [two, three], [three], [three, four], [four])
    answers = many(hall, *(Wanted([SeatRequest(seat) for seat in wish]) for wish in wishes))
    assert codes(answers) == ["granted", "seat_taken", "granted", "seat_taken", "granted"]
    taken = [one.facts["seat_ids"] for one in answers if isinstance(one, Refusal)]
    assert taken == [[str(two)], [str(three)]]
    assert counters(hall.adult_places) == (6, 6, 4, 0)


def test_the_same_key_in_two_batches_is_answered_again(hall: Hall) -> None:
    asked = places(hall, 2, idempotency_key="a")
    first = many(hall, asked, places(hall, 5, idempotency_key="b"))
    before = snapshot(hall.performance_id)
    again = many(hall, places(hall, 5, idempotency_key="b"), asked)
    assert [str(again[1]), str(again[0])] == [str(first[0]), str(first[1])]
    assert codes(again) == ["sold_out", "granted"]
    assert snapshot(hall.performance_id) == before
    assert codes(many(hall, places(hall, 3, idempotency_key="a"))) == ["key_reused"]


def test_a_key_twice_in_a_batch_is_one_request(hall: Hall) -> None:
    asked, other = places(hall, 2, idempotency_key="a"), places(hall, 1, idempotency_key="a")
    first, second, third = many(hall, asked, asked, other)
    assert first == second
    assert codes([first, third]) == ["granted", "key_reused"]
    assert counters(hall.adult_places) == (8, 4, 2, 0)


def test_a_single_reserve_repeats_the_answer_of_a_batch_and_its_token(hall: Hall) -> None:
    (first,) = many(hall, places(hall, 2, idempotency_key="a"))
    again = reserve(
        performance_id=hall.performance_id,
        requests=[Places(2, allocation_id=hall.adult_places)],
        idempotency_key="a",
    )
    assert again == first
    assert again.token


def test_a_request_that_cannot_be_meant_leaves_its_key(hall: Hall) -> None:
    many(hall, places(hall, 1, idempotency_key="a", reason="x" * 256))
    assert not Operation.objects.filter(performance=hall.performance_id, key="a").exists()
    assert codes(many(hall, places(hall, 1, idempotency_key="a"))) == ["granted"]


def test_a_reference_is_given_once(hall: Hall) -> None:
    mine = {"reference": "MINE"}
    answers = many(hall, places(hall, 1, **mine), places(hall, 1, **mine), places(hall, 1))
    assert codes(answers) == ["granted", "reference_taken", "granted"]


def test_inside_a_transaction_it_is_the_callers_commit_that_counts(hall: Hall) -> None:
    before = snapshot(hall.performance_id)
    with transaction.atomic():
        assert codes(many(hall, places(hall, 1), places(hall, 1))) == ["granted"] * 2
        transaction.set_rollback(True)
    assert snapshot(hall.performance_id) == before


def test_a_lost_race_is_run_again_under_locks(hall: Hall, conninfo: str) -> None:
    """What the unlocked look has counted on is taken while the batch waits for the hot row."""
    batch = [places(hall, 2, idempotency_key=key) for key in ("a", "b", "c")]
    other = Batch(hall, *batch)
    with transaction.atomic():
        reserve(
            performance_id=hall.performance_id,
            requests=[Places(3, allocation_id=hall.adult_places)],
        )
        other.start()
        wait_for_waiter(conninfo)
    other.join()
    assert codes(other.answers) == ["granted", "sold_out", "sold_out"]
    assert counters(hall.adult_places) == (5, 1, 5, 0)
    assert [str(one) for one in many(hall, *batch)] == [str(one) for one in other.answers]


def test_a_key_that_is_under_way_is_waited_for(hall: Hall, conninfo: str) -> None:
    other = Batch(hall, places(hall, 1), places(hall, 2, idempotency_key="a"))
    with transaction.atomic():
        first = reserve(
            performance_id=hall.performance_id,
            requests=[Places(2, allocation_id=hall.adult_places)],
            idempotency_key="a",
        )
        other.start()
        wait_for_waiter(conninfo)
    other.join()
    assert other.answers[1] == first
    assert counters(hall.adult_places) == (7, 3, 3, 0)


def test_a_customers_limit_counts_inside_a_batch(hall: Hall) -> None:
    set_rule(performance_id=hall.performance_id, max_per_customer=3)
    mine = {"customer": "a"}
    answers = many(
        hall, places(hall, 2, **mine), places(hall, 2, **mine), places(hall, 1, **mine),
        places(hall, 1, customer="b"),
    )  # fmt: skip
    assert codes(answers) == ["granted", "over_limit", "granted", "granted"]


def test_tickets_of_two_places_are_sold_whole(hall: Hall) -> None:
    TicketType.objects.filter(pk=hall.adult).update(places_per_ticket=2)
    first, second = many(hall, places(hall, 3), places(hall, 4))
    assert codes([first, second]) == ["not_whole_tickets", "granted"]
    assert isinstance(second, Hold)
    assert (second.total, second.lines[0].places_per_ticket) == (40, 2)


@pytest.mark.parametrize("bad", [None, {}, [], [1], ["x"] * 2, [{}] * 1001])
def test_the_sql_refuses_what_is_no_batch(hall: Hall, bad: Any) -> None:
    with pytest.raises(InvalidRequest) as caught:
        call("reserve_many_v1", hall.performance_id, requests=None if bad is None else Jsonb(bad))
    assert caught.value.argument == "requests"


def test_the_sql_tells_apart_what_it_cannot_read(hall: Hall) -> None:
    good: dict[str, Any] = {
        "requests": [{"allocation_id": str(hall.adult_places), "quantity": 1}],
        "ttl_seconds": 600,
        "kind": "sale",
        "token_hash": None,
    }
    one = {"allocation_id": str(hall.adult_places)}
    bad: list[dict[str, Any]] = [
        {"requests": [one | {"quantity": 1.5}]},
        {"requests": [one | {"quantity": -1}]},
        {"requests": [one | {"quantity": 10**12}]},
        {"requests": [{"allocation_id": "x", "quantity": 1}]},
        {"requests": None},
        {"requests": {"allocation_id": str(hall.adult_places)}},
        {"ttl_seconds": "soon"},
        {"ttl_seconds": 604_801},
        {"kind": "house"},
        {"token_hash": "zz"},
        {"token_hash": "00"},
        {"key": " ", "digest": "00"},
        {"key": "k"},
        {"customer": "x" * 256},
    ]
    asked = [good | {"reference": f"R{n}"} | wrong for n, wrong in enumerate([{}, *bad, {}])]
    outcome = call("reserve_many_v1", hall.performance_id, requests=Jsonb(asked))
    said = [answer["outcome"] for answer in outcome["answers"]]
    assert said == ["granted", *["invalid"] * len(bad), "granted"]
    assert counters(hall.adult_places) == (8, 4, 2, 0)


@pytest.mark.parametrize("size", [0, 1001])
def test_a_batch_has_a_size(hall: Hall, size: int) -> None:
    with pytest.raises(InvalidRequest) as caught:
        many(hall, *[places(hall, 1)] * size)
    assert caught.value.argument == "batch"
