"""Samples: repeatable to the byte, clean when asked to be, every kind of dirt when not."""

import json
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fullhouse.migration.legacy.loader import load_items
from fullhouse.migration.legacy.sample.dirt import RATES
from fullhouse.migration.legacy.sample.generate import Sample
from fullhouse.migration.legacy.sample.names import ENGLISH_SECTIONS, PERSIAN_SECTIONS, spellings
from fullhouse.migration.legacy.sample.write import write_file, write_manifest

Rows = dict[str, dict[str, dict[str, Any]]]


def rows_of(sample: Sample) -> Rows:
    """The fields by model and key; every key is there once."""
    rows: Rows = defaultdict(dict)
    for item in sample:
        assert item.pk not in rows[item.model]
        rows[item.model][str(item.pk)] = item.fields
    return rows


@pytest.fixture(scope="module")
def clean() -> Rows:
    return rows_of(Sample(seats=1500, dirty=0, seed=11))


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    paths = [tmp_path / "one" / name, tmp_path / "two" / f"other-{name}"]
    for path in paths:
        path.parent.mkdir()
        write_file(Sample(seats=700, dirty=0.5, seed=3), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert [path.name for path in paths[0].parent.iterdir()] == [name]


def test_another_seed_gives_other_rows() -> None:
    first, second = (list(Sample(seats=50, dirty=0.5, seed=seed)) for seed in (1, 2))
    assert first != second


def test_another_first_day_moves_the_performances_and_nothing_else() -> None:
    later = Sample(seats=200, dirty=0.5, seed=3, first_day=date(2031, 2, 27))
    usual = Sample(seats=200, dirty=0.5, seed=3)
    assert later.sha256 != usual.sha256
    days: set[str] = set()
    for moved, item in zip(later, usual, strict=True):
        if item.model == "events.eventperformance":
            days.add(str(moved.fields["date"]))
        dates = dict.fromkeys(("date", "start_date", "end_date"))
        assert moved.fields | dates == item.fields | dates
    assert {"2031-02-27", "2031-02-28", "2031-03-01"} <= days


@pytest.mark.parametrize("seats", [1, 2, 19, 20, 777, 2500])
@pytest.mark.parametrize("dirty", [0, 1])
def test_there_are_as_many_seats_as_asked_for(seats: int, dirty: float) -> None:
    sample = Sample(seats=seats, dirty=dirty, seed=9)
    rows = rows_of(sample)
    assert len(rows["events.seat"]) == seats == sample.rows["events.seat"]


def test_every_kind_of_dirt_is_in_a_sample_of_two_thousand() -> None:
    sample = Sample(seats=2000, dirty=1, seed=4)
    list(sample)
    assert [kind for kind in RATES if sample.dirt[kind] < 1] == []


def test_dirt_grows_with_what_was_asked_for() -> None:
    samples = [Sample(seats=20_000, dirty=dirty, seed=6) for dirty in (0.2, 0.4, 0.8)]
    totals = []
    for sample in samples:
        for _ in sample:
            """Only the counts are wanted."""
        totals.append(sum(sample.dirt.values()))
    assert totals[1] == pytest.approx(2 * totals[0], rel=0.1)
    assert totals[2] == pytest.approx(4 * totals[0], rel=0.1)


def test_clean_parents_are_there_and_open(clean: Rows) -> None:
    for model, parents in {
        "events.event": {"venue": "events.venue", "category": "events.eventcategory"},
        "events.tickettype": {"event": "events.event"},
        "events.eventperformance": {"event": "events.event"},
        "events.seat": {
            "performance": "events.eventperformance",
            "ticket_type": "events.tickettype",
        },
        "events.eventbooking": {"performance": "events.eventperformance", "event": "events.event"},
    }.items():
        for fields in clean[model].values():
            assert fields["is_active"]
            for name, parent in parents.items():
                assert fields[name] in clean[parent]


def test_clean_numbers_add_up(clean: Rows) -> None:
    seats: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fields in clean["events.seat"].values():
        seats[fields["performance"]].append(fields)
    types, events = clean["events.tickettype"], clean["events.event"]
    for key, performance in clean["events.eventperformance"].items():
        own = seats[key]
        event = events[performance["event"]]
        assert performance["max_capacity"] == len(own)
        assert len(own) <= clean["events.venue"][event["venue"]]["total_capacity"]
        used = Counter(seat["status"] for seat in own)
        assert performance["current_capacity"] == used["sold"] + used["reserved"]
        assert set(used) <= {"available", "reserved", "sold", "blocked"}
        named = Counter(types[seat["ticket_type"]]["name"] for seat in own)
        assert performance["ticket_capacities"] == named
        places = {(seat["section"], seat["row_number"], seat["seat_number"]) for seat in own}
        assert len(places) == len(own)
        assert {seat["section"] for seat in own} <= {*PERSIAN_SECTIONS, *ENGLISH_SECTIONS}
        for seat in own:
            kind = types[seat["ticket_type"]]
            assert kind["event"] == performance["event"]
            exact = float(event["price"]) * float(kind["price_modifier"])
            assert float(seat["price"]) == pytest.approx(exact)
            assert seat["currency"] == event["currency"]


def test_clean_bookings_and_seats_say_the_same(clean: Rows) -> None:
    booked: dict[str, str] = {}
    for booking in clean["events.eventbooking"].values():
        named = booking["selected_seats"]
        assert booking["participants_count"] == len(named)
        assert sum(line["quantity"] for line in booking["ticket_breakdown"]) == len(named)
        total = sum(seat["price"] for seat in named)
        assert float(booking["total_price"]) == pytest.approx(total)
        for seat in named:
            assert seat["seat_id"] not in booked
            booked[seat["seat_id"]] = "reserved" if booking["status"] == "pending" else "sold"
            assert clean["events.seat"][seat["seat_id"]]["performance"] == booking["performance"]
    taken = {
        key: seat["status"]
        for key, seat in clean["events.seat"].items()
        if seat["status"] in ("sold", "reserved")
    }
    assert booked == taken


def test_a_sample_goes_straight_into_a_schema(
    database: psycopg.Connection[Any], schema: str
) -> None:
    sample = Sample(seats=800, dirty=1, seed=2)
    loaded = load_items(
        database, items=sample, schema=schema, source="sample", sha256=sample.sha256
    )
    assert loaded.rejects == 0
    assert loaded.ignored_fields == {}
    assert loaded.rows == sample.rows.total()

    again = Sample(seats=800, dirty=1, seed=2)
    assert load_items(
        database, items=again, schema=schema, source="sample", sha256=again.sha256
    ).already_loaded
    assert again.rows.total() == 0


def test_the_manifest_says_what_was_put_in(tmp_path: Path) -> None:
    sample = Sample(seats=400, dirty=1, seed=8)
    write_file(sample, tmp_path / "a.json")
    write_manifest(sample, tmp_path / "a.manifest.json")
    manifest = json.loads((tmp_path / "a.manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"]["events.seat"] == 400
    assert manifest["dirt"] == sample.dirt
    assert (manifest["seats"], manifest["dirty"], manifest["seed"]) == (400, 1, 8)


def folded(name: str) -> str:
    """The section key by the rules of the legacy layout, written once more."""
    text = unicodedata.normalize("NFKC", name)
    text = text.translate({ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"})
    digits = "".join(str(unicodedata.digit(each, each)) for each in text)
    marks = {"\u200c", "\u200f"}
    return "".join(each for each in digits if each not in marks and not each.isspace()).casefold()


@pytest.mark.parametrize("name", [*PERSIAN_SECTIONS, *ENGLISH_SECTIONS])
def test_every_spelling_is_the_same_section_in_other_letters(name: str) -> None:
    others = spellings(name)
    assert len(others) > 3
    assert name not in others
    assert {folded(other) for other in others} == {folded(name)}
