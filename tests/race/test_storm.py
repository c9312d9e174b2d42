"""Every operation at once, from many processes, some of them killed: no deadlock, clean books."""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from engine.houses import Part, build, faults, sell_beyond

from . import clients

pytestmark = pytest.mark.race
PROCESSES = 8
SECONDS = float(os.environ.get("FULLHOUSE_STORM_SECONDS", "60"))


@pytest.fixture
def house(db_committed: None, make_stage: Callable[..., Any]) -> dict[str, Any]:
    """Two sections with two types and a pool, seats in all of them, some places oversold."""
    stage = make_stage(types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    built = [
        build(
            stage.performance_id,
            Part(adult, 30, seats=10),
            Part(student, 25, seats=5),
            Part(None, 25, seats=10),
            name=name,
        )
        for name in ("Stalls", "Balcony")
    ]
    allocations = [key for section in built for key in section.allocation_ids]
    oversold = [sell_beyond(stage.performance_id, key, 3)[0] for key in allocations * 3]
    return {
        "performance": stage.performance_id,
        "type": str(adult),
        "sections": [str(section.section_id) for section in built],
        "allocations": [str(key) for key in allocations],
        "seats": [str(seat) for section in built for part in section.seat_ids for seat in part],
        "overbooked": [str(key) for key in oversold],
        "kept": [],
    }


def violations(performance: UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_v1(%s)", [performance])
        return cursor.fetchall()


def test_everything_at_once(house: dict[str, Any], conninfo: str, crowd: Any) -> None:
    own = [(conninfo, house, SECONDS, seed) for seed in range(PROCESSES)]
    all_of_them = crowd(clients.storm, own)
    all_of_them.start()
    seen: Counter[str] = Counter()
    for outcomes, wrong in all_of_them.answers(SECONDS + 120):
        assert wrong == [], wrong[:3]
        seen.update(outcomes)
    assert faults(house["performance"]) == [], clients.as_text(seen)
    assert violations(house["performance"]) == []
    happened = {name for name in seen if seen[name]}
    assert {
        "reserve: granted", "reserve: sold_out", "reserve: seat_taken", "confirm: confirmed",
        "release: released", "refund: refunded", "expire: swept",
    } <= happened, clients.as_text(seen)  # fmt: skip


def test_killed_clients_leave_clean_books_and_no_locks(
    house: dict[str, Any], conninfo: str, crowd: Any
) -> None:
    doomed = crowd(clients.storm, [(conninfo, house, 600.0, seed) for seed in range(PROCESSES)])
    doomed.start()
    with clients.connect(conninfo) as observer:
        wait_for_movements(observer, house["performance"], 300)
        for process in doomed.processes:
            process.kill()
        for process in doomed.processes:
            process.join()
        wait_for_end(observer)
    assert faults(house["performance"]) == []
    assert violations(house["performance"]) == []
    own = [(conninfo, house, 0.5, seed) for seed in range(2)]
    survivors = crowd(clients.storm, own)
    survivors.start()
    for seen, wrong in survivors.answers():
        assert wrong == []
        assert not any(name.startswith("error") for name in seen)


def wait_for_movements(observer: Any, performance: UUID, count: int) -> None:
    query = "SELECT count(*) FROM events_movement WHERE performance_id = %s"
    for _ in range(1_000_000):
        if observer.execute(query, [performance]).fetchone()[0] >= count:
            return
    pytest.fail(f"the storm did not come to {count} movements")


def wait_for_end(observer: Any) -> None:
    """Return when the server has noticed that the killed clients are gone."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        " AND state <> 'idle'"
    )
    for _ in range(1_000_000):
        if not observer.execute(query).fetchone()[0]:
            return
    pytest.fail("backends of killed clients are still at work")
