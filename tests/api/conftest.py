"""A house to ask about over HTTP, and a client that speaks JSON."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from engine.houses import Part, build, faults
from pytest_django import DjangoDbBlocker

from fullhouse.api import limits
from fullhouse.api.keys import create_key
from fullhouse.events.models import EventPerformance

from .over_asgi import GateInProcess

API = "/api/v1"
# Loading the middleware takes longer than a call: all clients share it.
_HANDLER = Client().handler


@dataclass(frozen=True, slots=True)
class Hall:
    """Stalls at 20.00: Adult 10 (4 numbered), Student 5 at half price, pool 6 (2 numbered)."""

    event_id: UUID
    performance_id: UUID
    section_id: UUID
    adult: UUID
    student: UUID
    adult_seats: tuple[UUID, ...]
    pool_seats: tuple[UUID, ...]

    @property
    def url(self) -> str:
        return f"{API}/performances/{self.performance_id}"


class Speaker:
    """A client with headers of its own; `say` returns the status and the JSON."""

    through: "GateInProcess | None" = None

    def __init__(self, **headers: str) -> None:
        self._client: Any = self.through or Client()
        self._client.handler = _HANDLER
        self._headers = headers

    def say(
        self, method: str, url: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, HttpResponse]:
        text = body if isinstance(body, str) else json.dumps(body)
        response = self._client.generic(
            method,
            url,
            "" if body is None else text,
            content_type="application/json",
            headers={**self._headers, **headers},
        )
        told = json.loads(response.content) if response.content else None
        return response.status_code, told, response

    def get(self, url: str, **headers: str) -> tuple[int, Any, HttpResponse]:
        return self.say("GET", url, **headers)

    def post(self, url: str, body: Any = None, **headers: str) -> tuple[int, Any, HttpResponse]:
        return self.say("POST", url, body, **headers)


@pytest.fixture(scope="module")
def gate(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[GateInProcess]:
    """The on-sale gate over the test database."""
    with django_db_blocker.unblock():
        made = GateInProcess()
        yield made
        made.close()


@pytest.fixture(params=["django", "gate"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test against Django itself, and against the gate before it."""
    if request.param == "gate":
        monkeypatch.setattr(Speaker, "through", request.getfixturevalue("gate"))
    way: str = request.param
    return way


@pytest.fixture(autouse=True)
def _fresh_windows(settings: Any) -> None:
    limits.forget()
    settings.FULLHOUSE_SEATS_MAX_AGE_MS = 0


@pytest.fixture
def hall(db_committed: None, make_stage: Callable[..., Any]) -> Iterator[Hall]:
    stage = make_stage(types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    built = build(
        stage.performance_id,
        Part(adult, 10, seats=4),
        Part(student, 5, modifier=Decimal("0.5")),
        Part(None, 6, seats=2),
    )
    yield Hall(
        stage.event_id,
        stage.performance_id,
        built.section_id,
        adult,
        student,
        adult_seats=built.seat_ids[0],
        pool_seats=built.seat_ids[2],
    )
    assert faults(stage.performance_id) == []


@pytest.fixture
def public() -> Speaker:
    return Speaker()


@pytest.fixture
def keyed(db_committed: None) -> Callable[..., Speaker]:
    """Return a maker of clients with a key: `keyed("sell", events=[...])`."""

    def make(*scopes: str, **options: Any) -> Speaker:
        _, text = create_key(name="till", scopes=scopes, **options)
        return Speaker(Authorization=f"Bearer {text}")

    return make


@pytest.fixture
def draft(hall: Hall) -> Hall:
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="draft")
    return hall
