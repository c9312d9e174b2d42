"""A wrong projection is found and its rows are named: broken by hand, or by a fault of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from fullhouse.migration import backfill, session, sql_files
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.validate import Validation, validate

from .builders import House
from .takeover import migrated, staged


@pytest.fixture
def house() -> House:
    """An evening with free, sold and booked seats at two prices."""
    house = House()
    evening = house.performance(20)
    house.seats(evening, "A", 10)
    sold = house.seats(evening, "B", 8, status="sold")
    house.booking(evening, [{"seat_id": str(sold[0]), "price": 100}])
    return house


@pytest.fixture
def run(db_committed: None, house: House, tmp_path: Path) -> Iterator[MigrationRun]:
    with staged(house.write(tmp_path / "house.json")) as schema, migrated(schema) as made:
        yield made


def _break(statement: str, *values: Any) -> None:
    """Write what only the engine may, as a faulty projection would."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def _one(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def _seat(run: MigrationRun, status: str) -> UUID:
    found: UUID = _one(
        "SELECT s.id FROM events_seat AS s JOIN capacity_migration_migrationunit AS u"
        " USING (performance_id) WHERE u.run_id = %s AND s.status = %s ORDER BY s.id LIMIT 1",
        run.pk,
        status,
    )
    return found


def _rules(outcome: Validation, key: object) -> set[str]:
    assert not outcome.ok
    return {one.rule for one in outcome.mismatches if one.key == str(key)}


def test_shuffled_statuses(run: MigrationRun) -> None:
    free, sold = _seat(run, "available"), _seat(run, "sold")
    _break(
        "UPDATE events_seat SET status = CASE id WHEN %s THEN 'sold' ELSE 'available' END"
        " WHERE id IN (%s, %s)",
        free,
        free,
        sold,
    )
    outcome = validate(run)
    for seat in (free, sold):
        assert {"rows", "seat_state", "seat_in_one_line"} <= _rules(outcome, seat)
    _break("UPDATE events_seat SET status = 'available' WHERE id = %s", free)
    _break("UPDATE events_seat SET status = 'sold' WHERE id = %s", sold)
    assert validate(run).ok


def test_a_dropped_sale_whose_counters_were_made_to_fit(run: MigrationRun) -> None:
    seat = _seat(run, "sold")
    line = _one("SELECT id FROM events_reservationline WHERE seat_id = %s", seat)
    allocation = _one("SELECT allocation_id FROM events_reservationline WHERE id = %s", line)
    _break("DELETE FROM events_reservationline WHERE id = %s", line)
    _break("UPDATE events_seat SET status = 'available' WHERE id = %s", seat)
    _break(
        "UPDATE events_sectiontickettype SET sold_capacity = sold_capacity - 1,"
        " available_capacity = available_capacity + 1 WHERE id = %s",
        allocation,
    )
    outcome = validate(run)
    assert "rows" in _rules(outcome, line)
    assert "seat_state" in _rules(outcome, seat)
    assert "sold_in_all" in {one.rule for one in outcome.mismatches}


def test_a_doubled_sale(run: MigrationRun) -> None:
    _break(
        "INSERT INTO events_reservationline (id, performance_id, reservation_id, allocation_id,"
        " ticket_type_id, quantity, unit_price, status, overbooked)"
        " SELECT gen_random_uuid(), performance_id, reservation_id, allocation_id, ticket_type_id,"
        " 1, unit_price, 'sold', true FROM events_reservationline WHERE seat_id = %s",
        _seat(run, "sold"),
    )
    outcome = validate(run)
    assert {"rows", "sold_in_all"} <= {one.rule for one in outcome.mismatches}
    assert any("not in the legacy data" in str(one) for one in outcome.mismatches)


def test_a_changed_price(run: MigrationRun) -> None:
    seat = _seat(run, "available")
    line = _one(
        "SELECT l.id FROM events_reservationline AS l JOIN events_reservation AS r"
        " ON r.id = l.reservation_id WHERE l.performance_id ="
        " (SELECT performance_id FROM events_seat WHERE id = %s) AND r.customer <> ''",
        seat,
    )
    _break("UPDATE events_seat SET price = 1 WHERE id = %s", seat)
    _break("UPDATE events_reservationline SET unit_price = 1 WHERE id = %s", line)
    outcome = validate(run)
    assert _rules(outcome, seat) == {"rows", "seat_price"}
    assert _rules(outcome, line) == {"rows"}
    assert "booking_money" in {one.rule for one in outcome.mismatches}


@pytest.mark.parametrize(
    ("file", "right", "wrong", "rule"),
    [
        ("read/50_places.sql", "OR s.status = 'sold' THEN 1", "THEN 1", "seat_state"),
        ("read/50_places.sql", "pg_temp.m_price(o.price)", "12.34::numeric", "seat_price"),
        (
            "read/40_claims.sql",
            "FROM m_entry AS e WHERE e.is_here",
            "FROM m_entry AS e WHERE false",
            "sold_in_all",
        ),
        ("rows/views.sql", "WHEN 1 THEN 'sold'", "WHEN 1 THEN 'available'", "seat_in_one_line"),
    ],
)
def test_a_fault_of_the_projection_does_not_hide_itself(
    db_committed: None,
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    right: str,
    wrong: str,
    rule: str,
) -> None:
    """Both sides of the row comparison share the fault; the independent ledger does not."""
    text = sql_files.text

    def faulty(name: str) -> str:
        found = text(name)
        assert name != file or right in found
        return found.replace(right, wrong) if name == file else found

    monkeypatch.setattr(session.sql_files, "text", faulty)
    with staged(house.write(tmp_path / "house.json")) as schema:
        run = MigrationRun.objects.create(source="events", legacy_schema=schema)
        try:
            assert not backfill.backfill(run).failed
            outcome = validate(run)
            assert "rows" not in {one.rule for one in outcome.mismatches}
            assert rule in {one.rule for one in outcome.mismatches}
        finally:
            backfill.remove(run)
            run.delete()
