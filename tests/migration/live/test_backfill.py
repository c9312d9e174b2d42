"""Backfill beside sellers loses nothing; the same proof fails for variants that are wrong."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from fullhouse.events.models import ReservationLine, Seat
from fullhouse.migration import sql_files
from fullhouse.migration.live import batch_size, project
from fullhouse.migration.live.sync import sync_once
from fullhouse.migration.models import MigrationRun, Outbox

from .scene import Scene, small_house, staged_house
from .sellers import Market, market

pytestmark = pytest.mark.race


@pytest.fixture
def scene(db_committed: None) -> Iterator[Scene]:
    house, _ = small_house(performances=8, seats=60)
    with staged_house(house) as made:
        yield made


def evenings(scene: Scene) -> list[UUID]:
    return [key for (key,) in scene.do("SELECT id FROM {}.events_eventperformance ORDER BY id")]


def sell(scene: Scene, evening: UUID) -> None:
    scene.do(
        "UPDATE {0}.events_seat SET status = 'sold' WHERE id = (SELECT id FROM {0}.events_seat"
        " WHERE performance_id = %s AND status = 'available' ORDER BY id LIMIT 1)",
        evening,
    )


def lost_or_doubled(market_: Market) -> list[str]:
    """Acknowledged bookings whose places are not exactly once in Fullhouse, as acknowledged."""
    said = market_.acknowledged()
    lines = ReservationLine.objects.filter(reservation_id__in=list(said))
    stored = Counter((str(one.reservation_id), str(one.seat_id), one.status) for one in lines)
    wanted = Counter(
        (booking, seat, status)
        for booking, (seats, status) in said.items()
        if status != "available"
        for seat in seats
    )
    return [str(one) for one in ((wanted - stored) + (stored - wanted))]


def test_sellers_of_both_levels_lose_nothing(
    scene: Scene, conninfo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fullhouse.migration.live.backfill.SYNC_AT_ROWS", 20)
    with market(conninfo, scene.schema, tmp_path) as sellers:
        scene.install()
        size = batch_size.BatchSize()
        size.units = 1
        done = scene.backfill(size=size)
        assert (done.failed, done.paused) == ((), False)
        for _ in range(4):
            scene.sync()
        assert sellers.alive()
        sellers.stop()
        last = scene.sync()
        while last.failed:
            last = scene.sync()
        assert last.left == 0
        assert scene.differences() == []
        said = sellers.acknowledged()
        assert len(said) > 40
        assert {status for _, status in said.values()} == {"sold", "reserved", "available"}
        assert lost_or_doubled(sellers) == []


@pytest.mark.parametrize("too_late", [False, True])
def test_capture_must_be_there_before_the_first_batch(scene: Scene, too_late: bool) -> None:
    first = evenings(scene)[0]
    if not too_late:
        scene.install()

    def after_the_first(done: int, total: int, rows: int) -> None:
        if done == 1:
            sell(scene, first)
            if too_late:
                scene.install()

    size = batch_size.BatchSize()
    size.units = 1
    scene.backfill(progress=after_the_first, size=size)
    scene.sync()
    assert bool(scene.differences()) is too_late


def without_unit_lock(text: Callable[[str], str]) -> Callable[[str], str]:
    def changed(name: str) -> str:
        return text(name).replace("FOR UPDATE OF u SKIP LOCKED", "")

    return changed


@pytest.mark.parametrize("locked", [True, False])
def test_a_unit_is_made_by_one_worker_at_a_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    scene.install()
    scene.backfill()
    if not locked:
        monkeypatch.setattr(sql_files, "text", without_unit_lock(sql_files.text))
    evening = evenings(scene)[0]
    has_read, may_write = threading.Event(), threading.Event()
    allow = project.Session.allow_writing

    def wait_before_writing(session: project.Session) -> None:
        if threading.current_thread() is slow and not has_read.is_set():
            has_read.set()
            assert may_write.wait(60)
        allow(session)

    monkeypatch.setattr(project.Session, "allow_writing", wait_before_writing)

    def work() -> None:
        try:
            sync_once(MigrationRun.objects.get(pk=scene.run.pk), using="default")
        finally:
            connection.close()

    slow = threading.Thread(target=work)
    sell(scene, evening)
    slow.start()
    try:
        assert has_read.wait(60)
        sell(scene, evening)
        done = scene.sync()
    finally:
        may_write.set()
        slow.join()
    assert done.units == (0 if locked else 1)
    monkeypatch.undo()
    scene.sync()
    assert bool(scene.differences()) is not locked


def behind_a_cursor(text: Callable[[str], str], last: int) -> Callable[[str], str]:
    def changed(name: str) -> str:
        return text(name).replace("ORDER BY o.id LIMIT", f"AND o.id > {last} ORDER BY o.id LIMIT")

    return changed


@pytest.mark.parametrize("by_cursor", [False, True])
def test_a_cursor_would_lose_what_commits_late(
    scene: Scene, conninfo: str, monkeypatch: pytest.MonkeyPatch, by_cursor: bool
) -> None:
    scene.install()
    scene.backfill()
    early, late = evenings(scene)[:2]
    with psycopg.connect(conninfo) as slow:
        table = sql.Identifier(scene.schema, "events_seat")
        slow.execute(
            sql.SQL("UPDATE {} SET status = 'sold' WHERE performance_id = %s").format(table), [late]
        )
        sell(scene, early)
        last = Outbox.objects.filter(run_id=scene.run.pk).latest("id").pk
        assert scene.sync().read == 1
        slow.commit()
    if by_cursor:
        monkeypatch.setattr(sql_files, "text", behind_a_cursor(sql_files.text, last))
    scene.sync()
    monkeypatch.undo()
    ids = Outbox.objects.filter(run_id=scene.run.pk)
    assert ids.exists() is by_cursor
    sold = Seat.objects.filter(performance_id=late, status="sold").count()
    assert sold == (0 if by_cursor else 60)


def test_a_stop_between_batches_leaves_whole_units_and_goes_on(scene: Scene) -> None:
    scene.install()
    size = batch_size.BatchSize()
    size.units = 2

    def stop(done: int, total: int, rows: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scene.backfill(progress=stop, size=size)
    assert len(scene.units()) == 4
    done = scene.backfill()
    assert (done.units, done.failed) == (4, ())
    assert scene.differences() == []
