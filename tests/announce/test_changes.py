"""What streams are told from: every commit, also a late one, and nothing before it is on disk."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from fullhouse.announce.models import WebhookEndpoint
from fullhouse.announce.relay import relay
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.sql_files import SQL_ROOT, render
from fullhouse.events.services.changes import changes_since
from fullhouse.events.services.reserve import Places, reserve

from .conftest import Hall
from .test_relay import hold_by

Connect = Callable[[], psycopg.Connection[Any]]


def hold(hall: Hall) -> None:
    wanted = [Places(1, allocation_id=hall.allocation_id)]
    reserve(performance_id=hall.performance_id, requests=wanted)


def late_commit(make_hall: Callable[[], Hall], connect: Connect) -> tuple[Any, Any, Any]:
    """Two evenings; the one whose transaction began first commits last. Return what was told."""
    one, two = make_hall(), make_hall()
    start = changes_since(cursor=None)
    first, second = connect(), connect()
    hold_by(first, one)
    hold_by(second, two)
    second.commit()
    between = changes_since(cursor=start.position)
    first.commit()
    after = changes_since(cursor=between.position)
    assert not changes_since(cursor=after.position).changes
    return (one.performance_id, two.performance_id), _told(between), _told(after)


def _told(found: Any) -> list[Any]:
    return [each.performance_id for each in found.changes]


def test_a_late_commit_is_told(make_hall: Callable[[], Hall], connect: Connect) -> None:
    (one, two), between, after = late_commit(make_hall, connect)
    assert (between, after) == ([two], [one])


def test_by_number_it_would_be_lost(make_hall: Callable[[], Hall], connect: Connect) -> None:
    """The same with "greater than the last number" in the place of the snapshot."""
    path = SQL_ROOT / "functions/changes_v1.sql"
    right = render(path).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    wrong = right.replace(
        "m.txid >= pg_snapshot_xmin(v_since)", "m.txid >= pg_snapshot_xmax(v_since)"
    )
    assert wrong != right
    with connection.cursor() as cursor:
        cursor.execute(wrong.replace("%", "%%"))
        try:
            (one, _), _, after = late_commit(make_hall, connect)
        finally:
            cursor.execute(right.replace("%", "%%"))
    assert one not in after


def test_only_the_performance_that_is_asked_for(make_hall: Callable[[], Hall]) -> None:
    one, two = make_hall(), make_hall()
    start = changes_since(cursor=None)
    assert (start.everything, start.changes) == (False, ())
    hold(one)
    hold(two)
    mine = changes_since(performance_id=one.performance_id, cursor=start.position)
    assert _told(mine) == [one.performance_id]
    assert changes_since(cursor=start.position, limit=1).everything
    with pytest.raises(InvalidRequest):
        changes_since(cursor=None, limit=0)
    with transaction.atomic():
        hold(one)
        transaction.set_rollback(True)
    assert not changes_since(cursor=mine.position, performance_id=one.performance_id).changes


def test_the_relay_makes_durable_what_it_tells(
    hall: Hall, listening: WebhookEndpoint, connect: Connect
) -> None:
    relay()
    early = connect()
    early.execute("SET LOCAL synchronous_commit = off")
    hold_by(early, hall)
    early.commit()
    row = early.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
    assert relay() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", row)
        assert cursor.fetchone() == (True,)
