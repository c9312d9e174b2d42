"""The stream of changes: public facts, resumable without a gap, capped, never held back."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from fullhouse.api import framing
from fullhouse.api.routes import stream
from fullhouse.events.models import EventPerformance, EventSection
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall, Speaker


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream looks again at once: what a test did before it asks is then there to be told."""
    monkeypatch.setattr(framing, "LOOK_SECONDS", 0)


@pytest.fixture
def listen(hall: Hall) -> Iterator[Callable[..., Any]]:
    """Return an opener of streams as (response, its parts); they are closed at the end."""
    opened: list[Any] = []

    def open_one(since: str | None = None, **headers: str) -> tuple[Any, Iterator[bytes]]:
        headers |= {"Last-Event-ID": since} if since is not None else {}
        response: Any = Client().get(f"{hall.url}/stream", headers=headers)
        opened.append(response)
        return response, iter(response.streaming_content) if response.streaming else iter(())

    yield open_one
    for response in opened:
        response.close()


def fields(part: bytes) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in part.decode().splitlines() if line)


def change(part: bytes) -> tuple[list[str], Any]:
    assert fields(part)["event"] == "change"
    data = json.loads(fields(part)["data"])
    return data["changed"], data["sections"]


def hold(hall: Hall, *requests: Any) -> Any:
    asked = requests or (Places(1, section_id=hall.section_id, ticket_type_id=hall.student),)
    return reserve(performance_id=hall.performance_id, requests=asked)


def test_tells_what_to_read_again_and_no_more(hall: Hall, listen: Callable[..., Any]) -> None:
    response, parts = listen(**{"Accept-Encoding": "gzip"})
    assert response["Content-Type"] == "text/event-stream"
    assert (response["Cache-Control"], response["X-Accel-Buffering"]) == ("no-store", "no")
    assert "Content-Encoding" not in response
    first = fields(next(parts))
    assert (set(first), first["retry"]) == ({"retry", "id"}, "2000")
    held = hold(hall)
    part = next(parts)
    assert change(part) == (["availability"], [str(hall.section_id)])
    assert str(held.reservation_id) not in part.decode()
    held = hold(hall, SeatRequest(hall.adult_seats[0]))
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    assert change(next(parts)) == (["availability", "seats"], [str(hall.section_id)])
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="postponed")
    assert change(next(parts)) == (["status"], None)
    EventSection.objects.filter(pk=hall.section_id).update(base_price=30)
    assert change(next(parts)) == (["availability", "seats"], None)


def test_resumes_without_a_gap(
    hall: Hall, listen: Callable[..., Any], make_stage: Callable[..., Any]
) -> None:
    response, parts = listen()
    cursor = fields(next(parts))["id"]
    response.close()
    hold(hall)
    _, parts = listen(cursor)
    told = next(parts)
    assert change(told) == (["availability"], [str(hall.section_id)])
    # Another evening's change moves the position on and is no event here.
    EventPerformance.objects.filter(pk=make_stage().performance_id).update(status="postponed")
    _, parts = listen(fields(told)["id"])
    assert set(fields(next(parts))) == {"retry", "id"}


@pytest.mark.parametrize("since", ["nonsense", "1:1:", "99999999999:99999999999:", "9" * 3999, ""])
def test_a_position_that_cannot_be_told_from_means_everything(
    hall: Hall, listen: Callable[..., Any], since: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = stream.changes_since
    monkeypatch.setattr(stream, "changes_since", lambda **named: looked(**named, limit=1))
    _, parts = listen(since)
    assert change(next(parts)) == (["availability", "plan", "seats", "status"], None)


def test_silence_is_filled_with_signs_of_life(
    hall: Hall, listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing, "HEARTBEAT_SECONDS", 0)
    _, parts = listen()
    next(parts)
    beat = next(parts).decode().splitlines()
    assert (beat[0], beat[1].startswith("id: ")) == (": still here", True)


def test_no_more_streams_than_there_is_room_for(
    hall: Hall, listen: Callable[..., Any], settings: Any
) -> None:
    settings.FULLHOUSE_STREAMS = 1
    first, _ = listen()
    refused, _ = listen()
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    first.close()
    assert listen()[0].status_code == 200


def test_a_stream_ends_by_itself(
    hall: Hall, listen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LONGEST_SECONDS", 0)
    _, parts = listen()
    assert len(list(parts)) == 1


def test_a_draft_is_not_there(draft: Hall, public: Speaker) -> None:
    assert public.get(f"{draft.url}/stream")[0] == 404


def test_what_is_told_has_reached_the_disk(hall: Hall, listen: Callable[..., Any]) -> None:
    """Early release shows a hold before it is flushed; a stream must not tell of it before."""
    _, parts = listen()
    next(parts)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        hold(hall)
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        written = cursor.fetchone()
        cursor.execute("RESET synchronous_commit")
    next(parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", written)
        assert cursor.fetchone() == (True,)
