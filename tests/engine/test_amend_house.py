"""Kinds, owners and scheduled releases of the house, and amending them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Movement, Note, Reservation
from fullhouse.events.services.amend_house import amend_house
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.house import SetAside, give_back, house
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue

Refused = Callable[..., Refusal]
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def keep(hall: Hall, **more: Any) -> SetAside:
    asked = {"quantities": {hall.adult_places: 6}, "reason": "press", **more}
    return house(performance_id=hall.performance_id, **asked)


def amend(hall: Hall, kept: SetAside, **more: Any) -> Any:
    named = {"performance_id": hall.performance_id, "reservation_id": kept.reservation_id}
    return amend_house(**named, **{"reason": "they called", **more})


@pytest.mark.parametrize("kind", ["house", "kill"])
def test_places_are_kept_for_somebody_or_for_nobody(
    hall: Hall, refused: Refused, kind: Any
) -> None:
    kept = keep(hall, kind=kind, owner="press office", release_at=LATER)

    assert (kept.kind, kept.release_at) == (kind, LATER)
    found = Reservation.objects.get(pk=kept.reservation_id)
    assert (found.kind, found.owner, found.expires_at, found.reason) == (
        kind,
        "press office",
        LATER,
        "press",
    )
    assert found.reference.startswith(kind.upper())
    named = {"reservation_id": kept.reservation_id}
    assert refused(confirm, **named).code == "kept_by_house"
    assert refused(release, **named).code == "kept_by_house"
    give_back(performance_id=hall.performance_id, **named)


def test_a_scheduled_release_frees_the_places_without_a_sweeper(hall: Hall) -> None:
    kept = keep(hall, release_at=LATER)
    make_overdue(kept.reservation_id)

    bought = reserve(
        performance_id=hall.performance_id, requests=[Places(6, allocation_id=hall.adult_places)]
    )

    assert bought.lines[0].quantity == 6
    found = Reservation.objects.get(pk=kept.reservation_id)
    assert found.status == "expired"
    (freed,) = Movement.objects.filter(reservation_id=kept.reservation_id, operation="expire")
    assert freed.reason == "scheduled release: in the way of a reserve"


def test_the_sweeper_says_that_it_was_scheduled(hall: Hall) -> None:
    kept = keep(hall, release_at=LATER, seat_ids=[hall.adult_seats[0]])
    held = reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[1])])
    make_overdue(kept.reservation_id, held.reservation_id)

    swept = expire(performance_id=hall.performance_id, reason="nightly")

    assert (swept.holds, swept.places) == (2, 8)
    said = Movement.objects.filter(performance=hall.performance_id, operation="expire")
    assert {(m.reservation_id, m.reason) for m in said} == {
        (kept.reservation_id, "scheduled release: nightly"),
        (held.reservation_id, "nightly"),
    }
    assert counters(hall.adult_places) == (10, 6, 0, 0)


def test_what_is_amended_is_noted_before_and_after(hall: Hall) -> None:
    kept = keep(hall, owner="press office")

    done = amend(hall, kept, owner="sponsors", purpose="gala", release_at=LATER, actor="desk")

    assert (done.owner, done.purpose, done.release_at) == ("sponsors", "gala", LATER)
    found = Reservation.objects.get(pk=kept.reservation_id)
    assert (found.owner, found.reason, found.expires_at) == ("sponsors", "gala", LATER)
    note = Note.objects.get(reservation_id=kept.reservation_id)
    assert (note.operation, note.actor, note.reason) == ("amend_house", "desk", "they called")
    assert note.facts["before"] == {
        "owner": "press office",
        "reason": "press",
        "release_at": None,
    }
    assert note.facts["after"]["owner"] == "sponsors"


def test_only_what_is_named_changes(hall: Hall) -> None:
    kept = keep(hall, owner="press office", release_at=LATER)
    amend(hall, kept, purpose="premiere")
    found = Reservation.objects.get(pk=kept.reservation_id)
    assert (found.owner, found.reason, found.expires_at) == ("press office", "premiere", LATER)
    assert amend(hall, kept, release_at=None).release_at is None


def test_what_is_released_by_now_is_not_kept_again(hall: Hall, refused: Refused) -> None:
    kept = keep(hall, release_at=LATER)
    make_overdue(kept.reservation_id)
    named = {"reservation_id": kept.reservation_id, "reason": "late"}
    assert refused(amend_house, **named, release_at=LATER).code == "expired"


def test_only_what_the_house_keeps_is_amended(hall: Hall, refused: Refused) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(1, allocation_id=hall.pool)]
    )
    asked = {"reason": "r", "owner": "sponsors"}
    assert refused(amend_house, reservation_id=held.reservation_id, **asked).code == "not_house"
    assert refused(amend_house, reservation_id=uuid4(), **asked).code == "unknown"
    kept = keep(hall)
    give_back(performance_id=hall.performance_id, reservation_id=kept.reservation_id)
    said = refused(amend_house, reservation_id=kept.reservation_id, **asked)
    assert (said.code, said.facts) == ("not_reserved", {"status": "released"})


def test_nothing_is_kept_of_a_cancelled_evening(hall: Hall, refused: Refused) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    assert refused(house, reason="press", quantities={hall.pool: 1}).code == "closed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "channel"},
        {"kind": "sale"},
        {"owner": "x" * 101},
        {"owner": None},
        {"release_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"release_at": datetime(2100, 1, 1)},
        {"release_at": timedelta(days=1)},
    ],
)
def test_what_cannot_be_meant_is_invalid(hall: Hall, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        keep(hall, **wrong)
    assert counters(hall.adult_places) == (10, 6, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"owner": "x" * 101},
        {"purpose": " "},
        {"release_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"release_at": datetime(2100, 1, 1)},
        {"owner": "sponsors", "reason": ""},
    ],
)
def test_an_amendment_that_cannot_be_meant_is_invalid(hall: Hall, wrong: dict[str, Any]) -> None:
    kept = keep(hall)
    with pytest.raises(InvalidRequest):
        amend(hall, kept, **wrong)
    assert not Note.objects.filter(reservation_id=kept.reservation_id).exists()


def test_the_same_key_amends_once(hall: Hall, refused: Refused) -> None:
    kept = keep(hall)
    amend(hall, kept, owner="a", idempotency_key="k")
    assert amend(hall, kept, owner="a", idempotency_key="k").replayed
    assert Note.objects.filter(reservation_id=kept.reservation_id).count() == 1
    said = refused(
        amend_house,
        reservation_id=kept.reservation_id,
        owner="b",
        reason="they called",
        idempotency_key="k",
    )
    assert said.code == "key_reused"
