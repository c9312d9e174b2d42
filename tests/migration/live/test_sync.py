"""A pass makes anew what changed, whatever changed, and deletes exactly what it read."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from fullhouse.events.models import EventPerformance, Movement, Seat, TicketType
from fullhouse.migration.exit_codes import BusyError
from fullhouse.migration.live import project
from fullhouse.migration.live.sync import drain
from fullhouse.migration.models import MigrationRun, MigrationUnit, Outbox
from fullhouse.migration.session import opened
from fullhouse.migration.validate import validate

from .scene import Scene, small_house, staged_house

EVENING = "UPDATE {}.events_eventperformance SET"


@pytest.fixture
def scene(db_committed: None) -> Iterator[Scene]:
    house, _ = small_house()
    with staged_house(house) as made:
        made.install()
        made.backfill()
        assert made.differences() == []
        yield made


@pytest.fixture
def evenings(scene: Scene) -> list[UUID]:
    return [key for (key,) in scene.do("SELECT id FROM {}.events_eventperformance ORDER BY date")]


def seats(scene: Scene, evening: UUID, section: str = "A") -> list[UUID]:
    query = (
        "SELECT id FROM {}.events_seat WHERE performance_id = %s AND section = %s"
        " ORDER BY seat_number"
    )
    return [key for (key,) in scene.do(query, evening, section)]


@contextmanager
def seller(scene: Scene, conninfo: str) -> Iterator[psycopg.Connection]:
    """Another connection that finds the legacy tables by their bare names."""
    with psycopg.connect(conninfo) as other:
        other.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(scene.schema)))
        other.commit()
        yield other


def mark(scene: Scene, evening: UUID) -> int:
    row = Outbox.objects.create(
        run_id=scene.run.pk, direction=Outbox.Direction.FORWARD, performance_id=evening
    )
    return int(row.pk)


def test_nothing_to_do_is_nothing_done(scene: Scene) -> None:
    done = scene.sync()
    assert (done.read, done.units, done.seats, done.left, done.failed) == (0, 0, 0, 0, ())


def test_a_sale_and_its_cancellation_follow(scene: Scene, evenings: list[UUID]) -> None:
    seat = seats(scene, evenings[0])[0]
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", seat)
    done = scene.sync()
    assert (done.read, done.units, done.left) == (1, 1, 0)
    assert Seat.objects.get(pk=seat).status == "sold"
    assert scene.differences() == []
    scene.do("UPDATE {}.events_seat SET status = 'available' WHERE id = %s", seat)
    scene.sync()
    assert Seat.objects.get(pk=seat).status == "available"
    assert scene.differences() == []
    assert not Movement.objects.filter(seat_id=seat).exists()


def test_many_marks_of_one_performance_make_it_once(scene: Scene, evenings: list[UUID]) -> None:
    for seat in seats(scene, evenings[0]):
        scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", seat)
    done = scene.sync()
    assert (done.read, done.units, done.left) == (10, 1, 0)


def test_a_pass_is_bounded_and_the_next_goes_on(scene: Scene, evenings: list[UUID]) -> None:
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE section = 'A'")
    assert len(scene.outbox()) == 4
    done = scene.sync(limit=3)
    assert (done.read, done.units, done.left) == (3, 3, 1)
    done = scene.sync(limit=3)
    assert (done.read, done.units, done.left) == (1, 1, 0)
    assert scene.differences() == []


def test_a_new_performance_becomes_a_unit(scene: Scene, evenings: list[UUID]) -> None:
    copy = uuid4()
    scene.do(
        "INSERT INTO {0}.events_eventperformance SELECT (jsonb_populate_record(p,"
        " jsonb_build_object('id', %s::uuid, 'date', '2030-01-01'))).*"
        " FROM {0}.events_eventperformance AS p WHERE id = %s",
        copy,
        evenings[0],
    )
    scene.do(
        "INSERT INTO {0}.events_seat SELECT (jsonb_populate_record(s, jsonb_build_object("
        "'id', gen_random_uuid(), 'performance_id', %s::uuid))).* FROM {0}.events_seat AS s"
        " WHERE performance_id = %s",
        copy,
        evenings[0],
    )
    assert scene.sync().left == 0
    assert Seat.objects.filter(performance_id=copy).count() == 20
    assert scene.units()[copy] == ""
    assert scene.differences() == []


def test_a_performance_that_is_gone_goes_here_too(scene: Scene, evenings: list[UUID]) -> None:
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE performance_id = %s", evenings[0])
    scene.sync()
    scene.do("DELETE FROM {}.events_seat WHERE performance_id = %s", evenings[0])
    scene.do("DELETE FROM {}.events_eventperformance WHERE id = %s", evenings[0])
    done = scene.sync()
    assert (done.left, done.failed) == (0, ())
    assert not EventPerformance.objects.filter(pk=evenings[0]).exists()
    assert not MigrationUnit.objects.filter(performance_id=evenings[0]).exists()
    assert scene.differences() == []


def test_seats_that_exchange_labels_or_move_are_made_anew(
    scene: Scene, evenings: list[UUID], conninfo: str
) -> None:
    first, second, third, *_ = seats(scene, evenings[0])
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE id = ANY (%s)", [first, third])
    scene.sync()
    change = "UPDATE events_seat SET seat_number = %s WHERE id = %s"
    with seller(scene, conninfo) as other:
        for label, seat in (("x", first), ("01", second), ("02", first)):
            other.execute(change, [label, seat])
        other.execute(
            "UPDATE events_seat SET performance_id = %s, section = 'C' WHERE id = %s",
            [evenings[1], third],
        )
    done = scene.sync()
    assert (done.left, done.failed) == (0, ())
    assert scene.differences() == []
    assert Seat.objects.get(pk=first).seat_number == "02"
    assert Seat.objects.get(pk=third).performance_id == evenings[1]


def test_performances_that_exchange_their_days(scene: Scene, evenings: list[UUID]) -> None:
    one, other = evenings[:2]
    days = dict(EventPerformance.objects.filter(pk__in=[one, other]).values_list("pk", "date"))
    for day, key in (("2040-01-01", one), (days[one], other), (days[other], one)):
        scene.do(f"{EVENING} date = %s WHERE id = %s", day, key)
    done = scene.sync()
    assert (done.left, done.failed) == (0, ())
    assert EventPerformance.objects.get(pk=one).date == days[other]
    assert scene.differences() == []


def test_ticket_types_renamed_exchanged_added_and_removed(
    scene: Scene, evenings: list[UUID]
) -> None:
    vip, normal = (scene.house.type_ids[name] for name in ("VIP", "Normal"))
    rename = "UPDATE {}.events_tickettype SET name = %s WHERE id = %s"
    for name, key in (("x", vip), ("VIP", normal), ("Normal", vip)):
        scene.do(rename, name, key)
    assert scene.sync().failed == ()
    assert TicketType.objects.get(pk=vip).name == "Normal"
    assert scene.differences() == []
    scene.do("UPDATE {}.events_seat SET ticket_type_id = NULL")
    scene.do("DELETE FROM {}.events_tickettype WHERE id = %s", vip)
    assert scene.sync().failed == ()
    assert not TicketType.objects.filter(pk=vip).exists()
    assert scene.differences() == []


def test_a_closed_event_closes_its_performances(scene: Scene, evenings: list[UUID]) -> None:
    scene.do("UPDATE {}.events_event SET is_active = false")
    assert scene.sync().units == 4
    assert set(
        EventPerformance.objects.filter(pk__in=evenings).values_list("status", flat=True)
    ) == {"closed"}
    assert scene.differences() == []


def test_an_id_that_commits_late_is_not_lost(
    scene: Scene, evenings: list[UUID], conninfo: str
) -> None:
    sell = "UPDATE events_seat SET status = 'sold' WHERE id = %s"
    early, late = seats(scene, evenings[0])[0], seats(scene, evenings[1])[0]
    with seller(scene, conninfo) as slow, seller(scene, conninfo) as quick:
        slow.execute(sell, [late])
        quick.execute(sell, [early])
        quick.commit()
        done = scene.sync()
        assert (done.read, done.left) == (1, 0)
        slow.commit()
    ((waiting, _),) = scene.outbox()
    assert waiting == evenings[1]
    scene.sync()
    assert scene.differences() == []
    assert Seat.objects.get(pk=late).status == "sold"


def test_a_sale_during_the_projection_stays_marked(
    scene: Scene, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch, conninfo: str
) -> None:
    first, second, *_ = seats(scene, evenings[0])
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE id = %s", first)
    remake = project.remake

    def sold_meanwhile(session: project.Session) -> int:
        made = remake(session)
        with seller(scene, conninfo) as other:
            other.execute("UPDATE events_seat SET status = 'sold' WHERE id = %s", [second])
        return made

    monkeypatch.setattr(project, "remake", sold_meanwhile)
    assert scene.sync().left == 1
    monkeypatch.undo()
    scene.sync()
    assert scene.differences() == []
    assert Seat.objects.get(pk=second).status == "sold"


def test_a_unit_in_other_hands_keeps_its_mark(
    scene: Scene, evenings: list[UUID], conninfo: str
) -> None:
    mark(scene, evenings[0])
    mark(scene, evenings[1])
    with psycopg.connect(conninfo) as other:
        other.execute(
            "SELECT FROM capacity_migration_migrationunit WHERE run_id = %s"
            " AND performance_id = %s FOR UPDATE",
            [scene.run.pk, evenings[0]],
        )
        done = scene.sync()
        assert (done.read, done.units, done.left) == (2, 1, 1)
        assert scene.outbox() == [(evenings[0], None)]
    assert scene.sync().left == 0


def test_a_unit_that_fails_hinders_nobody_and_is_tried_again(
    scene: Scene, evenings: list[UUID]
) -> None:
    taken = seats(scene, evenings[1])[0]
    # The seat still stands under the second evening here, so the first cannot have it yet.
    scene.do(
        "UPDATE {}.events_seat SET performance_id = %s, section = 'C' WHERE id = %s",
        evenings[0],
        taken,
    )
    Outbox.objects.filter(run_id=scene.run.pk, performance_id=evenings[1]).delete()
    done = scene.sync()
    assert done.failed == (str(evenings[0]),)
    assert scene.outbox() == [(evenings[0], None)]
    assert "seat" in scene.units()[evenings[0]]
    mark(scene, evenings[1])
    done = scene.sync()
    assert (done.failed, done.left) == ((), 0)
    assert scene.differences() == []


def test_a_runner_that_was_replaced_makes_nothing(scene: Scene, evenings: list[UUID]) -> None:
    mark(scene, evenings[0])
    MigrationRun.objects.filter(pk=scene.run.pk).update(epoch=9)
    with pytest.raises(BusyError):
        scene.sync()
    assert len(scene.outbox()) == 1


def test_drain_empties_the_outbox_in_the_callers_transaction(
    scene: Scene, evenings: list[UUID]
) -> None:
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE section = 'A'")
    scene.do("UPDATE {}.events_tickettype SET name = 'Box' WHERE name = 'VIP'")
    with opened(scene.run, using="default") as session:
        project.prepare(session)
        with transaction.atomic():
            assert set(drain(session)) == set(evenings)
        with transaction.atomic():
            assert drain(session) == ()
    assert scene.outbox() == []
    assert scene.differences() == []


def test_a_drain_that_is_rolled_back_left_everything_marked(
    scene: Scene, evenings: list[UUID]
) -> None:
    mark(scene, evenings[0])
    with opened(scene.run, using="default") as session:
        project.prepare(session)
        with transaction.atomic():
            assert drain(session) == (evenings[0],)
            transaction.set_rollback(True)
    assert scene.outbox() == [(evenings[0], None)]
    assert not connection.in_atomic_block


def test_what_waits_in_the_outbox_is_not_compared(scene: Scene, evenings: list[UUID]) -> None:
    scene.do("UPDATE {}.events_seat SET status = 'sold' WHERE performance_id = %s", evenings[0])
    counts = validate(scene.run, workers=2).counts
    assert (counts["late_units"], counts["late_catalogue"], counts["mismatches"]) == (1, 0, 0)
    scene.do("UPDATE {}.events_tickettype SET name = 'Box' WHERE name = 'VIP'")
    counts = validate(scene.run, workers=2).counts
    assert (counts["late_units"], counts["late_catalogue"], counts["mismatches"]) == (4, 1, 0)
    Outbox.objects.filter(run_id=scene.run.pk).delete()
    counts = validate(scene.run, workers=2).counts
    assert (counts["late_units"], counts["late_catalogue"]) == (0, 0)
    assert counts["mismatches"] > 0
