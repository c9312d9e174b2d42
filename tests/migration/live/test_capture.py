"""Capture marks every change in the seller's own transaction, and costs him nothing else."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from fullhouse.migration import source as sources
from fullhouse.migration.exit_codes import RefusedError, RetryError
from fullhouse.migration.live import capture, indexes, short_locks

from .scene import Scene, small_house, staged_house


@pytest.fixture
def scene(db_committed: None) -> Iterator[Scene]:
    house, _ = small_house(performances=3)
    with staged_house(house) as made:
        made.install()
        yield made


@pytest.fixture
def evenings(scene: Scene) -> list[UUID]:
    return [key for (key,) in scene.do("SELECT id FROM {}.events_eventperformance ORDER BY date")]


def seat_of(scene: Scene, evening: UUID) -> UUID:
    query = "SELECT id FROM {}.events_seat WHERE performance_id = %s ORDER BY id LIMIT 1"
    ((seat,),) = scene.do(query, evening)
    return UUID(str(seat))


def test_a_sale_marks_its_performance_once_a_statement(scene: Scene, evenings: list[UUID]) -> None:
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE performance_id = %s", evenings[1])
    assert scene.outbox() == [(evenings[1], None)]


def test_a_statement_without_rows_marks_nothing(scene: Scene) -> None:
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE performance_id = %s", uuid4())
    scene.do("DELETE FROM {}.events_eventbooking")
    assert scene.outbox() == []


def test_a_seat_that_moves_marks_both_performances(scene: Scene, evenings: list[UUID]) -> None:
    scene.do(
        "UPDATE {}.events_seat SET performance_id = %s, section = 'C' WHERE id = %s",
        evenings[2],
        seat_of(scene, evenings[0]),
    )
    assert set(scene.outbox()) == {(evenings[0], None), (evenings[2], None)}


def test_a_sale_that_is_rolled_back_leaves_no_mark(
    scene: Scene, evenings: list[UUID], conninfo: str
) -> None:
    with psycopg.connect(conninfo) as seller:
        seller.execute(
            sql.SQL("DELETE FROM {} WHERE performance_id = %s").format(
                sql.Identifier(scene.schema, "events_seat")
            ),
            [evenings[0]],
        )
        seller.rollback()
    assert scene.outbox() == []


@pytest.mark.parametrize(
    "level", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE]
)
def test_a_seller_with_an_older_snapshot_is_captured(
    scene: Scene, evenings: list[UUID], conninfo: str, level: psycopg.IsolationLevel
) -> None:
    capture.remove(scene.run, using="default")
    with psycopg.connect(conninfo) as seller:
        seller.isolation_level = level
        seller.execute("SELECT count(*) FROM pg_class")
        scene.install()
        seller.execute(
            sql.SQL("UPDATE {} SET status = 'sold' WHERE id = %s").format(
                sql.Identifier(scene.schema, "events_seat")
            ),
            [seat_of(scene, evenings[0])],
        )
    assert scene.outbox() == [(evenings[0], None)]


def test_a_seller_without_rights_on_fullhouse_can_sell(scene: Scene, evenings: list[UUID]) -> None:
    role = f"seller_{uuid4().hex[:8]}"
    names = {"role": sql.Identifier(role), "schema": sql.Identifier(scene.schema)}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {role}").format(**names))
        try:
            cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names))
            cursor.execute(
                sql.SQL("GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA {schema} TO {role}").format(
                    **names
                )
            )
            cursor.execute(sql.SQL("SET ROLE {role}").format(**names))
            try:
                scene.do(
                    "UPDATE {}.events_seat SET status = 'sold' WHERE performance_id = %s",
                    evenings[0],
                )
            finally:
                cursor.execute("RESET ROLE")
        finally:
            cursor.execute(sql.SQL("DROP OWNED BY {role}").format(**names))
            cursor.execute(sql.SQL("DROP ROLE {role}").format(**names))
    assert scene.outbox() == [(evenings[0], None)]


def test_truncate_is_refused_and_says_what_to_do(scene: Scene) -> None:
    with pytest.raises(Exception, match="a takeover by Fullhouse is under way") as refused:
        scene.do("TRUNCATE {}.events_eventbooking")
    assert getattr(refused.value.__cause__, "sqlstate", None) == "FHC01"


def test_the_catalogue_marks_events_and_unread_columns_mark_nothing(
    scene: Scene, evenings: list[UUID]
) -> None:
    event = scene.house.event_id
    scene.do("UPDATE {}.events_tickettype SET capacity = capacity + 1, updated_at = now()")
    scene.do("UPDATE {}.events_event SET is_featured = true")
    scene.do("UPDATE {}.events_venue SET website = 'https://example.org'")
    assert scene.outbox() == []
    scene.do("UPDATE {}.events_tickettype SET name = 'Box' WHERE name = 'VIP'")
    scene.do("UPDATE {}.events_venue_translation SET name = 'Grand Hall'")
    scene.do(
        "UPDATE {}.events_eventperformance SET current_capacity = 3 WHERE id = %s", evenings[0]
    )
    scene.do(
        "UPDATE {}.events_eventperformance SET start_time = '18:00' WHERE id = %s", evenings[0]
    )
    assert scene.outbox()[:3] == [(None, event), (None, None), (evenings[0], None)]
    assert set(scene.outbox()[3:]) == {(evenings[0], None), (None, event)}


def test_install_again_and_remove_leave_the_catalogue_as_it_was(scene: Scene) -> None:
    tables = scene.install()
    assert len(tables) == 8
    assert capture.installed(scene.run, using="default") == tables
    capture.remove(scene.run, using="default")
    left = scene.do(
        "SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'fullhouse_capture_%%'"
        " UNION ALL SELECT proname::text FROM pg_proc WHERE proname LIKE 'fullhouse_capture_%%'"
    )
    assert left == []


def test_a_disabled_trigger_is_noticed(scene: Scene) -> None:
    scene.do("ALTER TABLE {}.events_seat DISABLE TRIGGER USER")
    assert "events_seat" not in capture.installed(scene.run, using="default")


def test_a_view_is_refused_by_name(scene: Scene) -> None:
    capture.remove(scene.run, using="default")
    scene.do("ALTER TABLE {0}.events_seat RENAME TO seats_behind")
    scene.do("CREATE VIEW {0}.events_seat AS SELECT * FROM {0}.seats_behind")
    with pytest.raises(RefusedError, match=r"events_seat is a view"):
        scene.install()


def test_a_table_in_use_is_asked_for_briefly_and_often(
    scene: Scene, conninfo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture.remove(scene.run, using="default")
    monkeypatch.setattr(short_locks, "LOCK_TIMEOUT_MS", 5)
    rests: list[float] = []
    with psycopg.connect(conninfo) as seller:
        table = sql.Identifier(scene.schema, "events_seat")
        seller.execute(sql.SQL("UPDATE {} SET status = 'sold'").format(table))
        with pytest.raises(RetryError, match="is in use without a pause"):
            short_locks.with_short_locks(
                lambda: scene.do("LOCK TABLE {}.events_seat IN SHARE ROW EXCLUSIVE MODE") and None,
                "events_seat",
                using="default",
                attempts=4,
                sleep=rests.append,
            )
    assert len(rests) == 3
    assert rests == sorted(rests)


def test_a_seller_waits_for_nothing_that_the_takeover_holds(
    scene: Scene, evenings: list[UUID], conninfo: str
) -> None:
    with psycopg.connect(conninfo) as runner, psycopg.connect(conninfo) as seller:
        runner.execute(
            "LOCK TABLE capacity_migration_migrationrun, capacity_migration_migrationunit,"
            " events_eventperformance, events_seat IN ACCESS EXCLUSIVE MODE"
        )
        runner.execute("SELECT FROM capacity_migration_outbox FOR UPDATE")
        seller.execute("SET lock_timeout = '5s'")
        seller.execute(
            sql.SQL("UPDATE {} SET status = 'sold' WHERE id = %s").format(
                sql.Identifier(scene.schema, "events_seat")
            ),
            [seat_of(scene, evenings[0])],
        )
        seller.commit()
    assert scene.outbox() == [(evenings[0], None)]


def test_a_missing_index_is_made_once_and_taken_away(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "_SMALL_PAGES", -1)
    source = sources.load("events")
    made, foreign = indexes.make(scene.run, source, using="default")
    assert (len(made), foreign) == (1, [])
    assert made[0].endswith("_booking")  # seats begin with the performance in their own key
    assert indexes.make(scene.run, source, using="default") == ([], [])
    indexes.remove(scene.run, using="default")
    left = "SELECT FROM pg_class WHERE relname LIKE 'fullhouse_capture_%%'"
    assert scene.do(left) == []
