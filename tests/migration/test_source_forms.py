"""Each way in which a source makes a column, on the rows of the sample box office."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fullhouse.migration.source import load
from fullhouse.migration.source.canonical import CANONICAL
from fullhouse.migration.source.views import select, tables

from .boxoffice import box_office, change, key

HEAD = """
[venue]
table = "houses"
[venue.columns]
id = { key = "house_no" }
total_capacity = "licensed_for"
[event]
table = "productions"
[event.columns]
id = { key = "production_no" }
venue_id = { key = "house_no" }
[performance]
table = "shows"
[performance.columns]
id = { key = "show_no" }
event_id = { key = "production_no" }
"""
BOOKING = """
[booking]
table = "orders"
[booking.columns]
id = { key = "order_no" }
performance_id = { key = "show_no" }
"""
ITEMS = 'from = "order_items", match = { order_no = "order_no" }'
INDEXED = pytest.mark.parametrize("is_indexed", [True, False], ids=["by index", "grouped"])


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with box_office() as name:
        yield name


@pytest.fixture
def read(schema: str, tmp_path: Path) -> Any:
    """Return a reader of one column: legacy number -> what the source makes of it."""

    def reader(view: str, column: str, text: str) -> dict[int, Any]:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        source = load(str(path))
        with connection.cursor() as cursor:
            present = tables(cursor, schema, source.tables())
            cursor.execute(select(source.views[view], schema, present, "id", column))
            rows = cursor.fetchall()
        if CANONICAL[view][column] == "jsonb":
            rows = [(row_key, value and json.loads(value)) for row_key, value in rows]
        return {int(str(row_key)[-12:]): value for row_key, value in rows}

    return reader


def booking(line: str, status: str = 'status = "state"') -> str:
    return f"{HEAD}{BOOKING}{status}\n{line}\n"


def without_indexes(schema: str) -> None:
    change(schema, "ALTER TABLE {}.order_items DROP CONSTRAINT order_items_pkey")
    change(schema, "ALTER TABLE {}.customers DROP CONSTRAINT customers_pkey")


def test_a_status_no_rule_names_stays_unknown(read: Any) -> None:
    line = 'status = { column = "state", values = { PAID = "confirmed" } }'
    found = read("booking", "status", booking("", line))
    assert (found[5001], found[5002]) == ("confirmed", "unmapped: OPEN")
    other = 'status = { column = "state", values = { PAID = "confirmed" }, other = "cancelled" }'
    assert read("booking", "status", booking("", other))[5002] == "cancelled"


def test_words_become_truth(read: Any) -> None:
    line = 'is_active = { column = "state", values = { PAID = true, VOID = false } }'
    found = read("booking", "is_active", booking(line))
    assert (found[5001], found[5003], found[5002]) == (True, False, None)


def test_an_empty_column_is_truth(read: Any) -> None:
    found = read("performance", "is_active", HEAD + 'is_active = { absent = "cancelled_at" }\n')
    assert (found[101], found[103]) == (True, False)


def test_one_word_for_all(read: Any) -> None:
    found = read("booking", "currency", booking('currency = { constant = "O\'s" }'))
    assert set(found.values()) == {"O's"}


def test_cents_are_amounts(read: Any) -> None:
    line = 'total_price = { column = "total_cents", divide = 100 }'
    assert read("booking", "total_price", booking(line))[5001] == Decimal("105")


def test_a_time_without_zone_is_that_of_the_place(read: Any, schema: str) -> None:
    line = 'created_at = { column = "placed_at", zone = "Asia/Tehran" }'
    moment = datetime(2026, 11, 2, 5, 30, tzinfo=UTC)
    assert read("booking", "created_at", booking(line))[5001] == moment
    change(
        schema, "ALTER TABLE {}.orders ALTER placed_at TYPE timestamptz USING '2026-11-02 05:30Z'"
    )
    assert read("booking", "created_at", booking(line))[5001] == moment


def test_a_moment_is_the_day_and_hour_of_the_place(read: Any, schema: str) -> None:
    change(
        schema,
        "ALTER TABLE {}.shows ALTER starts_at TYPE timestamptz USING '2026-12-04 20:30Z'",
    )
    there = '{ column = "starts_at", zone = "Asia/Tehran" }'
    text = f"{HEAD}date = {there}\nstart_time = {there}\n"
    assert read("performance", "date", text)[101] == date(2026, 12, 5)
    assert read("performance", "start_time", text)[101] == time(0, 0)


@INDEXED
def test_a_row_of_another_table_gives_a_column(read: Any, schema: str, is_indexed: bool) -> None:
    if not is_indexed:
        without_indexes(schema)
    there = 'from = "customers", match = { customer_no = "customer_no" }'
    found = read("booking", "customer", booking(f'customer = {{ column = "email", {there} }}'))
    assert (found[5001], found[5002], found[5003]) == ("ada@example.org", "bo@example.org", None)
    assert len(found) == 11


@INDEXED
def test_rows_of_another_table_add_up(read: Any, schema: str, is_indexed: bool) -> None:
    if not is_indexed:
        without_indexes(schema)
    change(schema, "INSERT INTO {}.order_items VALUES (5010, 2, 21, 2147483647)")
    found = read(
        "booking", "participants", booking(f'participants = {{ sum = "quantity", {ITEMS} }}')
    )
    assert (found[5001], found[5005], found[5009]) == (3, 2, None)
    assert found[5010] is None  # more than a number of places can be
    only = f'participants = {{ sum = "quantity", {ITEMS}, only = {{ tariff_no = [11, "21"] }} }}'
    found = read("booking", "participants", booking(only))
    assert (found[5001], found[5002], found[5008]) == (2, None, 5)


@INDEXED
def test_rows_of_another_table_are_a_list(read: Any, schema: str, is_indexed: bool) -> None:
    if not is_indexed:
        without_indexes(schema)
    entries = '{ ticket_type_id = { key = "tariff_no" }, quantity = "quantity" }'
    line = f'breakdown = {{ list = {entries}, order = "line_no", {ITEMS} }}'
    found = read("booking", "breakdown", booking(line))
    full, reduced = (str(key(schema, "ticket_type", number)) for number in (11, 12))
    assert found[5001] == [
        {"ticket_type_id": full, "quantity": 2},
        {"ticket_type_id": reduced, "quantity": 1},
    ]
    assert found[5009] is None


@INDEXED
def test_quotas_are_a_document_by_type(read: Any, schema: str, is_indexed: bool) -> None:
    if is_indexed:
        change(schema, "CREATE INDEX ON {}.quotas (show_no)")
    change(schema, "INSERT INTO {}.quotas VALUES (8, 201, 21, -5)")
    line = (
        'ticket_capacities = { sum = "places", per = { key = "tariff_no" }, from = "quotas",'
        ' match = { show_no = "show_no" } }\n'
    )
    found = read("performance", "ticket_capacities", HEAD + line)
    full, reduced, standing = (str(key(schema, "ticket_type", n)) for n in (11, 12, 21))
    assert found[101] == {full: 100, reduced: 50}
    assert found[102] == {full: 10, reduced: 0}
    assert found[201] == {standing: -5}  # shown, so that the plan says it cannot be read
    assert found[202] is None


def test_a_key_may_come_from_another_table(read: Any, schema: str) -> None:
    there = 'from = "shows", match = { show_no = "show_no" }'
    line = f'performance_id = {{ key = "production_no", {there} }}'
    text = booking("").replace('performance_id = { key = "show_no" }', line)
    found = read("booking", "performance_id", text)
    assert (found[5001], found[5008]) == (
        key(schema, "performance", 1),
        key(schema, "performance", 2),
    )
    assert found[5011] is None


def test_what_is_not_there_reads_as_null(read: Any) -> None:
    lines = f'reference = "nothing"\nparticipants = {{ sum = "none", {ITEMS} }}'
    assert set(read("booking", "reference", booking(lines)).values()) == {None}
    assert set(read("booking", "participants", booking(lines)).values()) == {None}
