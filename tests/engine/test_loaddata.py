"""`dumpdata events | loaddata`: a house travels whole, and a doctored one is refused whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scratch import BUSY_HOUSE, Scratch, create, drop


@pytest.fixture
def empty(db_committed: None) -> Iterator[Scratch]:
    """A migrated database without rows."""
    scratch = create("scratch_loaddata")
    scratch.run("migrate", "--verbosity", "0")
    yield scratch
    drop(scratch)


@pytest.fixture
def dump(empty: Scratch) -> list[dict[str, Any]]:
    """The rows of a busy house, dumped from a database that is empty again afterwards."""
    empty.run("shell", "-c", BUSY_HOUSE)
    rows = json.loads(empty.run("dumpdata", "events"))
    drop(empty)
    create(empty.name)
    empty.run("migrate", "--verbosity", "0")
    return rows


def tables(scratch: Scratch) -> list[tuple[object, ...]]:
    return scratch.rows(
        "SELECT (SELECT count(*) FROM fullhouse.events_venue),"
        " (SELECT count(*) FROM fullhouse.events_movement)"
    )


def test_a_house_travels_whole_and_a_doctored_one_not_at_all(
    empty: Scratch, dump: list[dict[str, Any]], tmp_path: Path
) -> None:
    doctored = json.loads(json.dumps(dump))
    sold = next(row for row in doctored if row["fields"].get("sold_capacity"))
    sold["fields"]["sold_capacity"] -= 1
    sold["fields"]["available_capacity"] += 1
    sold["fields"]["unseated_available"] += 1
    fixture = tmp_path / "doctored.json"
    fixture.write_text(json.dumps(doctored))

    refused = empty.attempt("loaddata", str(fixture))

    assert refused.returncode == 4, refused.stderr
    assert sold["pk"] in refused.stderr
    assert "nothing was loaded" in refused.stderr
    assert tables(empty) == [(0, 0)]

    fixture = tmp_path / "house.json"
    fixture.write_text(json.dumps(dump))
    empty.run("loaddata", str(fixture))

    assert json.loads(empty.run("dumpdata", "events")) == dump
    assert "adds up" in empty.run("capacity", "audit")
    assert json.loads(empty.run("capacity", "engine", "--json"))["clean"]
    assert empty.attempt("loaddata", str(fixture)).returncode != 0, "the ledger is append-only"


def test_a_fixture_over_its_venue_is_refused(
    empty: Scratch, dump: list[dict[str, Any]], tmp_path: Path
) -> None:
    venue = next(row for row in dump if row["model"] == "events.venue")
    venue["fields"]["total_capacity"] = 59
    fixture = tmp_path / "small.json"
    fixture.write_text(json.dumps(dump))

    refused = empty.attempt("loaddata", str(fixture))

    assert refused.returncode != 0
    assert "I1" in refused.stderr
    assert tables(empty) == [(0, 0)]
