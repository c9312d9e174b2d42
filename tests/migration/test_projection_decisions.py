"""Decisions by file: a house laid down outright, answers kept, and refusals that name the item."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullhouse.events.models import EventPerformance, Venue
from fullhouse.migration import backfill, decisions
from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.models import Anomaly, MigrationRun
from fullhouse.migration.plan import make_plan, open_questions
from fullhouse.migration.validate import validate

from .builders import House
from .takeover import staged

DATA = Path(__file__).parent / "data"
EXAMPLE = Path(__file__).parents[2] / "examples" / "seed-after.decisions.json"


@pytest.fixture
def seed(db_committed: None) -> Iterator[MigrationRun]:
    """The inconsistent example: a house of 1000 whose three types have 1000 places each."""
    with staged(DATA / "seed-before.json") as schema:
        run = MigrationRun.objects.create(source="events", legacy_schema=schema)
        try:
            make_plan(run)
            yield run
        finally:
            backfill.remove(run)
            run.delete()


def test_the_example_makes_the_seed_s_after_of_its_before(seed: MigrationRun) -> None:
    decisions.apply_file(seed, EXAMPLE, "test")
    make_plan(seed)
    decisions.accept_proposals(seed, "test")
    assert not backfill.backfill(seed).failed
    outcome = validate(seed)
    assert outcome.ok, [str(one) for one in outcome.mismatches]

    evening = EventPerformance.objects.get(pk=seed.plan["units"][0]["performance_id"])
    assert (evening.max_capacity, evening.available_capacity) == (1500, 1500)
    assert Venue.objects.get(events=evening.event_id).total_capacity == 2000
    tree = {
        section.name: {
            leaf.ticket_type.name if leaf.ticket_type else None: (
                leaf.allocated_capacity,
                leaf.unseated_available,
                leaf.seats.count(),
            )
            for leaf in section.allocations.all()
        }
        for section in evening.sections.order_by("position")
    }
    assert tree == {
        "VIP": {"VIP": (300, 300, 0)},
        "Normal": {"Normal": (800, 800, 0)},
        "Economy": {"Economy": (400, 250, 150)},
    }
    economy = evening.sections.get(name="Economy")
    assert set(economy.aliases.values_list("spelling", flat=True)) == {"A", "B", "C"}
    assert set(economy.seats.values_list("row_number", flat=True)) >= {"A-1", "B-1", "C-5"}


def test_without_the_file_the_seats_are_the_truth(seed: MigrationRun) -> None:
    assert not backfill.backfill(seed).failed
    evening = EventPerformance.objects.get(pk=seed.plan["units"][0]["performance_id"])
    assert evening.max_capacity == 150
    assert {section.total_capacity for section in evening.sections.all()} == {50}


def test_an_answer_is_kept_and_found_again_by_the_next_plan(
    db_committed: None, tmp_path: Path
) -> None:
    house = House()
    evening = house.performance(2)
    house.seat(evening, "A-1-1", "SOLD")
    house.seat(evening, "A-1-2")
    answers = {"decisions": [{"kind": "status_unknown", "decision": "keep_for_house"}]}
    with staged(house.write(tmp_path / "house.json")) as schema:
        run = MigrationRun.objects.create(source="events", legacy_schema=schema)
        make_plan(run)
        assert "status_unknown" in {one.kind for one in open_questions(run)}
        assert decisions.apply_file(run, _file(tmp_path, answers), "Sara") == 1
        make_plan(run)
        decided = Anomaly.objects.get(run=run, kind="status_unknown")
        assert (decided.decision, decided.decided_by) == ("keep_for_house", "Sara")
        assert decided.evidence["status"] == "SOLD"
        assert "status_unknown" not in {one.kind for one in open_questions(run)}
        run.delete()


def _section(**values: Any) -> dict[str, Any]:
    section = {"name": "VIP", "total_capacity": 10, "base_price": "1", **values}
    return {"performances": {"concert 2025-09-01": {"sections": [section]}}}


@pytest.mark.parametrize(
    ("said", "item"),
    [
        ({"splits": "equal"}, "splits"),
        ({"split": "half"}, "split"),
        ({"decisions": [{"kind": "no_such_kind", "decision": "x"}]}, "decisions[0].kind"),
        ({"decisions": [{"kind": "seat_twins", "decision": "x"}]}, "decisions[0].decision"),
        ({"performances": {"concert 1999-01-01": {"sections": []}}}, "concert 1999-01-01"),
        (_section(total_capacity=-1), "sections[0].total_capacity"),
        (_section(total_capacity="10"), "sections[0].total_capacity"),
        (_section(base_price="-1"), "sections[0].base_price"),
        (_section(name=" "), "sections[0].name"),
        (_section(colour="red"), "sections[0].colour"),
        (
            _section(ticket_types=[{"ticket_type": "Nobody", "allocated_capacity": 1}]),
            "ticket_types[0].ticket_type",
        ),
        (
            _section(ticket_types=[{"ticket_type": "vip", "allocated_capacity": 11}]),
            "sections[0].ticket_types",
        ),
        (_section(legacy_sections=["A", " a "]), "legacy_sections[1]"),
    ],
)
def test_a_bad_file_is_refused_by_the_path_of_the_item(
    seed: MigrationRun, tmp_path: Path, said: dict[str, Any], item: str
) -> None:
    with pytest.raises(UsageError) as refused:
        decisions.apply_file(seed, _file(tmp_path, said), "test")
    assert item in refused.value.english
    assert item in refused.value.persian
    seed.refresh_from_db()
    assert seed.decisions == {}


def _file(folder: Path, said: dict[str, Any]) -> Path:
    path = folder / "decisions.json"
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path
