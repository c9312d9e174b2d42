"""Which side sells: read for each call, right also when the cut-over comes in between."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg import sql

from fullhouse.compat import authority, performance
from fullhouse.compat.fullhouse_side import FullhouseSide
from fullhouse.compat.legacy_side import LegacySide
from fullhouse.events.domain.errors import Conflict
from fullhouse.events.models import Reservation
from tests.engine.houses import Part, build

from . import old_system
from .conftest import Evening

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def ready(old_evening: Evening) -> Evening:
    """Taken over and validated, with 20 places of a pool on the new side; the old side sells."""
    old_system.take_over(old_evening.schema)
    build(old_evening.performance, Part(None, 20))
    return old_evening


def cut_over(schema: str, conninfo: str) -> None:
    """What the cut-over does, in another process' transaction."""
    with psycopg.connect(conninfo) as other:
        _cut_over(schema, other)


def _cut_over(schema: str, other: psycopg.Connection[Any]) -> None:
    for statement in old_system.fence_statements(schema):
        other.execute(statement)
    other.execute(
        "UPDATE capacity_migration_migrationrun SET state = 'cut_over' WHERE legacy_schema = %s",
        [schema],
    )


def new_sales(evening: Evening) -> list[str]:
    return [
        reservation.status
        for reservation in Reservation.objects.filter(
            performance=evening.performance, channel="compat"
        )
    ]


@pytest.mark.parametrize(
    ("state", "side"),
    [
        ("new", "legacy"),
        ("expanded", "legacy"),
        ("backfilling", "legacy"),
        ("validated", "legacy"),
        ("cut_over", "fullhouse"),
        ("contracted", "fullhouse"),
        ("rolled_back", "legacy"),
    ],
)
def test_the_state_of_the_run_decides(ready: Evening, state: str, side: str) -> None:
    old_system.set_state(ready.schema, state)
    assert authority() == side
    assert performance(ready.performance).book_capacity(2)
    assert new_sales(ready) == (["sold"] if side == "fullhouse" else [])
    assert old_system.used(ready.schema, ready.performance) == (2 if side == "legacy" else 0)


def test_without_a_run_the_old_tables_sell_while_they_are_there(old_evening: Evening) -> None:
    assert authority() == "legacy"
    assert authority(legacy_schema="no_such_schema") == "fullhouse"


def test_fullhouses_own_schema_is_not_the_old_one(db_committed: None, settings: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be the schema of the legacy tables"):
        authority(legacy_schema=settings.FULLHOUSE_SCHEMA)


def test_where_there_is_neither_it_says_where_it_looked(db_committed: None, settings: Any) -> None:
    settings.FULLHOUSE_SCHEMA = "nowhere"
    with pytest.raises(ImproperlyConfigured, match="no_such_schema"):
        authority(legacy_schema="no_such_schema")


@pytest.fixture
def at_the_last_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[type, Callable[[], None]], None]:
    """Let something happen between the reading of the side and its first sale."""

    def arrange(side: type, happens: Callable[[], None]) -> None:
        book = side.book  # type: ignore[attr-defined]
        waiting = [happens]

        def later(self: Any, *arguments: Any) -> None:
            if waiting:
                waiting.pop()()
            book(self, *arguments)

        monkeypatch.setattr(side, "book", later)

    return arrange


def test_a_cut_over_in_between_leads_to_the_new_side(
    ready: Evening, conninfo: str, at_the_last_moment: Any
) -> None:
    at_the_last_moment(LegacySide, lambda: cut_over(ready.schema, conninfo))
    assert performance(ready.performance).book_capacity(3)
    assert new_sales(ready) == ["sold"]
    assert old_system.used(ready.schema, ready.performance) == 0


def test_the_callers_transaction_survives_the_cut_over(
    ready: Evening, conninfo: str, at_the_last_moment: Any
) -> None:
    at_the_last_moment(LegacySide, lambda: cut_over(ready.schema, conninfo))
    with transaction.atomic():
        assert performance(ready.performance).book_capacity(3)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            assert cursor.fetchone() == ("0",)
    assert new_sales(ready) == ["sold"]


def test_an_older_snapshot_has_to_start_anew(
    ready: Evening, conninfo: str, at_the_last_moment: Any
) -> None:
    at_the_last_moment(LegacySide, lambda: cut_over(ready.schema, conninfo))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(Conflict, match="run it again"):
            performance(ready.performance).book_capacity(3)
    assert performance(ready.performance).book_capacity(3)
    assert new_sales(ready) == ["sold"]


def test_a_way_back_in_between_leads_to_the_old_side(
    ready: Evening, conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_system.set_state(ready.schema, "cut_over")

    def fenced(self: Any, *arguments: Any) -> None:
        old_system.execute("DO $$ BEGIN RAISE 'taken back' USING ERRCODE = 'FHF01'; END $$")

    def way_back(*arguments: Any) -> None:
        monkeypatch.setattr(FullhouseSide, "book", fenced)
        with psycopg.connect(conninfo) as other:
            other.execute(
                "UPDATE capacity_migration_migrationrun SET state = 'rolled_back'"
                " WHERE legacy_schema = %s",
                [ready.schema],
            )
        fenced(*arguments)

    monkeypatch.setattr(FullhouseSide, "book", way_back)
    assert performance(ready.performance).book_capacity(2)
    assert old_system.used(ready.schema, ready.performance) == 2


def test_a_sale_that_waits_for_the_cut_over_lands_on_the_new_side(
    ready: Evening, conninfo: str
) -> None:
    sold: list[bool] = []

    def sell() -> None:
        try:
            sold.append(performance(ready.performance).book_capacity(4))
        finally:
            connection.close()

    seller = threading.Thread(target=sell)
    with psycopg.connect(conninfo) as other:
        other.execute(
            sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(
                sql.Identifier(ready.schema, "events_eventperformance")
            )
        )
        seller.start()
        _until_it_waits(seller, conninfo, ready.schema)
        _cut_over(ready.schema, other)
    seller.join()
    assert sold == [True]
    assert new_sales(ready) == ["sold"]
    assert old_system.used(ready.schema, ready.performance) == 0


def _until_it_waits(seller: threading.Thread, conninfo: str, schema: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as watcher:
        while (
            seller.is_alive()
            and not watcher.execute(
                "SELECT 1 FROM pg_locks JOIN pg_class AS c ON c.oid = relation"
                " WHERE NOT granted AND c.relnamespace = %s::regnamespace",
                [schema],
            ).fetchone()
        ):
            pass
