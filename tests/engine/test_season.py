"""season: the same seats or places in many performances, all or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Operation, Reservation
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.season import SeasonHold, confirm_season, reserve_season
from fullhouse.events.services.season_seats import same_seats

from .houses import Part, build, counters, faults, make_overdue, snapshot


@dataclass(frozen=True)
class Evening:
    """A performance with a pool of five places, two of them seats."""

    performance_id: UUID
    pool: UUID
    seats: tuple[UUID, ...]


@pytest.fixture
def evenings(db_committed: None, make_stage: Callable[..., Any]) -> Iterator[list[Evening]]:
    """Three performances; checked to add up when the test is done."""
    made = []
    for _ in range(3):
        performance = make_stage().performance_id
        built = build(performance, Part(None, 5, seats=2))
        made.append(Evening(performance, built.allocation_ids[0], built.seat_ids[0]))
    yield made
    assert [faults(evening.performance_id) for evening in made] == [[], [], []]


def seats(evenings: list[Evening]) -> dict[UUID, list[Places | SeatRequest]]:
    """The first seat of every evening, asked for against the order of ids."""
    return {e.performance_id: [SeatRequest(e.seats[0])] for e in reversed(evenings)}


def book(evenings: list[Evening], **more: Any) -> SeasonHold:
    return reserve_season(requests=seats(evenings), customer="subscriber", **more)


def test_one_seat_over_all_performances(evenings: list[Evening]) -> None:
    season = book(evenings)
    assert set(season.holds) == {evening.performance_id for evening in evenings}
    rows = Reservation.objects.filter(reference=season.reference)
    assert rows.count() == 3
    assert len({bytes(row.token_hash or b"") for row in rows}) == 1
    sold = confirm_season(
        reservations={key: hold.reservation_id for key, hold in season.holds.items()}
    )
    assert set(sold.places.values()) == {1}
    assert [counters(evening.pool) for evening in evenings] == [(4, 3, 0, 1)] * 3


def test_seats_are_found_by_their_names_in_every_performance(evenings: list[Evening]) -> None:
    keys = [evening.performance_id for evening in evenings]
    asked = same_seats(
        performance_ids=keys, section=" STALLS", seats=[("R0", "2")], ticket_type="Adult"
    )
    assert {key: one.seat_id for key, (one,) in asked.items()} == {  # type: ignore[union-attr]
        evening.performance_id: evening.seats[1] for evening in evenings
    }
    assert len(reserve_season(requests=asked).holds) == 3
    for wrong, what in (
        ({"seats": [("R0", "2"), ("R9", "9")]}, "seat"),
        ({"section": "Balcony"}, "seat"),
        ({"ticket_type": "Child"}, "ticket type"),
    ):
        named: dict[str, Any] = {"section": "Stalls", "seats": [("R0", "2")], **wrong}
        with pytest.raises(Refusal) as caught:
            same_seats(performance_ids=keys, **named)
        assert {one["what"] for one in caught.value.facts["refused"]} == {what}
    with pytest.raises(InvalidRequest):
        same_seats(performance_ids=keys, section="Stalls", seats=[])


def test_one_performance_that_cannot_refuses_the_season(evenings: list[Evening]) -> None:
    """The refusal says for each performance what it lacks, and nothing is taken in any."""
    first, second, third = evenings
    taken = reserve(performance_id=second.performance_id, requests=[SeatRequest(second.seats[0])])
    EventPerformance.objects.filter(pk=third.performance_id).update(status="closed")
    before = [snapshot(evening.performance_id) for evening in evenings]
    with pytest.raises(Refusal) as caught:
        book(evenings, idempotency_key="season")
    assert (caught.value.code, caught.value.facts["count"]) == ("season_refused", 2)
    refused = {one["performance_id"]: one for one in caught.value.facts["refused"]}
    assert refused[str(second.performance_id)]["code"] == "seat_taken"
    assert refused[str(second.performance_id)]["seats"] == ["R0-1"]
    assert refused[str(third.performance_id)]["status"] == "closed"
    assert [snapshot(evening.performance_id) for evening in evenings] == before
    release(performance_id=second.performance_id, reservation_id=taken.reservation_id)
    with pytest.raises(Refusal) as again:
        book(evenings, idempotency_key="season")
    assert (again.value.code, again.value.facts) == (caught.value.code, caught.value.facts)
    told = Operation.objects.filter(key="season", performance=first.performance_id)
    assert told.get().outcome["outcome"] == "season_refused"


def test_a_season_is_sold_whole_or_not(evenings: list[Evening]) -> None:
    season = book(evenings)
    make_overdue(season.holds[evenings[1].performance_id].reservation_id)
    with pytest.raises(Refusal) as caught:
        confirm_season(
            reservations={key: hold.reservation_id for key, hold in season.holds.items()}
        )
    (refused,) = caught.value.facts["refused"]
    assert (refused["performance_id"], refused["code"]) == (
        str(evenings[1].performance_id),
        "expired",
    )
    assert [counters(evening.pool)[2:] for evening in evenings] == [(1, 0)] * 3


def test_the_same_key_gives_the_same_answer(evenings: list[Evening]) -> None:
    first = book(evenings, idempotency_key="season")
    again = book(evenings, idempotency_key="season")
    assert (again.reference, again.token) == (first.reference, first.token)
    assert {key: hold.lines for key, hold in again.holds.items()} == {
        key: hold.lines for key, hold in first.holds.items()
    }
    with pytest.raises(Refusal) as caught:
        book(evenings, idempotency_key="season", ttl_seconds=30)
    assert caught.value.code == "key_reused"
    keys = {key: hold.reservation_id for key, hold in first.holds.items()}
    assert confirm_season(reservations=keys, idempotency_key="pay") == confirm_season(
        reservations=keys, idempotency_key="pay"
    )


def test_quantities_differ_by_evening(evenings: list[Evening]) -> None:
    wanted = {e.performance_id: [Places(n, e.pool)] for n, e in enumerate(evenings, start=1)}
    season = reserve_season(requests=wanted)
    assert [counters(evening.pool)[2] for evening in evenings] == [1, 2, 3]
    assert len(season.holds) == 3


def test_bad_input_is_refused(evenings: list[Evening]) -> None:
    for wrong, argument in (
        ({}, "performances"),
        ({evenings[0].performance_id: []}, "requests"),
        ({"x": [Places(1, uuid4())]}, "performance_id"),
        ({uuid4(): [Places(0, uuid4())]}, "quantity"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            reserve_season(requests=wrong)  # type: ignore[arg-type]
        assert caught.value.argument == argument
    with pytest.raises(Refusal) as unknown:
        reserve_season(requests={**seats(evenings), uuid4(): [Places(1, uuid4())]})
    assert (unknown.value.code, unknown.value.facts["what"]) == ("unknown", "performance")
    with pytest.raises(InvalidRequest):
        confirm_season(reservations={evenings[0].performance_id: "x"})  # type: ignore[dict-item]
