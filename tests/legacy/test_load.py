"""Loading: every row arrives, dirty values are kept or put on record, the same file is a no-op."""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fullhouse.migration.legacy.batches import BATCH_ROWS
from fullhouse.migration.legacy.loader import load_file
from fullhouse.migration.legacy.reader import file_digest

from .conftest import WriteDump, fetch, key, row, schemas

Database = psycopg.Connection[Any]


def test_every_row_of_a_file_arrives(
    database: Database, schema: str, sample_file: Callable[..., Path]
) -> None:
    path = sample_file(seats=600)
    models = Counter(each["model"] for each in json.loads(path.read_text(encoding="utf-8")))

    loaded = load_file(database, path=path, schema=schema)

    assert loaded.rejects == 0
    assert loaded.skipped_models == {}
    assert loaded.rows == models.total()
    assert loaded.tables["events_seat"] == models["events.seat"] == 600
    for table, rows in loaded.tables.items():
        assert fetch(database, f"SELECT count(*) FROM {{}}.{table}", schema) == [(rows,)]
    assert schemas(database, schema) == [schema]


def test_values_arrive_as_they_are(database: Database, schema: str, write_dump: WriteDump) -> None:
    seat = row(
        "events.seat",
        key(1),
        created_at="2025-07-01T12:00:00Z",
        is_active=False,
        seat_number="\\N",
        row_number="tab\there\nand \\ line",
        section="بخش\u200cيک",
        status="SOLD",
        price="-5.00",
        performance=key(7),
        ticket_type=None,
    )
    load_file(database, path=write_dump(seat), schema=schema)

    assert fetch(
        database,
        "SELECT created_at = '2025-07-01 12:00+00', is_active, seat_number, row_number, section,"
        " status, price::text, performance_id::text, ticket_type_id, currency FROM {}.events_seat",
        schema,
    ) == [
        (
            True,
            False,
            "\\N",
            "tab\there\nand \\ line",
            "بخش\u200cيک",
            "SOLD",
            "-5.00",
            key(7),
            None,
            None,
        )
    ]


def test_json_null_is_kept_where_the_legacy_column_is_not_null(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    path = write_dump(
        row("events.eventperformance", key(1), ticket_capacities=None),
        row("events.eventperformance", key(2), ticket_capacities='{"VIP": 3}'),
        row("events.eventperformance", key(3)),
        row("events.venue", key(4), coordinates=None),
    )
    load_file(database, path=path, schema=schema)

    kinds = "SELECT jsonb_typeof(ticket_capacities) FROM {}.events_eventperformance ORDER BY id"
    assert fetch(database, kinds, schema) == [("null",), ("string",), ("object",)]
    assert fetch(database, "SELECT coordinates FROM {}.events_venue", schema) == [(None,)]


def test_absent_columns_get_their_defaults(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    path = write_dump(row("events.tickettype", key(1), name="VIP"))
    load_file(database, path=path, schema=schema)

    columns = "SELECT is_active, price_modifier::text, capacity FROM {}.events_tickettype"
    assert fetch(database, columns, schema) == [(True, "0.00", None)]


def test_both_sides_of_a_seat_may_be_there_twice(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    same = {"performance": key(9), "section": "A", "row_number": "1", "seat_number": "1"}
    path = write_dump(*(row("events.seat", key(at), **same) for at in (1, 2)))
    assert load_file(database, path=path, schema=schema).tables["events_seat"] == 2


def test_values_that_do_not_fit_are_put_on_record_and_the_row_stays(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    path = write_dump(
        row("events.seat", key(1), price="۱۲", performance="none", section="A\x00B"),
        row("events.seat", key(2), price={"amount": 3}, status="sold"),
        row("events.eventbooking", key(3), selected_seats=["\x00"], participants_count=1 << 40),
        row("events.eventperformance", key(4), date="1404-13-01", start_time="soon"),
    )
    loaded = load_file(database, path=path, schema=schema)

    records = fetch(
        database, "SELECT line, model, pk, field FROM {}.load_rejects ORDER BY 1, 4", schema
    )
    assert records == [
        (2, "events.seat", key(1), "performance_id"),
        (2, "events.seat", key(1), "price"),
        (2, "events.seat", key(1), "section"),
        (3, "events.seat", key(2), "price"),
        (4, "events.eventbooking", key(3), "participants_count"),
        (4, "events.eventbooking", key(3), "selected_seats"),
        (5, "events.eventperformance", key(4), "date"),
        (5, "events.eventperformance", key(4), "start_time"),
    ]
    assert loaded.rejects == len(records)
    values = "SELECT value, reason FROM {}.load_rejects WHERE line = 3"
    assert fetch(database, values, schema) == [('{"amount": 3}', "not a number")]
    assert fetch(database, "SELECT status, price FROM {}.events_seat ORDER BY id", schema) == [
        (None, None),
        ("sold", None),
    ]


@pytest.mark.parametrize("pk", [None, "", 7, "not-a-uuid", ["x"], "\ud800"])
def test_a_row_without_a_usable_key_is_left_out_on_record(
    database: Database, schema: str, tmp_path: Path, pk: object
) -> None:
    path = tmp_path / "dump.json"
    path.write_text(json.dumps([row("events.seat", pk, status="sold")]), encoding="ascii")
    loaded = load_file(database, path=path, schema=schema)

    assert loaded.tables["events_seat"] == 0
    assert loaded.rejects == 1
    fields = "SELECT field, line FROM {}.load_rejects"
    assert fetch(database, fields, schema) == [("id", 1)]


def test_models_and_fields_of_other_layouts_are_counted(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    path = write_dump(
        row("cart.cartitem", 1, booking_data={}),
        row("cart.cartitem", 2, booking_data={}),
        row("events.seat", key(1), view="pillar"),
        row("events.eventcategorytranslation", 3, language_code="fa", name="موسیقی", master=key(2)),
    )
    loaded = load_file(database, path=path, schema=schema)

    assert loaded.skipped_models == {"cart.cartitem": 2}
    assert loaded.ignored_fields == {"events.seat.view": 1}
    names = "SELECT master_id::text, texts FROM {}.events_eventcategory_translation"
    assert fetch(database, names, schema) == [(key(2), {"name": "موسیقی"})]


@pytest.mark.parametrize("name", ["dump.json.gz", "dump.jsonl", "dump.jsonl.gz", "renamed.bin"])
def test_forms_of_a_file(database: Database, schema: str, tmp_path: Path, name: str) -> None:
    rows = [row("events.seat", key(at), section="بالکن") for at in range(3)]
    lines = [json.dumps(each) for each in rows]
    text = "\n".join(lines) if "jsonl" in name else "\ufeff" + json.dumps(rows)
    data = text.encode()
    path = tmp_path / name
    path.write_bytes(data if name == "dump.jsonl" else gzip.compress(data))

    loaded = load_file(database, path=path, schema=schema)

    assert loaded.tables["events_seat"] == 3
    assert loaded.sha256 == file_digest(path)


def test_interleaved_models_fill_more_than_one_batch(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    seats = BATCH_ROWS + 10
    rows = [
        row(("events.seat", "events.eventbooking")[at % 2], key(at), status="sold")
        for at in range(2 * seats)
    ]
    loaded = load_file(database, path=write_dump(*rows), schema=schema)
    assert loaded.tables["events_seat"] == loaded.tables["events_eventbooking"] == seats


def test_the_same_file_again_changes_nothing(
    database: Database, schema: str, sample_file: Callable[..., Path]
) -> None:
    path = sample_file()
    first = load_file(database, path=path, schema=schema)
    before = fetch(database, "SELECT xmin::text, ctid::text FROM {}.events_seat", schema)

    again = load_file(database, path=path, schema=schema)

    assert again.already_loaded
    assert (again.tables, again.sha256) == (first.tables, first.sha256)
    assert fetch(database, "SELECT xmin::text, ctid::text FROM {}.events_seat", schema) == before


def test_what_a_migration_looks_up_is_indexed(
    database: Database, schema: str, write_dump: WriteDump
) -> None:
    load_file(database, path=write_dump(row("events.seat", key(1))), schema=schema)
    indexed = database.execute(
        "SELECT tablename::text, string_agg(substring(indexdef FROM '\\((.*)\\)'), ' '"
        " ORDER BY indexdef) FROM pg_indexes WHERE schemaname = %s"
        " AND tablename IN ('events_seat', 'events_eventbooking') GROUP BY 1 ORDER BY 1",
        [schema],
    ).fetchall()
    assert [(table, set(columns.split())) for table, columns in indexed] == [
        ("events_eventbooking", {"id", "event_id", "performance_id"}),
        ("events_seat", {"id", "performance_id"}),
    ]


def test_numbers_longer_than_python_reads_are_only_a_dirty_value(
    database: Database, schema: str, tmp_path: Path
) -> None:
    digits = "9" * (sys.get_int_max_str_digits() + 1)
    path = tmp_path / "dump.json"
    path.write_text(
        f'[{{"model": "events.seat", "pk": "{key(1)}", "fields": {{"price": {digits}}}}}]'
    )
    assert load_file(database, path=path, schema=schema).rejects == 1
