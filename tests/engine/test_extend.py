"""extend: a live hold gets more time, up to its ceiling, and a note says why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.engine.calls import call
from fullhouse.events.models import EventPerformance, Note, Reservation
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.extend import Extended, extend
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, reserve

from .conftest import Hall
from .houses import make_overdue, set_deadline, set_kind, snapshot

Refused = Callable[..., Refusal]


def hold(hall: Hall, ttl_seconds: int = 600) -> Hold:
    return reserve(
        performance_id=hall.performance_id,
        requests=[Places(2, allocation_id=hall.pool)],
        ttl_seconds=ttl_seconds,
    )


def longer(hall: Hall, held: Hold, seconds: int, **more: Any) -> Extended:
    return extend(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        ttl_seconds=seconds,
        **more,
    )


def began(held: Hold) -> datetime:
    return Reservation.objects.get(pk=held.reservation_id).created_at


def test_the_deadline_moves_and_a_note_says_why(hall: Hall) -> None:
    held = hold(hall)
    places = snapshot(hall.performance_id)["counters"]
    done = longer(hall, held, 1200, actor="desk", reason="card reader is slow")
    assert (done.capped, done.ceiling) == (False, began(held) + timedelta(hours=1))
    assert done.expires_at - held.expires_at >= timedelta(seconds=600)
    assert Reservation.objects.get(pk=held.reservation_id).expires_at == done.expires_at
    note = Note.objects.get(reservation_id=held.reservation_id)
    assert (note.operation, note.actor, note.reason) == ("extend", "desk", "card reader is slow")
    assert datetime.fromisoformat(note.facts["was"]) == held.expires_at
    assert datetime.fromisoformat(note.facts["expires_at"]) == done.expires_at
    assert snapshot(hall.performance_id)["counters"] == places


def test_it_ends_at_the_ceiling_however_often_it_is_extended(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    done = longer(hall, held, 7200)
    assert (done.capped, done.expires_at) == (True, began(held) + timedelta(seconds=3600))
    no = refused(extend, reservation_id=held.reservation_id, ttl_seconds=7200)
    assert no.code == "at_ceiling"
    assert datetime.fromisoformat(str(no.facts["ceiling"])) == done.expires_at
    assert Note.objects.filter(reservation_id=held.reservation_id).count() == 1


def test_the_ceiling_is_the_performances(hall: Hall) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(hold_ceiling_seconds=700)
    held = hold(hall)
    assert longer(hall, held, 7200).expires_at == began(held) + timedelta(seconds=700)


def test_a_hold_that_runs_longer_stays(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    assert refused(extend, reservation_id=held.reservation_id, ttl_seconds=60).code == "not_longer"


def test_an_overdue_hold_gets_no_more_time(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    make_overdue(held.reservation_id)
    no = refused(extend, reservation_id=held.reservation_id, ttl_seconds=600)
    assert (no.code, no.facts["expires_at"]) == ("expired", "2001-09-09T01:46:40+00:00")
    expire(performance_id=hall.performance_id)
    no = refused(extend, reservation_id=held.reservation_id, ttl_seconds=600)
    assert (no.code, no.facts["status"]) == ("not_reserved", "expired")


@pytest.mark.parametrize("end", [confirm, release])
def test_what_is_no_hold_any_more_is_not_extended(hall: Hall, refused: Refused, end: Any) -> None:
    held = hold(hall)
    end(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    no = refused(extend, reservation_id=held.reservation_id, ttl_seconds=600)
    assert no.code == "not_reserved"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("house", "kept_by_house"),
        ("kill", "kept_by_house"),
        ("channel", "kept_by_house"),
        ("legacy", "no_deadline"),
    ],
)
def test_only_a_buyers_deadline_is_extended(
    hall: Hall, refused: Refused, kind: str, code: str
) -> None:
    held = hold(hall)
    set_kind(held.reservation_id, kind)
    assert refused(extend, reservation_id=held.reservation_id, ttl_seconds=1200).code == code
    set_kind(held.reservation_id, "sale")


def test_an_offer_may_be_given_more_time(hall: Hall) -> None:
    held = hold(hall)
    set_kind(held.reservation_id, "offer")
    set_deadline(held.reservation_id, held.expires_at.timestamp())
    assert longer(hall, held, 1200).expires_at > held.expires_at
    set_kind(held.reservation_id, "sale")


def test_a_cancelled_performance_holds_nothing_longer(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    assert refused(extend, reservation_id=held.reservation_id, ttl_seconds=1200).code == "closed"


def test_after_sales_have_closed_a_hold_may_still_be_extended(hall: Hall) -> None:
    held = hold(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(
        sales_close_at=datetime.now(UTC) - timedelta(hours=1)
    )
    assert longer(hall, held, 1200).expires_at > held.expires_at


def test_a_key_extends_once(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    first = longer(hall, held, 1200, idempotency_key="a")
    assert longer(hall, held, 1200, idempotency_key="a") == first
    assert Note.objects.filter(reservation_id=held.reservation_id).count() == 1
    no = refused(extend, reservation_id=held.reservation_id, ttl_seconds=1300, idempotency_key="a")
    assert no.code == "key_reused"


def test_nobody_is_unknown(hall: Hall, refused: Refused) -> None:
    assert refused(extend, reservation_id=uuid4(), ttl_seconds=600).code == "unknown"


def test_a_hold_of_another_performance_is_unknown(
    hall: Hall, make_stage: Callable[..., Any]
) -> None:
    held = hold(hall)
    with pytest.raises(Refusal, match="unknown"):
        extend(
            performance_id=make_stage().performance_id,
            reservation_id=held.reservation_id,
            ttl_seconds=1200,
        )


@pytest.mark.parametrize(
    ("argument", "bad"),
    [
        ("reservation_id", {"reservation_id": "x"}),
        ("ttl_seconds", {"ttl_seconds": 0}),
        ("ttl_seconds", {"ttl_seconds": -60}),
        ("ttl_seconds", {"ttl_seconds": 1.5}),
        ("ttl_seconds", {"ttl_seconds": True}),
        ("ttl_seconds", {"ttl_seconds": 604_801}),
        ("reason", {"reason": "x" * 256}),
        ("actor", {"actor": "a\x00b"}),
        ("idempotency_key", {"idempotency_key": " "}),
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(argument: str, bad: dict[str, object]) -> None:
    good = {"performance_id": uuid4(), "reservation_id": uuid4(), "ttl_seconds": 600}
    with pytest.raises(InvalidRequest) as caught:
        extend(**(good | bad))  # type: ignore[arg-type]
    assert caught.value.argument == argument


@pytest.mark.parametrize("ttl", [None, 0, 604_801])
def test_the_sql_refuses_a_broken_deadline(hall: Hall, ttl: int | None) -> None:
    with pytest.raises(InvalidRequest) as caught:
        call("extend_v1", hall.performance_id, reservation=uuid4(), ttl_seconds=ttl, actor="",
             reason="")  # fmt: skip
    assert caught.value.argument == "ttl_seconds"


@pytest.mark.parametrize(
    ("argument", "lines"),
    [("lines", []), ("lines", [{"quantity": 1}]), ("quantity", [{"line_id": "x", "quantity": 0}])],
)
def test_the_sql_refuses_a_broken_release(hall: Hall, argument: str, lines: Any) -> None:
    with pytest.raises(InvalidRequest) as caught:
        call("release_v1", hall.performance_id, reservation=uuid4(), lines=Jsonb(lines), actor="",
             reason="")  # fmt: skip
    assert caught.value.argument == argument
