"""Idempotency keys: same key, same answer; same key, other request: refused."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, reserve

from .conftest import Hall
from .houses import counters, make_overdue, snapshot, wait_for_waiter

Refused = Callable[..., Refusal]


def take(hall: Hall, quantity: int, key: str, **more: Any) -> Hold:
    asked = [Places(quantity, allocation_id=hall.adult_places)]
    return reserve(performance_id=hall.performance_id, requests=asked, idempotency_key=key, **more)


def told(hold: Hold) -> tuple[Any, ...]:
    return (hold.reservation_id, hold.reference, hold.expires_at, hold.lines, hold.total)


def test_the_same_request_is_answered_again_and_done_once(hall: Hall) -> None:
    first = take(hall, 2, "a")
    before = snapshot(hall.performance_id)
    again = take(hall, 2, "a")
    assert told(again) == told(first)
    assert (first.token is not None, again.token) == (True, first.token)
    assert snapshot(hall.performance_id) == before


def test_a_refusal_is_repeated_even_when_it_would_now_be_granted(hall: Hall) -> None:
    blocking = take(hall, 6, "all")
    with pytest.raises(Refusal) as first:
        take(hall, 1, "late")
    release(performance_id=hall.performance_id, reservation_id=blocking.reservation_id)
    with pytest.raises(Refusal) as again:
        take(hall, 1, "late")
    assert (again.value.code, again.value.facts) == (first.value.code, first.value.facts)


@pytest.mark.parametrize("more", [{}, {"ttl_seconds": 60}, {"kind": "comp"}, {"customer": "x"}])
def test_another_body_is_refused(hall: Hall, refused: Refused, more: dict[str, Any]) -> None:
    take(hall, 2, "a")
    asked = [Places(2 if more else 3, allocation_id=hall.adult_places)]
    no = refused(reserve, requests=asked, idempotency_key="a", **more)
    assert (no.code, no.facts["operation"]) == ("key_reused", "reserve")


def test_another_operation_is_refused(hall: Hall, refused: Refused) -> None:
    hold = take(hall, 2, "a")
    no = refused(confirm, reservation_id=hold.reservation_id, idempotency_key="a")
    assert no.code == "key_reused"


def test_every_verb_keeps_its_answer(hall: Hall) -> None:
    known: dict[str, UUID] = {"performance_id": hall.performance_id}
    sold, given, late = (take(hall, 1, key).reservation_id for key in "abc")
    make_overdue(late)
    calls: list[tuple[Any, dict[str, Any]]] = [
        (confirm, {"reservation_id": sold}),
        (refund, {"reservation_id": sold}),
        (release, {"reservation_id": given}),
        (expire, {}),
    ]
    for number, (verb, arguments) in enumerate(calls):
        answers = [verb(**known, **arguments, idempotency_key=f"k{number}") for _ in range(2)]
        assert answers[0] == answers[1]
    assert counters(hall.adult_places) == (10, 6, 0, 0)


def test_a_key_belongs_to_one_performance(hall: Hall, make_stage: Callable[..., Any]) -> None:
    take(hall, 1, "a")
    with pytest.raises(Refusal) as caught:
        reserve(
            performance_id=make_stage().performance_id,
            requests=[Places(1, allocation_id=hall.pool)],
            idempotency_key="a",
        )
    assert caught.value.code == "unknown"


def test_what_was_rolled_back_is_not_remembered(hall: Hall) -> None:
    with transaction.atomic():
        lost = take(hall, 2, "a")
        transaction.set_rollback(True)
    kept = take(hall, 2, "a")
    assert kept.reservation_id != lost.reservation_id
    assert counters(hall.adult_places) == (8, 4, 2, 0)


def test_of_two_at_once_the_second_waits_for_the_first(hall: Hall, conninfo: str) -> None:
    answers: list[Hold] = []

    def second() -> None:
        try:
            answers.append(take(hall, 2, "a"))
        finally:
            connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        first = take(hall, 2, "a")
        other.start()
        wait_for_waiter(conninfo)
    other.join()
    assert told(answers[0]) == told(first)
    assert counters(hall.adult_places) == (8, 4, 2, 0)
