"""Another layout, the same code: integer keys, quotas by tariff, no seats, orders with lines."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fullhouse.events.models import EventPerformance, Reservation, ReservationLine, Seat
from fullhouse.events.models import SectionTicketType as Allocation
from fullhouse.events.services.audit import audit
from fullhouse.migration.models import Anomaly, MigrationRun
from fullhouse.migration.source.keys import key_sql, key_uuid
from fullhouse.migration.source.load import PRESETS

from .boxoffice import box_office, change, key, run
from .shell import Ended, takeover


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with box_office() as name:
        yield name
        taken_over("rollback", name)


def taken_over(action: str, schema: str, *arguments: object) -> Ended:
    return takeover(action, schema, "--source", "boxoffice", *arguments)


def made(schema: str, folder: Path) -> MigrationRun:
    ended = taken_over("run", schema, "--yes", "--backup-dir", folder)
    assert ended.code == 0, ended.message
    return MigrationRun.objects.get(legacy_schema=schema)


def allocations(schema: str, show: int) -> set[tuple[str, int, int, int, int, Decimal]]:
    """Section, allocated, available, reserved, sold, price of every allocation of a show."""
    found = Allocation.objects.filter(performance_id=key(schema, "performance", show))
    return {
        (
            one.section.name,
            one.allocated_capacity,
            one.available_capacity,
            one.reserved_capacity,
            one.sold_capacity,
            one.section.base_price,
        )
        for one in found.select_related("section")
    }


def lines(schema: str, order: int) -> list[tuple[str, int, Decimal, bool]]:
    """Status, quantity, unit price, overbooked of every line of an order."""
    found = ReservationLine.objects.filter(reservation_id=key(schema, "booking", order))
    return sorted(found.values_list("status", "quantity", "unit_price", "overbooked"))


def subjects(run: MigrationRun, kind: str) -> list[tuple[str, int]]:
    return list(Anomaly.objects.filter(run=run, kind=kind).values_list("subject", "count"))


def test_places_are_those_of_the_quotas_and_orders(schema: str, tmp_path: Path) -> None:
    made(schema, tmp_path)
    euro = Decimal("1.00")
    assert allocations(schema, 101) == {
        ("Full", 100, 93, 0, 7, 40 * euro),  # two parts of a quota; 2 + 3 + 2 sold
        ("Reduced", 50, 45, 4, 1, 25 * euro),
    }
    assert allocations(schema, 102) == {
        ("Full", 12, 0, 0, 12, 40 * euro)
    }  # a quota of 10, and of 0
    assert allocations(schema, 103) == {("Full", 20, 20, 0, 0, 40 * euro)}
    assert allocations(schema, 201) == {("Standing", 90, 85, 0, 5, 15 * euro)}
    assert allocations(schema, 202) == {("Unseated", 1, 0, 0, 1, 100 * euro)}
    shows = [key(schema, "performance", number) for number in (101, 102, 103, 201, 202)]
    assert not Seat.objects.filter(performance_id__in=shows).exists()
    closed = EventPerformance.objects.filter(pk__in=shows, status="closed")
    assert [one.pk for one in closed] == [shows[2]]
    for show in shows:
        assert not audit(performance_id=show)


def test_orders_keep_their_places_and_their_money(schema: str, tmp_path: Path) -> None:
    made(schema, tmp_path)

    def cents(amount: int) -> Decimal:
        return Decimal(amount) / 100

    assert lines(schema, 5001) == [
        ("sold", 1, cents(2500), False),
        ("sold", 2, cents(4000), False),
    ]
    assert lines(schema, 5002) == [("reserved", 4, cents(2500), False)]
    # Three at 80.00 in all; the line of minus one takes nothing back.
    assert lines(schema, 5005) == [
        ("sold", 1, cents(2666), False),
        ("sold", 2, cents(2667), False),
    ]
    assert lines(schema, 5006) == [("sold", 2, cents(1500), False)]
    assert lines(schema, 5007) == [
        ("sold", 2, cents(4000), True),
        ("sold", 10, cents(4000), False),
    ]
    for left_out in (5003, 5004, 5009, 5011):
        assert lines(schema, left_out) == []
    first = Reservation.objects.get(pk=key(schema, "booking", 5001))
    assert (first.reference, first.customer, first.kind) == ("5001", "ada@example.org", "sale")
    assert first.created_at.isoformat() == "2026-11-02T08:00:00+00:00"  # nine in Vienna


def test_dirt_is_reported_by_the_words_and_keys_of_the_box_office(
    schema: str, tmp_path: Path
) -> None:
    takeover_run = made(schema, tmp_path)
    assert subjects(takeover_run, "booking_status_unknown") == [("unmapped: PARKED", 1)]
    assert subjects(takeover_run, "booking_cancelled") == [("cancelled", 1)]
    assert subjects(takeover_run, "booking_empty") == [("", 1)]
    mismatch = Anomaly.objects.get(run=takeover_run, kind="booking_count_mismatch")
    assert [row[-4:] for row in mismatch.rows] == ["5005"]
    lost = Anomaly.objects.get(run=takeover_run, kind="booking_without_performance")
    assert [row[-4:] for row in lost.rows] == ["5011"]
    counter = Anomaly.objects.get(run=takeover_run, kind="current_capacity_wrong")
    assert counter.performance_id == key(schema, "performance", 101)
    assert subjects(takeover_run, "places_overbooked") == [("Full", 2), ("Unseated", 1)]


def test_a_second_run_gives_the_same_hashes(schema: str, tmp_path: Path) -> None:
    arguments = ("--yes", "--json", "--backup-dir", tmp_path)
    first = taken_over("run", schema, *arguments).json
    again = taken_over("run", schema, *arguments).json
    anew = taken_over("run", schema, "--again", *arguments).json
    hashes = [said["validation"]["projection_sha256"] for said in (first, again, anew)]
    assert hashes[0] == hashes[1] == hashes[2]
    assert first["plan_sha"] == anew["plan_sha"]


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("DELETE FROM {}.orders WHERE order_no = 5008", "5008"),
        ("DELETE FROM {}.order_items WHERE order_no = 5007", "5007"),
        ("UPDATE {}.order_items SET quantity = 3 WHERE order_no = 5001 AND line_no = 1", "5001"),
        ("UPDATE {}.orders SET state = 'PAID' WHERE order_no = 5004", "5004"),
    ],
)
def test_validate_names_an_order_that_is_not_as_it_was(
    schema: str, tmp_path: Path, statement: str, number: str
) -> None:
    made(schema, tmp_path)
    assert taken_over("validate", schema).code == 0
    change(schema, statement)
    ended = taken_over("validate", schema)
    assert ended.code == 4
    assert number in ended.message


def test_rollback_leaves_nothing_and_the_box_office_as_it_was(schema: str, tmp_path: Path) -> None:
    made(schema, tmp_path)
    assert taken_over("rollback", schema).code == 0
    shows = [key(schema, "performance", number) for number in (101, 102, 103, 201, 202)]
    assert not EventPerformance.objects.filter(pk__in=shows).exists()
    assert not Reservation.objects.filter(performance_id__in=shows).exists()


def test_a_plan_says_the_prices_and_follows_a_change_of_them(schema: str, tmp_path: Path) -> None:
    first = taken_over("plan", schema, "--json", "--backup-dir", tmp_path).json
    change(schema, "UPDATE {}.tariffs SET price_cents = 4200 WHERE tariff_no = 11")
    second = taken_over("plan", schema, "--json", "--backup-dir", tmp_path).json
    assert first["plan_sha"] != second["plan_sha"]
    prices = {
        section["base_price"]
        for unit in second["units"]
        for section in unit["after"]["sections"]
        if section["name"] == "Full"
    }
    assert prices == {"42.00"}


@pytest.mark.parametrize(
    "number", ["0", "7", "1042", "999999999999", "1000000000000", "-3", "007", "x y", "é"]
)
def test_keys_are_the_same_in_the_database(db: None, number: str) -> None:
    from django.db import connection
    from psycopg import sql

    with connection.cursor() as cursor:
        query = sql.SQL("SELECT {}").format(key_sql("old", "seat", sql.Literal(number)))
        cursor.execute(query)
        assert cursor.fetchone() == (key_uuid("old", "seat", number),)


def test_two_box_offices_do_not_meet(schema: str, tmp_path: Path) -> None:
    made(schema, tmp_path)
    with box_office() as other:
        try:
            made(other, tmp_path)
            assert allocations(other, 101) == allocations(schema, 101)
            assert run(f'SELECT count(*) FROM "{other}".orders') == [(11,)]
        finally:
            taken_over("rollback", other)


def test_an_edited_source_is_another_plan(schema: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = (PRESETS / "boxoffice.toml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    order = ("--source", path, "--yes", "--json", "--backup-dir", tmp_path)
    first = takeover("plan", schema, *order).json
    path.write_text(text.replace('OPEN = "pending"', 'OPEN = "cancelled"'), encoding="utf-8")
    second = takeover("run", schema, *order).json
    assert (second["state"], second["run"]) == ("validated", first["run"])
    assert second["plan_sha"] != first["plan_sha"]
    assert second["totals"]["after"]["reserved"] == 0
    path.write_text(text, encoding="utf-8")
    assert takeover("run", schema, *order).code == 3
