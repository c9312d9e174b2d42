"""What a takeover makes: the same again, after a stop as well, and nothing is left behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from fullhouse.events.models import Event, EventPerformance, Seat, Venue
from fullhouse.migration import backfill, batches
from fullhouse.migration.exit_codes import RefusedError, UsageError
from fullhouse.migration.hashes import projection_hash, table_hashes
from fullhouse.migration.models import Anomaly, MadeRow, MigrationRun, MigrationUnit
from fullhouse.migration.plan import make_plan, open_questions
from fullhouse.migration.validate import validate

from .builders import House
from .takeover import staged


@pytest.fixture
def house() -> House:
    """Three evenings: one sold in part, one in two spellings, one without seats."""
    house = House()
    first = house.performance(6)
    house.seats(first, "A", 6)
    house.seats(first, "B", 2, status="sold")
    second = house.performance(4)
    house.seats(second, "بخش ۱", 2)
    for number in (3, 4):
        house.seat(second, f"بخش 1 -1-{number}", "reserved")
    house.performance(30, {"VIP": 10, "Normal": 15})
    return house


@contextmanager
def taking_over(house: House, folder: Path, **values: Any) -> Iterator[MigrationRun]:
    """A run over a staged house; what it made goes when the block ends."""
    with staged(house.write(folder / "house.json")) as schema:
        run = MigrationRun.objects.create(source="events", legacy_schema=schema, **values)
        try:
            yield run
        finally:
            backfill.remove(run)
            run.delete()


def _execute(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def test_a_second_projection_changes_nothing(
    db_committed: None, house: House, tmp_path: Path
) -> None:
    with taking_over(house, tmp_path) as run:
        assert backfill.backfill(run).units == 3
        before = table_hashes(run)
        versions = _execute("SELECT id, xmin::text FROM events_seat ORDER BY id")
        MigrationUnit.objects.filter(run=run).update(done_at=None)
        assert backfill.backfill(run).units == 3
        assert table_hashes(run) == before
        assert _execute("SELECT id, xmin::text FROM events_seat ORDER BY id") == versions


def test_another_run_of_the_same_data_gives_the_same_rows(
    db_committed: None, house: House, tmp_path: Path
) -> None:
    hashes = []
    for workers in (1, 2):
        with taking_over(house, tmp_path) as run:
            assert not backfill.backfill(run, workers=workers).failed
            hashes.append(projection_hash(run))
    assert hashes[0] == hashes[1]


def test_a_stopped_backfill_goes_on_where_it_was(
    db_committed: None, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_SEATS", 1)

    def stop(done: int, total: int, rows: int) -> None:
        if done:
            raise KeyboardInterrupt

    with taking_over(house, tmp_path) as run:
        with pytest.raises(KeyboardInterrupt):
            backfill.backfill(run, progress=stop)
        units = MigrationUnit.objects.filter(run=run)
        assert units.filter(done_at__isnull=False).count() == 1
        assert backfill.backfill(run).units == 2
        assert validate(run).ok


def test_a_changed_legacy_row_is_followed(db_committed: None, house: House, tmp_path: Path) -> None:
    with taking_over(house, tmp_path) as run:
        backfill.backfill(run)
        free = Seat.objects.filter(performance_id__in=_units(run), status="available").first()
        assert free is not None
        _execute(
            f"UPDATE {run.legacy_schema}.events_seat SET status = 'sold' WHERE id = %s", free.pk
        )
        assert not validate(run).ok
        MigrationUnit.objects.filter(performance_id=free.performance_id).update(done_at=None)
        assert backfill.backfill(run).units == 1
        free.refresh_from_db()
        assert free.status == "sold"
        assert validate(run).ok


def test_a_seat_sold_twice_without_a_readable_price_costs_what_its_own_row_says(
    db_committed: None, tmp_path: Path
) -> None:
    """The second sale is of the row that it names, not of the row that stayed."""
    house = House()
    evening = house.performance(3)
    house.seat(evening, "A-1-2", price="70.00")
    house.seat(evening, "A-1-3", price="70.00")
    for label, price in (("A-1-1", "50.00"), ("A-1-01", "-5.00")):
        seat = house.seat(evening, label, "sold", price=price)
        house.booking(evening, [seat], unit_price="-5.00", total_price="-5.00")
    with taking_over(house, tmp_path) as run:
        backfill.backfill(run)
        assert validate(run).ok
        lines = _execute(
            "SELECT overbooked, unit_price FROM events_reservationline"
            " WHERE performance_id = %s ORDER BY overbooked",
            evening,
        )
        assert [(over, str(price)) for over, price in lines] == [(False, "50.00"), (True, "70.00")]


def test_a_performance_that_is_gone_from_the_legacy_side_goes(
    db_committed: None, house: House, tmp_path: Path
) -> None:
    with taking_over(house, tmp_path) as run:
        backfill.backfill(run)
        gone = _units(run)[0]
        for table, key in (("events_seat", "performance_id"), ("events_eventperformance", "id")):
            _execute(f"DELETE FROM {run.legacy_schema}.{table} WHERE {key} = %s", gone)
        MigrationUnit.objects.filter(performance_id=gone).update(done_at=None)
        assert not backfill.backfill(run).failed
        assert not EventPerformance.objects.filter(pk=gone).exists()
        assert validate(run).ok


def test_one_performance_that_cannot_be_made_does_not_hinder_the_others(
    db_committed: None, house: House, tmp_path: Path
) -> None:
    with taking_over(house, tmp_path) as run:
        make_plan(run)
        taken = MigrationUnit.objects.filter(run=run).order_by("id")[1].performance_id
        venue = Venue.objects.create(name="Another hall", total_capacity=10)
        event = Event.objects.create(venue=venue, title="Another", slug=f"another-{venue.pk}")
        EventPerformance.objects.create(
            id=taken, event=event, date="2027-01-01", start_time="20:00"
        )
        done = backfill.backfill(run)
        assert done.units == 2
        assert [one.performance_id for one in done.failed] == [str(taken)]
        assert "was not made by this takeover" in done.failed[0].reason
        backfill.remove(run)
        assert EventPerformance.objects.filter(pk=taken).exists()
        _execute("DELETE FROM events_eventperformance WHERE id = %s", taken)


def test_removal_leaves_nothing_and_gives_back_what_was_raised(
    db_committed: None, tmp_path: Path
) -> None:
    house = House(total_capacity=5)
    evening = house.performance(8)
    house.seats(evening, "A", 8, status="sold")
    hall = Venue.objects.create(id=house.venue_id, name="Here before", total_capacity=5)
    with taking_over(house, tmp_path) as run:
        backfill.backfill(run)
        hall.refresh_from_db()
        assert (hall.name, hall.total_capacity) == ("Here before", 8)
        backfill.remove(run)
        hall.refresh_from_db()
        assert hall.total_capacity == 5
        assert not EventPerformance.objects.filter(pk=evening).exists()
        assert not Event.objects.filter(pk=house.event_id).exists()
        assert not MadeRow.objects.filter(run=run).exists()
        assert _execute("SELECT count(*) FROM events_movement WHERE migration_run_id = %s", run.pk)[
            0
        ] == (0,)


def test_removal_refuses_while_others_use_what_was_made(
    db_committed: None, house: House, tmp_path: Path
) -> None:
    with taking_over(house, tmp_path) as run:
        backfill.backfill(run)
        other = EventPerformance.objects.create(
            event_id=house.event_id, date="2027-02-02", start_time="20:00"
        )
        with pytest.raises(RefusedError, match=str(house.event_id)):
            backfill.remove(run)
        assert len(_units(run)) == EventPerformance.objects.filter(pk__in=_units(run)).count()
        other.delete()


def test_the_movements_of_a_run_that_is_cut_over_stay(
    db_committed: None, house: House, tmp_path: Path
) -> None:
    with taking_over(house, tmp_path) as run:
        backfill.backfill(run)
        MigrationRun.objects.filter(pk=run.pk).update(state="cut_over")
        with pytest.raises(Exception, match="it is cut_over"):
            backfill.remove(run)
        MigrationRun.objects.filter(pk=run.pk).update(state="backfilled", epoch=run.epoch + 1)
        with pytest.raises(Exception, match="of epoch"):
            backfill.remove(run)
        MigrationRun.objects.filter(pk=run.pk).update(epoch=run.epoch)


def test_a_plan_writes_nothing_and_is_the_same_for_the_same_data(
    db_committed: None, house: House, tmp_path: Path
) -> None:
    with taking_over(house, tmp_path) as run:
        first = make_plan(run)
        assert not EventPerformance.objects.filter(pk__in=_units(run)).exists()
        assert make_plan(run).plan_sha == first.plan_sha
        _execute(f"UPDATE {run.legacy_schema}.events_seat SET price = price + 1")
        assert make_plan(run).plan_sha != first.plan_sha
        assert {one.kind for one in open_questions(run)} >= {"section_spellings_merged"}
        assert not Anomaly.objects.filter(run=run, policy="apply", decision="").exists()


def test_the_plan_tells_what_is_then_made(db_committed: None, house: House, tmp_path: Path) -> None:
    with taking_over(house, tmp_path) as run:
        make_plan(run)
        backfill.backfill(run)
        for unit in run.plan["units"]:
            made = EventPerformance.objects.get(pk=unit["performance_id"])
            after = unit["after"]
            assert after["max_capacity"] == made.max_capacity
            assert after["sold"] == made.sold_capacity
            assert [one["name"] for one in after["sections"]] == [
                one.name for one in made.sections.order_by("position")
            ]


def test_inside_a_transaction_it_is_refused(db: None) -> None:
    run = MigrationRun(source="events", legacy_schema="nowhere")
    with pytest.raises(UsageError):
        backfill.backfill(run)


def _units(run: MigrationRun) -> list[UUID]:
    return list(MigrationUnit.objects.filter(run=run).values_list("performance_id", flat=True))
