"""`source check` says everything that does not fit, what is nearest, and what follows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullhouse.migration.source.canonical import CANONICAL, REQUIRED
from fullhouse.migration.source.load import PRESETS
from fullhouse.migration.source.meanings import VIEWS, of_column

from .boxoffice import box_office, change, check, run, say
from .shell import legacy_schema, takeover

PRESET = (PRESETS / "boxoffice.toml").read_text(encoding="utf-8")


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with box_office() as name:
        yield name


def edited(folder: Path, *replaced: tuple[str, str]) -> Path:
    """Write the preset with some words replaced, each there exactly once."""
    text = PRESET
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def findings(said: dict[str, Any], weight: str) -> dict[tuple[str, str], str]:
    return {
        (item["kind"], item["where"]): item["en"]
        for item in said["findings"]
        if item["weight"] == weight
    }


def test_the_sample_fits_and_its_dirt_is_counted(schema: str) -> None:
    code, said = check("boxoffice", schema)
    assert (code, said["exit_code"], said["errors"], said["problems"]) == (0, 0, 0, [])
    warnings = findings(said, "warning")
    assert set(warnings) == {
        ("status_not_mapped", "booking.status"),
        ("points_at_nothing", "booking.performance_id"),
        ("points_at_nothing", "booking.breakdown"),
    }
    assert "'PARKED' means (rows: 1)" in warnings["status_not_mapped", "booking.status"]
    lost = warnings["points_at_nothing", "booking.breakdown"]
    assert lost == "1 of 12 rows of order_items point at no row of tariffs."
    notes = findings(said, "note")
    assert "USD" in notes["column_not_given", "booking.currency"]
    assert "without seats" in notes["view_missing", "seat"]
    assert all(item["fa"] and item["en"] != item["fa"] for item in said["findings"])


def test_the_sample_of_the_other_layout_fits_its_preset(db_committed: None) -> None:
    with legacy_schema(seats=60) as schema:
        code, said = check("events", schema)
    assert (code, said["errors"]) == (0, 0)


def test_missing_tables_and_columns_come_with_the_nearest(schema: str, tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        ('table = "houses"', 'table = "house"'),
        ('current_capacity = "places_sold"', 'current_capacity = "place_sold"'),
        ('id = { key = "show_no" }\nevent_id', 'id = { key = "shw_no" }\nevent_id'),
        (
            'customer = { column = "email", from = "customers"',
            'customer = { column = "email", from = "customer"',
        ),
    )
    code, said = check(path, schema)
    assert code == 3
    errors, warnings = findings(said, "error"), findings(said, "warning")
    assert "Nearest: houses" in errors["table_missing", "venue"]
    assert "Nearest: show_no" in errors["column_missing", "performance.id"]
    assert "Nearest: places_sold" in warnings["column_missing", "performance.current_capacity"]
    assert "no old counter" in warnings["column_missing", "performance.current_capacity"]
    assert "customers" in warnings["column_missing", "booking.customer"]
    assert "houses" in findings(said, "note")["tables_not_read", schema]


def test_types_that_do_not_fit_are_named_with_the_way_out(schema: str, tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        ('id = { key = "house_no" }\nname', 'id = "house_no"\nname'),
        ('total_capacity = "licensed_for"', 'total_capacity = "house_name"'),
    )
    code, said = check(path, schema)
    assert code == 3
    errors = findings(said, "error")
    assert 'Write { key = "house_no" }' in errors["type_does_not_fit", "venue.id"]
    assert (
        "houses.house_name (character varying)"
        in errors["type_does_not_fit", "venue.total_capacity"]
    )


def test_one_value_that_cannot_be_read_is_found(schema: str) -> None:
    change(schema, "ALTER TABLE {}.shows ALTER places_sold TYPE text")
    assert check("boxoffice", schema)[0] == 0
    change(schema, "UPDATE {}.shows SET places_sold = 'many' WHERE show_no = 201")
    code, said = check("boxoffice", schema)
    assert code == 3
    assert '"many"' in findings(said, "error")["type_does_not_fit", "performance.current_capacity"]


def test_keys_that_are_no_keys_are_errors(schema: str) -> None:
    change(
        schema, "ALTER TABLE {}.orders DROP CONSTRAINT orders_pkey, ALTER order_no DROP NOT NULL"
    )
    change(schema, "INSERT INTO {}.orders SELECT * FROM {}.orders WHERE order_no IN (5001, 5002)")
    change(schema, "INSERT INTO {}.orders VALUES (NULL, 101, 1, 'PAID', 1, now())")
    change(schema, "ALTER TABLE {}.customers DROP CONSTRAINT customers_pkey")
    change(schema, "INSERT INTO {}.customers VALUES (1, 'eve@example.org')")
    code, said = check("boxoffice", schema)
    assert code == 3
    errors = findings(said, "error")
    assert "2 of its values" in errors["key_not_unique", "booking.id"]
    assert "null in 1 rows" in errors["key_null", "booking.id"]
    assert "several rows for 1 values" in errors["match_not_unique", "booking.customer"]


def test_keys_of_two_kinds_that_never_meet_are_an_error(schema: str, tmp_path: Path) -> None:
    path = edited(
        tmp_path, ('performance_id = { key = "show_no" }', 'performance_id = { key = "order_no" }')
    )
    code, said = check(path, schema)
    assert code == 3
    assert "11 of 11" in findings(said, "error")["points_at_nothing", "booking.performance_id"]


def test_a_status_of_theirs_is_not_taken_for_ours(schema: str) -> None:
    change(schema, "UPDATE {}.orders SET state = 'confirmed' WHERE order_no = 5004")
    said = check("boxoffice", schema)[1]
    assert "'confirmed'" in findings(said, "warning")["status_not_mapped", "booking.status"]


def test_a_moment_without_a_zone_is_pointed_out(schema: str) -> None:
    change(schema, "ALTER TABLE {}.shows ALTER starts_at TYPE timestamptz")
    warnings = findings(check("boxoffice", schema)[1], "warning")
    assert {where for kind, where in warnings if kind == "zone_missing"} == {
        "performance.date",
        "performance.start_time",
    }


def test_a_file_that_is_no_source_ends_with_2(schema: str, tmp_path: Path) -> None:
    path = edited(tmp_path, ('title = "title"', 'titel = "title"'))
    code, said = check(path, schema)
    assert code == 2
    assert len(said["problems"]) == 1
    assert "did you mean title?" in said["problems"][0]["en"]
    assert say(tmp_path / "nothing.toml", schema).code == 2
    assert say("boxoffice", "pg_catalog").code == 3


def test_a_schema_without_tables_is_named(db_committed: None) -> None:
    ended = say("boxoffice", "nowhere")
    assert ended.code == 3
    assert "no schema 'nowhere'" in ended.out


def test_it_reads_only(schema: str) -> None:
    before = run(f'SELECT sum(hashtext(o::text)) FROM "{schema}".orders AS o')
    say("boxoffice", schema)
    assert run(f'SELECT sum(hashtext(o::text)) FROM "{schema}".orders AS o') == before
    assert run("SELECT count(*) FROM pg_class WHERE relname ~ '^src_'") == [(0,)]


def test_every_column_that_may_be_missing_says_what_follows() -> None:
    for view, columns in CANONICAL.items():
        for column in columns.keys() - REQUIRED[view]:
            assert of_column(view, column)[0] != "it reads as null", f"{view}.{column}"
    assert set(VIEWS) == {"ticket_type", "seat", "booking"}


def test_a_takeover_says_too_what_does_not_fit(schema: str, tmp_path: Path) -> None:
    guilty = edited(
        tmp_path, ('event_id = { key = "production_no" }\ndate', 'event_id = "nope"\ndate')
    )
    ended = takeover("plan", schema, "--source", guilty, "--backup-dir", tmp_path)
    assert ended.code == 2
    assert f"Table {schema}.shows has no column 'nope'" in ended.message
    mistyped = edited(tmp_path, ('id = { key = "house_no" }\nname', 'id = "house_no"\nname'))
    ended = takeover("plan", schema, "--source", mistyped, "--backup-dir", tmp_path)
    assert ended.code == 2
    assert "[venue] does not fit" in ended.message
    assert "source check" in ended.message
    broken = edited(tmp_path, ('table = "houses"', "table = 7"))
    assert takeover("plan", schema, "--source", broken).code == 2
