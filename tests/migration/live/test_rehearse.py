"""`rehearse`: the whole takeover on a copy beside sellers, proved; the source is only read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from fullhouse.migration.backup import current_checksums
from fullhouse.migration.live.rehearse import journal, scratch
from fullhouse.migration.live.rehearse.rehearsal import PHASES

from ..boxoffice import box_office
from ..builders import House
from ..shell import Ended, legacy_schema, takeover
from ..takeover import running

PROOFS = {"acknowledged", "equal", "ledger", "identity"}


@pytest.fixture
def selling(db_committed: None, tmp_path: Path) -> Iterator[str]:
    """A legacy schema with every rule of its tables in force: seats, and places without seats."""
    house = House()
    for at in range(6):
        evening = house.performance(40)
        house.seats(evening, "A", 20, kind="VIP")
        sold = house.seats(evening, "B", 20)
        if at:
            house.booking(evening, [sold[0]], people=1)
    house.performance(200, {"VIP": 80, "Normal": 120})
    with running(house.write(tmp_path / "house.json")) as schema:
        yield schema


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", ["fullh"])
        return {name for (name,) in cursor.fetchall()}


def objects(schema: str) -> list[tuple[str, ...]]:
    """Every table, index and trigger of a schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text FROM pg_class WHERE relnamespace = %s::regnamespace"
            " UNION ALL SELECT t.tgname::text FROM pg_trigger AS t JOIN pg_class AS c"
            " ON c.oid = t.tgrelid WHERE c.relnamespace = %s::regnamespace ORDER BY 1",
            [schema, schema],
        )
        return list(cursor.fetchall())


def test_everything_holds_and_the_source_is_untouched(selling: str) -> None:
    before = current_checksums(selling), objects(selling), databases()
    ended = takeover("rehearse", selling, "--sellers", 2, "--seconds", 2, "--rate", 120, "--json")
    assert ended.code == 0, ended.message
    said = ended.json
    assert said["holds"] is True
    assert [one["phase"] for one in said["phases"]] == [phase.name for phase in PHASES]
    assert set(said["proofs"]) == PROOFS
    assert all(proof["holds"] for proof in said["proofs"].values())
    told = said["proofs"]["acknowledged"]["numbers"]
    assert told["sold"] > 0
    assert told["made_in_fullhouse"] > 0
    assert told["answer_lost"] == 0
    held = {one["phase"]: one["held_ms"] for one in said["phases"] if "held_ms" in one}
    assert held.keys() == {"cutover", "rollback"}
    assert all(one["waits"]["count"] > 0 for one in said["phases"])
    assert (current_checksums(selling), objects(selling), databases()) == before


def test_data_that_contradict_themselves_hold_as_well(db_committed: None) -> None:
    with legacy_schema(seats=240, dirty=0.3, seed=11) as schema:
        ended = takeover("rehearse", schema, "--sellers", 2, "--seconds", 2, "--rate", 80, "--json")
    assert ended.code == 0, ended.message
    assert all(proof["holds"] for proof in ended.json["proofs"].values())
    assert ended.json["proofs"].keys() == PROOFS


@pytest.mark.parametrize("arguments", [("--sellers", 0), ("--sellers", 65), ("--seconds", -1)])
def test_what_cannot_be_meant_is_refused(db_committed: None, arguments: tuple[str, int]) -> None:
    with legacy_schema(seats=10) as schema:
        ended: Ended = takeover("rehearse", schema, *arguments, "--json")
    assert ended.code == 2
    assert ended.json["holds"] is False
    assert ended.json["error"]["fa"]


def test_a_schema_that_is_not_there(db_committed: None) -> None:
    ended = takeover("rehearse", "nowhere", "--json")
    assert ended.code == 2
    assert "nowhere" in ended.json["error"]["en"]


def test_a_source_with_statements_of_its_own_is_refused(db_committed: None) -> None:
    with box_office() as schema:
        ended = takeover("rehearse", schema, "--source", "boxoffice", "--json")
    assert ended.code == 3
    assert ended.json["holds"] is False
    assert "boxoffice" in ended.json["error"]["en"]


def test_what_a_killed_rehearsal_left_is_dropped(db_committed: None) -> None:
    left, fresh = f"{scratch.PREFIX}00000001_00000000", f"{scratch.PREFIX}ffffffff_00000000"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {left} TEMPLATE template0")
        cursor.execute(f"CREATE DATABASE {fresh} TEMPLATE template0")
    try:
        with legacy_schema(seats=10) as schema, scratch.scratch(schema, using="default") as made:
            assert left not in databases()
            assert {fresh, made.name} <= databases()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {fresh}")


def test_a_journal_forgets_only_what_nobody_was_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    kept = journal.Journal(path)
    about = {"side": "legacy", "performance": "p", "seats": ["s"], "places": 1}
    kept.told("a", "sold", **about)  # type: ignore[arg-type]
    kept.told("b", "sold", **about)  # type: ignore[arg-type]
    kept.tries("b", "free")
    kept.told("c", "held", **about)  # type: ignore[arg-type]
    kept.tries("c", "sold")
    kept.told("c", "sold", **about)  # type: ignore[arg-type]
    kept.close()
    with path.open("ab") as torn:
        torn.write(json.dumps(["d", "sold"]).encode()[:-2])
    journal.Journal(path).close()
    states = {key: one.states for key, one in journal.read([path]).items()}
    assert states == {"a": {"sold"}, "b": {"sold", "free"}, "c": {"sold"}}
