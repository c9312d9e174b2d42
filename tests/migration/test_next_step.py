"""What is proposed after the cut-over, and how the source is named in it."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullhouse.migration.exit_codes import ExitCode
from fullhouse.migration.models import MigrationRun, RunEvent
from fullhouse.migration.report.next_step import after, next_step
from fullhouse.migration.runs import Order
from fullhouse.migration.source.load import PRESETS

from .shell import legacy_schema, takeover

State = MigrationRun.State
pytestmark = pytest.mark.usefixtures("db_committed")


@pytest.fixture
def schema() -> Iterator[str]:
    with legacy_schema(seats=120, seed=9) as name:
        yield name


def made(state: State) -> MigrationRun:
    return MigrationRun(source="events", legacy_schema="old", state=state, plan_sha="ab12")


def commands(run: MigrationRun) -> list[str]:
    step = next_step(run)
    said = [step["command"], *(other["command"] for other in step["others"])]
    return [command.removeprefix("fullhouse capacity_migration ") for command in said]


def test_after_the_cut_over_the_ways_are_to_watch_contract_and_go_back() -> None:
    where = "--source events --schema old"
    assert commands(made(State.CUT_OVER)) == [
        f"sync --follow {where}",
        f"status {where}",
        f"contract --plan-sha ab12 {where}",
        f"rollback {where}",
    ]


def test_after_contract_the_ways_are_to_purge_and_go_back_and_after_purge_none() -> None:
    run = made(State.CONTRACTED)
    where = "--source events --schema old"
    assert commands(run)[1:] == [
        f"status {where}",
        f"purge --confirm 'purge old' {where}",
        f"rollback {where}",
    ]
    run.save()
    RunEvent.objects.create(run=run, phase="purge", from_state="contracted", to_state="contracted")
    assert commands(run) == [f"status {where}"]
    assert "no way back" in next_step(run)["en"]
    run.delete()


def test_what_is_proposed_can_be_typed(schema: str, tmp_path: Path) -> None:
    """Each proposal, taken as it is written, is what brings the takeover on."""
    kept = ["--backup-dir", str(tmp_path), "--backup-form", "copy"]
    assert takeover("run", schema, "--live", "--cutover", "--yes", *kept).code == 0
    run = MigrationRun.objects.get(legacy_schema=schema)
    for word, state in (("contract", "contracted"), ("rollback", "rolled_back")):
        (command,) = (one for one in commands(run) if one.startswith(word))
        action, *rest = shlex.split(command)
        rest = [one for one in rest if one not in ("--schema", schema)]
        assert takeover(action, schema, *rest, *(kept if word == "contract" else ())).code == 0
        run.refresh_from_db()
        assert run.state == state


def test_a_source_in_a_file_is_named_by_its_path(schema: str, tmp_path: Path) -> None:
    own = tmp_path / "of our own.toml"
    preset = (PRESETS / "events.toml").read_text(encoding="utf-8")
    own.write_text(preset.replace('name = "events"', 'name = "mine"', 1), encoding="utf-8")
    kept = ("--backup-dir", tmp_path, "--source", own)
    planned = takeover("plan", schema, "--json", *kept)
    assert planned.code == 0, planned.message
    said = planned.json["next_step"]["command"]
    assert shlex.split(said)[-4:] == ["--source", str(own), "--schema", schema]
    run = MigrationRun.objects.get(legacy_schema=schema)
    # Pages know no order: the file is on record.
    assert shlex.quote(str(own.resolve())) in next_step(run)["command"]
    assert takeover("rollback", schema, "--source", own).code == 0


def test_after_a_bad_end_the_step_follows_from_the_code() -> None:
    order = Order("events", "old")
    validated = made(State.VALIDATED)
    for code, word in ((ExitCode.MISMATCH, "rollback"), (ExitCode.BUSY, "status")):
        command = after(validated, order, code)["command"]
        assert command == f"fullhouse capacity_migration {word} --source events --schema old"
    assert " run " in after(made(State.BACKFILLING), order, ExitCode.RETRY)["command"]
    assert " status " in after(None, order, ExitCode.USAGE)["command"]
    # After the cut-over nobody is sent back over a failed pass.
    assert "sync --follow" in after(made(State.CUT_OVER), order, ExitCode.MISMATCH)["command"]
