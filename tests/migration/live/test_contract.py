"""Contract moves the legacy tables into an archive, typed and backed up; rollback fetches them."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from fullhouse.compat.sides import authority
from fullhouse.migration.exit_codes import RefusedError, UsageError
from fullhouse.migration.live import budget, commands_over, places
from fullhouse.migration.live.commands_over import Over
from fullhouse.migration.models import RunEvent
from fullhouse.migration.runs import State

from .over_scene import Stage, seat, sell, small_house, stage, standing


@pytest.fixture(scope="module")
def evenings() -> list[UUID]:
    return []


@pytest.fixture
def over(
    db_committed: None, evenings: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    monkeypatch.setattr(budget, "ATTEMPTS", 2)
    made, keys = small_house()
    evenings[:] = keys
    with stage(made) as one:
        one.take_over()
        one.cut_over()
        yield one


def tables_in(one: Stage, schema: str) -> set[str]:
    rows = one.do("SELECT tablename::text FROM pg_tables WHERE schemaname = %s", schema)
    return {name for (name,) in rows}


def test_the_tables_go_into_the_archive_with_a_proved_backup(over: Stage) -> None:
    before = tables_in(over, over.schema)
    run = over.contract()
    assert run.state == State.CONTRACTED
    assert authority(over.schema) == "fullhouse"
    archive = tables_in(over, places.archive_schema(run))
    assert "events_seat" in archive
    # What the source does not read stays where it is.
    assert tables_in(over, over.schema) == before - archive == {"events_eventcategory"}
    event = RunEvent.objects.filter(run=run, phase="contract").latest("id")
    assert (Path(event.detail["backup"]) / "manifest.json").is_file()


def test_sales_go_on_being_written_into_the_archive(over: Stage, evenings: list[UUID]) -> None:
    free = over.seats(evenings[0])[4]
    run = over.contract()
    sold = sell(evenings[0], seat(free))
    assert over.follow().units == 1
    query = "SELECT status FROM {}.events_eventbooking WHERE id = %s"
    assert over.do(query, sold, at=places.archive_schema(run)) == [("confirmed",)]


def test_rollback_fetches_the_tables_back_with_every_sale(
    over: Stage, evenings: list[UUID]
) -> None:
    before = tables_in(over, over.schema)
    free = over.seats(evenings[0])[4]
    run = over.contract()
    sold = sell(evenings[0], seat(free))
    was = standing(evenings)
    assert over.roll_back().state == State.ROLLED_BACK
    assert tables_in(over, over.schema) == before
    assert not over.do("SELECT 1 FROM pg_namespace WHERE nspname = %s", places.archive_schema(run))
    assert over.booking(sold)["status"] == "confirmed"
    over.take_over()
    assert standing(evenings) == was


def test_the_plan_must_be_typed(over: Stage) -> None:
    with pytest.raises(UsageError, match=f"--plan-sha {over.run.plan_sha}"):
        commands_over.contract_run(over.order, over.heard, Over())
    assert over.run.state == State.CUT_OVER


def test_only_what_is_cut_over_is_contracted(over: Stage) -> None:
    over.contract()
    with pytest.raises(RefusedError, match="'contracted'"):
        over.contract()
