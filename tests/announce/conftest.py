"""A house that others are told of, and somebody who listens over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import psycopg
import pytest
from engine.houses import Part, build, faults

from fullhouse.announce.endpoints import add_endpoint
from fullhouse.announce.models import Level, Relay, WebhookDelivery, WebhookEndpoint
from fullhouse.announce.relay import relay


@dataclass(frozen=True, slots=True)
class Hall:
    """Stalls: 10 places of the pool, 4 of them numbered."""

    event_id: UUID
    performance_id: UUID
    section_id: UUID
    allocation_id: UUID
    seat_ids: tuple[UUID, ...]


@pytest.fixture
def make_hall(db_committed: None, make_stage: Callable[..., Any]) -> Iterator[Callable[[], Hall]]:
    made: list[UUID] = []

    def make() -> Hall:
        stage = make_stage()
        built = build(stage.performance_id, Part(None, 10, seats=4))
        made.append(stage.performance_id)
        return Hall(
            stage.event_id,
            stage.performance_id,
            built.section_id,
            built.allocation_ids[0],
            built.seat_ids[0],
        )

    yield make
    for performance_id in made:
        assert faults(performance_id) == []


@pytest.fixture
def hall(make_hall: Callable[[], Hall]) -> Hall:
    return make_hall()


@pytest.fixture(autouse=True)
def _nobody_listens(db_committed: None, settings: Any) -> None:
    """Each test begins with announcing; addresses of this machine are allowed."""
    settings.FULLHOUSE_WEBHOOKS_PRIVATE = True
    for model in (WebhookDelivery, WebhookEndpoint, Level, Relay):
        model.objects.all().delete()


@dataclass
class Receiver:
    """An HTTP server: what it got, and what it answers next (the last answer stays)."""

    answers: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    url: str = ""

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.got]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]

    def take(self, headers: dict[str, str], body: str) -> int:
        self.got.append((headers, body))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.arrived.release()
        self.gate.wait()
        return status


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    taker = Receiver()
    taker.gate.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            status = taker.take({k.lower(): v for k, v in self.headers.items()}, body)
            self.send_response(status)
            for name, value in taker.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    taker.url = f"http://127.0.0.1:{server.server_address[1]}/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield taker
    taker.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def listening(receiver: Receiver) -> WebhookEndpoint:
    """An endpoint that hears of everything from now on."""
    return add_endpoint(receiver.url)[0]


@pytest.fixture
def told() -> Callable[[], list[tuple[str, Any]]]:
    """Return a look: relay, then the (type, data) of every delivery so far, in order."""

    def look() -> list[tuple[str, Any]]:
        relay()
        rows = WebhookDelivery.objects.order_by("id").values_list("kind", "body")
        return [(kind, json.loads(body)["data"]) for kind, body in rows]

    return look


@pytest.fixture
def connect(conninfo: str) -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Return a maker of connections of their own, closed at the end."""
    opened: list[psycopg.Connection[Any]] = []

    def make() -> psycopg.Connection[Any]:
        opened.append(psycopg.connect(conninfo))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
