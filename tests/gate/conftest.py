"""A server of its own: a database, a house and `fullhouse serve`, which tests may kill."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
PLACES = 100_000


@dataclass
class Site:
    """A data folder with a migrated database, and one performance on sale."""

    folder: Path
    url: str = ""
    performance: UUID = field(default_factory=uuid4)
    section: UUID = field(default_factory=uuid4)
    kind: UUID = field(default_factory=uuid4)
    allocation: UUID = field(default_factory=uuid4)

    def environment(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "FULLHOUSE_SCHEMA")}
        many = "1000000"
        return own | {
            "FULLHOUSE_DATA": str(self.folder),
            "FULLHOUSE_PUBLIC_WRITES_PER_MINUTE": many,
            "FULLHOUSE_PUBLIC_READS_PER_MINUTE": many,
        }

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(sql, values).fetchall()

    def build(self) -> None:
        venue, event = uuid4(), uuid4()
        with psycopg.connect(self.url) as connection:
            run = connection.execute
            run("SET LOCAL fullhouse.engine = 'on'")
            run(
                "INSERT INTO events_venue (id, name, total_capacity) VALUES (%s, 'Hall', %s)",
                [venue, PLACES],
            )
            run(
                "INSERT INTO events_event (id, venue_id, title, slug)"
                " VALUES (%s, %s, 'Concert', 'concert')",
                [event, venue],
            )
            run(
                "INSERT INTO events_tickettype (id, event_id, name) VALUES (%s, %s, 'Adult')",
                [self.kind, event],
            )
            run(
                "INSERT INTO events_eventperformance (id, event_id, date, start_time, max_capacity)"
                " VALUES (%s, %s, '2030-01-01', '20:00', %s)",
                [self.performance, event, PLACES],
            )
            run(
                "INSERT INTO events_eventsection (id, performance_id, name, total_capacity,"
                " base_price) VALUES (%s, %s, 'Floor', %s, 20)",
                [self.section, self.performance, PLACES],
            )
            run(
                "INSERT INTO events_sectiontickettype (id, performance_id, section_id,"
                " ticket_type_id, allocated_capacity, available_capacity, unseated_available)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [self.allocation, self.performance, self.section, self.kind, *[PLACES] * 3],
            )
            run(
                "INSERT INTO events_movement (id, performance_id, allocation_id, to_state,"
                " quantity, operation) VALUES (%s, %s, %s, 'available', %s, 'open_performance')",
                [uuid4(), self.performance, self.allocation, PLACES],
            )

    @property
    def holds_path(self) -> str:
        return f"/api/v1/performances/{self.performance}/reservations"

    def body(self, quantity: int = 1) -> str:
        item = {"section": "Floor", "ticket_type": "Adult", "quantity": quantity}
        return json.dumps({"items": [item]})

    def holds(self) -> set[str]:
        """Return the ids of all holds and sales; raise unless all that is written agrees on them.

        Counters, lines and ledger; each has one place.
        """
        rows = self.query(
            "SELECT id, status FROM events_reservation WHERE performance_id = %s", self.performance
        )
        sold = sum(status == "sold" for _, status in rows)
        [sums] = self.query(
            "SELECT reserved_capacity, sold_capacity, available_capacity,"
            " (SELECT count(*) FROM events_reservationline AS l"
            "   WHERE l.performance_id = a.performance_id),"
            " (SELECT count(*) FROM events_movement WHERE performance_id = a.performance_id"
            "   AND to_state = 'reserved'),"
            " (SELECT count(*) FROM events_movement WHERE performance_id = a.performance_id"
            "   AND to_state = 'sold') FROM events_sectiontickettype AS a WHERE id = %s",
            self.allocation,
        )
        every = len(rows)
        assert sums == (every - sold, sold, PLACES - every, every, every, sold)
        return {str(row_id) for row_id, _ in rows}

    def sales(self) -> set[str]:
        """Return the ids of what is sold."""
        rows = self.query(
            "SELECT id FROM events_reservation WHERE performance_id = %s AND status = 'sold'",
            self.performance,
        )
        return {str(row[0]) for row in rows}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    room = os.environ.get("FULLHOUSE_TEST_ROOM")
    folder = Path(tempfile.mkdtemp(prefix="fullhouse-gate.", dir=room))
    folder.chmod(0o711)
    made = Site(folder / "data")
    try:
        made.command("migrate", "--verbosity", "0")
        made.url = made.command("database", "url", "--with-password").strip()
        made.build()
        yield made
    finally:
        made.command("database", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Served:
    """A running server."""

    port: int
    process: "subprocess.Popen[str]"

    def workers(self) -> list[int]:
        """Return its worker processes, oldest first."""
        task = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        return sorted(map(int, Path(task).read_text().split()))

    def ask(
        self, method: str, path: str, body: str | bytes | Iterator[bytes] = "", **headers: str
    ) -> tuple[int, Any]:
        """Ask once on a connection of its own; status 0 where there was no answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(
                method, path, body or None, {"Content-Type": "application/json", **headers}
            )
            response = connection.getresponse()
            text = response.read()
            return response.status, json.loads(text) if text else None
        except (OSError, HTTPException, json.JSONDecodeError):
            return 0, None
        finally:
            connection.close()


@contextmanager
def serving(site: Site, *words: str) -> Iterator[Served]:
    """A server that has said that it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-u", str(ROOT / "manage.py"), "serve", "--port", str(port), *words],
        env=site.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stdout.readline()
        assert "Serving" in said, process.communicate()
        # Nobody reads it: a full pipe would stop the server.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield Served(port, process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Buyers:
    """Threads that each hold a number of places, one by one, and buy every second one of them.

    They ask again with the same key until they have it. `answers` and `bought` are the answers by
    key: of what stayed a hold, and of what was bought by (path, key).
    """

    def __init__(self, served: Served, site: Site, buyers: int, each: int) -> None:
        self._served, self._site = served, site
        self._lock = threading.Condition()
        self.answers: dict[str, Any] = {}
        self.bought: dict[tuple[str, str], Any] = {}
        self.refused: list[tuple[int, Any]] = []
        self._threads = [
            threading.Thread(target=self._buy, args=(each,), daemon=True) for _ in range(buyers)
        ]
        for thread in self._threads:
            thread.start()

    def wait_for(self, number: int) -> None:
        """Return when so many holds were answered."""

        def enough() -> bool:
            return len(self.answers) + len(self.bought) >= number

        with self._lock:
            assert self._lock.wait_for(enough, PATIENCE_SECONDS)

    def finish(self) -> dict[str, Any]:
        """Return all answers by key."""
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()
        return self.answers

    def _buy(self, each: int) -> None:
        for number in range(each):
            key = str(uuid4())
            told = self._until(201, self._site.holds_path, self._site.body(), key)
            if number % 2:
                path, token = f"{self._site.holds_path}/{told['id']}/confirm", told["token"]
                sold = self._until(200, path, "{}", f"{key} bought", token)
                with self._lock:
                    self.bought[path, f"{key} bought"] = {**sold, "token": token}
                    self._lock.notify_all()
            else:
                with self._lock:
                    self.answers[key] = told
                    self._lock.notify_all()

    def _until(self, wanted: int, path: str, body: str, key: str, token: str = "") -> Any:
        """Ask with the same key until it is granted."""
        pause = threading.Event()
        while True:
            status, told = self._served.ask(
                "POST", path, body, **{"Idempotency-Key": key, "Reservation-Token": token}
            )
            if status == wanted:
                return told
            if status:
                self.refused.append((status, told))
            assert status in (0, 503), told
            pause.wait(0.05)  # a server that is down is not asked without end


@pytest.fixture
def serve(site: Site) -> Callable[..., Any]:
    """Return a maker of servers: `with serve("--workers", "2") as served`."""
    return lambda *words: serving(site, *words)
