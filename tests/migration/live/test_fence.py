"""The fence refuses every writer of the legacy tables, however he came, and lets readers pass."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from fullhouse.events.models import Reservation
from fullhouse.migration.live import fence
from fullhouse.migration.live.places import Table, archive_schema
from fullhouse.migration.models import MigrationRun

from .over_scene import Stage, small_house, stage
from .over_sellers import journal, sellers, wait_for

SELL = "UPDATE events_seat SET status = 'sold' WHERE seat_number = '07'"
WRITES = (
    SELL,
    "UPDATE events_seat SET status = 'sold' WHERE false",
    "INSERT INTO events_tickettype SELECT * FROM events_tickettype",
    "DELETE FROM events_eventbooking",
    "TRUNCATE events_eventbooking",
    "COPY events_eventbooking FROM STDIN",
    "INSERT INTO events_seat SELECT * FROM events_seat ON CONFLICT (id) DO UPDATE SET status = ''",
    "WITH x AS (UPDATE events_seat SET price = 1 RETURNING 1) SELECT * FROM x",
    "UPDATE events_venue_translation SET name = 'x'",
)
READS = (
    "SELECT count(*) FROM events_seat",
    "SELECT id FROM events_seat ORDER BY id LIMIT 1 FOR UPDATE",
    "COPY events_seat TO STDOUT",
)


@pytest.fixture
def proved(db_committed: None) -> Iterator[Stage]:
    made, _ = small_house()
    with stage(made) as one:
        one.take_over()
        yield one


@pytest.fixture
def seller(proved: Stage, conninfo: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who was connected before the cut-over."""
    with psycopg.connect(conninfo, autocommit=True) as other:
        other.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(proved.schema)))
        yield other


def refused(seller: psycopg.Connection[Any], statement: str) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught:
        _run(seller, statement)
    return caught.value


def _run(seller: psycopg.Connection[Any], statement: str) -> None:
    with seller.cursor() as cursor:
        if not statement.startswith("COPY"):
            cursor.execute(statement)
            return
        with cursor.copy(statement) as copy:
            copy.write(b"")


def test_every_write_is_refused_and_every_read_passes(
    proved: Stage, seller: psycopg.Connection[Any]
) -> None:
    proved.cut_over()
    before = proved.bytes()
    for statement in WRITES:
        assert refused(seller, statement).sqlstate == "FHF01", statement
    for statement in READS:
        with seller.cursor() as cursor:
            if statement.startswith("COPY"):
                with cursor.copy(statement) as copy:
                    assert list(copy)
            else:
                assert cursor.execute(statement).fetchone()
    assert proved.bytes() == before


def test_the_error_says_what_happened_and_where_to_go(
    proved: Stage, seller: psycopg.Connection[Any]
) -> None:
    proved.cut_over()
    said = refused(seller, SELL).diag
    assert f"UPDATE of {proved.schema}.events_seat refused" in str(said.message_primary)
    assert "nothing was written" in str(said.message_primary)
    assert "چیزی نوشته نشد" in str(said.message_primary)
    assert "fullhouse.compat" in str(said.message_hint)
    assert f"rollback --source events --schema {proved.schema}" in str(said.message_hint)


@pytest.mark.parametrize(
    "level", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE]
)
def test_a_snapshot_from_before_does_not_slip_through(
    proved: Stage, seller: psycopg.Connection[Any], level: psycopg.IsolationLevel
) -> None:
    seller.autocommit = False
    seller.isolation_level = level
    assert seller.execute("SELECT count(*) FROM events_seat").fetchone()
    proved.cut_over()
    assert refused(seller, SELL).sqlstate == "FHF01"
    seller.rollback()


def test_a_prepared_statement_from_before_does_not_slip_through(
    proved: Stage, seller: psycopg.Connection[Any]
) -> None:
    seller.execute("PREPARE sell AS UPDATE events_seat SET price = price WHERE false")
    for _ in range(6):
        seller.execute("EXECUTE sell")
    proved.cut_over()
    assert refused(seller, "EXECUTE sell").sqlstate == "FHF01"


def test_a_seller_who_waits_behind_the_cut_over_meets_the_fence(
    proved: Stage, seller: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str | None] = []
    waiting = threading.Thread(target=lambda: met.append(refused(seller, SELL).sqlstate))
    put_up = fence.put_up

    def with_somebody_waiting(cursor: Any, run: MigrationRun, tables: list[Table]) -> None:
        waiting.start()
        wait_for(lambda: blocked(seller.info.backend_pid))
        put_up(cursor, run, tables)

    monkeypatch.setattr(fence, "put_up", with_somebody_waiting)
    proved.cut_over(budget_ms=20_000)
    waiting.join(timeout=30)
    assert met == ["FHF01"]


def blocked(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])


def test_only_the_run_and_the_epoch_of_its_lease_pass(
    proved: Stage, seller: psycopg.Connection[Any]
) -> None:
    run = proved.cut_over()
    nothing = "UPDATE events_seat SET price = price WHERE false"
    for writer in ("0", "x", str(run.epoch), f"{run.pk}:{run.epoch + 1}", f"{run.pk}:"):
        seller.execute("SELECT set_config('fullhouse.reverse_epoch', %s, false)", [writer])
        assert refused(seller, nothing).sqlstate == "FHF01"
    seller.execute(
        "SELECT set_config('fullhouse.reverse_epoch', %s, false)", [f"{run.pk}:{run.epoch}"]
    )
    seller.execute(nothing)
    # Another runner takes the lease: who wrote back until now is out.
    proved.contract()
    seller.execute(
        sql.SQL("SET search_path TO {}").format(sql.Identifier(archive_schema(proved.run)))
    )
    assert refused(seller, nothing).sqlstate == "FHF01"


def test_without_a_fence_a_sale_is_lost(
    proved: Stage, conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the journal is worth something: it finds what a missing fence does."""
    monkeypatch.setattr(fence, "put_up", lambda *_: None)
    proved.cut_over()
    with sellers(conninfo, proved.schema, both=False, count=1) as old:
        wait_for(lambda: len(old[0].sold) > 2 or not old[0].is_alive())
    said: dict[UUID, UUID] = journal(old)
    assert said
    assert not Reservation.objects.filter(pk__in=said).exists()
