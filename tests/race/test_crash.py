"""An immediate stop of PostgreSQL, in the middle of early-released holds, loses none of them.

Early release lets go of the hot row before the disk has answered; the buyer is told afterwards.
So every hold that somebody was told of must be there when the server comes back.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from fullhouse.database import server

from . import clients
from .conftest import hear

pytestmark = pytest.mark.race
ROOT = Path(__file__).resolve().parents[2]
PROCESSES, ACKNOWLEDGED = 8, 400


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A running, migrated server of the test's own, where every account may pass through."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ground = Path(tempfile.mkdtemp(prefix="fh-", dir="/tmp"))  # short: a socket lives below
    ground.chmod(0o711)
    server.ensure_started(ground / "home")
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"],
        env=os.environ | {"FULLHOUSE_DATA": str(ground / "home")},
        check=True,
    )
    yield ground / "home"
    server.stop("immediate", ground / "home")
    shutil.rmtree(ground)


def conninfo_of(home: Path) -> str:
    found = server.status(home)
    return psycopg.conninfo.make_conninfo(
        host=found.host,
        port=found.port,
        user="fullhouse",
        dbname="fullhouse",
        options="-c search_path=fullhouse",
    )


def open_house(connection: psycopg.Connection[Any], places: int) -> tuple[Any, Any]:
    """Make a performance of one pool; return its id and the pool's."""
    venue, event, performance, section, pool = (uuid4() for _ in range(5))
    with connection.transaction():
        for statement, values in (
            ("SELECT set_config('fullhouse.engine', 'on', true)", []),
            ("INSERT INTO events_venue (id, name, total_capacity) VALUES (%s, 'V', %s)",
             [venue, places]),
            ("INSERT INTO events_event (id, venue_id, title, slug) VALUES (%s, %s, 'E', 'e')",
             [event, venue]),
            ("INSERT INTO events_eventperformance (id, event_id, date, start_time, max_capacity)"
             " VALUES (%s, %s, '2030-01-01', '20:00', %s)", [performance, event, places]),
            ("INSERT INTO events_eventsection (id, performance_id, name, total_capacity,"
             " base_price) VALUES (%s, %s, 'S', %s, 20)", [section, performance, places]),
            ("INSERT INTO events_sectiontickettype (id, performance_id, section_id,"
             " allocated_capacity, available_capacity, unseated_available)"
             " VALUES (%s, %s, %s, %s, %s, %s)",
             [pool, performance, section, places, places, places]),
            ("INSERT INTO events_movement (id, performance_id, allocation_id, to_state, quantity,"
             " operation) VALUES (%s, %s, %s, 'available', %s, 'open_performance')",
             [uuid4(), performance, pool, places]),
        ):  # fmt: skip
            connection.execute(statement, values)
    return performance, pool


def test_no_acknowledged_hold_is_lost(home: Path, crowd: Any) -> None:
    conninfo = conninfo_of(home)
    with clients.connect(conninfo) as connection:
        performance, pool = open_house(connection, 1_000_000)
    buyers = crowd(clients.report_holds, [(conninfo, performance, pool)] * PROCESSES)
    buyers.start()
    told: list[str] = []
    while len(told) < ACKNOWLEDGED:
        told += [hear(pipe) for pipe in buyers.pipes]
    server.stop("immediate", home)
    for pipe in buyers.pipes:
        while (last := hear(pipe)) is not None:
            told.append(last)
    server.ensure_started(home)
    with clients.connect(conninfo) as connection:
        kept = connection.execute(
            "SELECT count(*) FROM events_reservation WHERE status = 'reserved' AND id = ANY (%s)",
            [told],
        ).fetchone()
        assert kept == (len(told),)
        assert connection.execute("SELECT * FROM audit_v1(%s)", [performance]).fetchall() == []
