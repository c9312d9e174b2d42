"""The takeover as an operator drives it: stopped, killed, doubled, asked again."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from fullhouse.events.models import EventPerformance, Movement, Seat
from fullhouse.migration.models import Anomaly, MigrationRun, MigrationUnit
from fullhouse.migration.source.load import PRESETS

from .shell import execute, legacy_schema, start_takeover, takeover

WAIT_SECONDS = 60


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with legacy_schema(seats=400, dirty=0.4, seed=5) as name:
        yield name
        takeover("rollback", name)


def run_of(schema: str) -> MigrationRun:
    return MigrationRun.objects.filter(legacy_schema=schema).latest("created_at")


def performances_of(schema: str) -> list[str]:
    return [str(key) for (key,) in execute("SELECT id FROM {}.events_eventperformance", schema)]


@contextmanager
def nobody_writes_movements() -> Iterator[None]:
    """Stop every batch before its end, for the length of the block."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{Movement._meta.db_table}" IN SHARE MODE')
        yield


def wait_until_it_waits() -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    blocked = "pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    query = f"SELECT 1 FROM pg_locks WHERE NOT granted AND {blocked}"
    while not execute(query, "public"):
        assert time.monotonic() < deadline, "the runner never came to the lock"
        time.sleep(0.02)


def test_open_questions_end_with_7_and_make_nothing(schema: str, tmp_path: Path) -> None:
    ended = takeover("run", schema, "--backup-dir", tmp_path, "--html", tmp_path / "plan.html")
    assert ended.code == 7
    assert "Open questions" in ended.out
    assert "--yes" in ended.message
    assert "--decisions FILE" in ended.message
    assert (tmp_path / "plan.html").is_file()
    assert run_of(schema).state == "planned"
    ours = performances_of(schema)
    assert not EventPerformance.objects.filter(pk__in=ours).exists()
    assert not Movement.objects.filter(performance_id__in=ours).exists()
    said = takeover("run", schema, "--json").json
    assert said["exit_code"] == 7
    assert said["anomalies"]["open"] == said["error"]["facts"]["open_questions"] > 0
    # The second call took the plan and the backup that were there.
    assert [event["phase"] for event in said["events"]] == ["backup", "plan"]


def test_run_goes_from_nothing_to_validated(schema: str, tmp_path: Path) -> None:
    ended = takeover("run", schema, "--yes", "--json", "--backup-dir", tmp_path)
    assert ended.code == 0, ended.message
    said = ended.json
    assert said["state"] == "validated"
    assert said["validation"]["ok"]
    assert said["history_intact"]
    assert said["anomalies"]["open"] == 0
    assert all(item["decided_by"] for item in said["anomalies"]["items"] if item["decision"])
    assert said["progress"]["units"] == said["progress"]["units_done"] == len(said["units"]) > 0
    assert Path(said["backup"]["folder"], "manifest.json").is_file()
    steps = [event["to"] for event in said["events"] if event["from"] != event["to"]]
    assert steps == ["backed_up", "planned", "backfilling", "backfilled", "validated"]
    assert said["lease"]["holder"] == ""


def test_run_again_proves_it_again_and_makes_nothing_new(schema: str, tmp_path: Path) -> None:
    first = takeover("run", schema, "--yes", "--json", "--backup-dir", tmp_path).json
    seats = set(Seat.objects.values_list("pk", "status", "allocation_id"))
    again = takeover("run", schema, "--yes", "--json", "--backup-dir", tmp_path)
    assert again.code == 0
    assert again.json["run"] == first["run"]
    hashes = [said["validation"]["projection_sha256"] for said in (first, again.json)]
    assert hashes[0] == hashes[1]
    assert set(Seat.objects.values_list("pk", "status", "allocation_id")) == seats
    assert len(list(tmp_path.glob("*/manifest.json"))) == 1


def test_the_plan_that_was_read_is_the_plan_that_is_run(schema: str, tmp_path: Path) -> None:
    planned = takeover("plan", schema, "--json", "--backup-dir", tmp_path).json
    other = takeover("run", schema, "--yes", "--plan-sha", "0" * 64)
    assert other.code == 3
    assert planned["plan_sha"] in other.message
    assert run_of(schema).state == "planned"
    assert takeover("run", schema, "--yes", "--plan-sha", planned["plan_sha"]).code == 0


def test_another_split_is_another_plan(schema: str, tmp_path: Path) -> None:
    pool = takeover("plan", schema, "--json", "--backup-dir", tmp_path).json["plan_sha"]
    equal = takeover("plan", schema, "--split", "equal", "--json").json["plan_sha"]
    assert pool != equal
    assert takeover("plan", schema, "--split", "pool", "--json").json["plan_sha"] == pool
    assert takeover("run", schema, "--yes").code == 0
    late = takeover("run", schema, "--yes", "--split", "equal")
    assert late.code == 3
    assert "--again" in late.message


@pytest.mark.parametrize("text", ["not json", "[]", '{"nonsense": 1}', "\x00", ""])
def test_a_bad_decisions_file_is_usage(schema: str, tmp_path: Path, text: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(text, encoding="utf-8")
    ended = takeover("run", schema, "--decisions", file, "--backup-dir", tmp_path)
    assert ended.code == 2, ended.message
    assert "answers.json" in ended.message


def test_changed_legacy_data_are_backed_up_again_before_the_takeover(
    schema: str, tmp_path: Path
) -> None:
    takeover("plan", schema, "--backup-dir", tmp_path)
    execute("UPDATE {}.events_seat SET price = price + 1", schema)
    ended = takeover("run", schema, "--yes", "--json", "--backup-dir", tmp_path)
    assert ended.code == 0, ended.message
    phases = [event["phase"] for event in ended.json["events"]]
    assert phases[:4] == ["backup", "plan", "backup", "plan"]


def test_changed_legacy_data_after_the_takeover_are_named(schema: str, tmp_path: Path) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path).code == 0
    execute("UPDATE {}.events_seat SET status = 'sold' WHERE status = 'available'", schema)
    ended = takeover("run", schema, "--yes", "--json")
    assert ended.code == 3
    assert ended.json["error"]["facts"] == {"tables": ["events_seat"]}
    again = takeover("run", schema, "--yes", "--again", "--json", "--backup-dir", tmp_path)
    assert again.code == 0, again.message
    assert MigrationRun.objects.filter(legacy_schema=schema).count() == 2


def test_validate_names_what_differs_and_the_run_is_no_longer_validated(
    schema: str, tmp_path: Path
) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path).code == 0
    assert takeover("validate", schema).code == 0
    execute("UPDATE {}.events_seat SET status = 'sold' WHERE status = 'available'", schema)
    ended = takeover("validate", schema, "--json")
    assert ended.code == 4
    assert ended.json["error"]["facts"]["mismatches"]
    assert ended.json["state"] == "backfilled"
    assert not ended.json["validation"]["ok"]


def test_a_backup_that_was_killed_is_no_backup(schema: str, tmp_path: Path) -> None:
    with transaction.atomic():
        execute("LOCK TABLE {}.events_seat IN ACCESS EXCLUSIVE MODE", schema)
        first = start_takeover("backup", schema, "--backup-dir", tmp_path)
        wait_until_it_waits()
        os.kill(first.pid, signal.SIGKILL)
        first.communicate(timeout=WAIT_SECONDS)
    assert run_of(schema).state == "new"
    assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.glob("*/manifest.json"))
    ended = takeover("backup", schema, "--json", "--backup-dir", tmp_path)
    assert ended.code == 0, ended.message
    assert [str(path.parent) for path in tmp_path.glob("*/manifest.json")] == [
        ended.json["backup"]["folder"]
    ]


def test_two_runners_at_once(schema: str, tmp_path: Path) -> None:
    with nobody_writes_movements():
        first = start_takeover("run", schema, "--yes", "--backup-dir", tmp_path)
        wait_until_it_waits()
        second = start_takeover("run", schema, "--yes", "--json")
        out, err = second.communicate(timeout=WAIT_SECONDS)
        assert second.returncode == 6, err
        assert json.loads(out)["state"] == "backfilling"
        assert str(first.pid) in json.loads(out)["error"]["facts"]["holder"]
    _, err = first.communicate(timeout=WAIT_SECONDS)
    assert first.returncode == 0, err
    assert run_of(schema).state == "validated"


def test_a_runner_that_was_killed_is_continued(schema: str, tmp_path: Path) -> None:
    with nobody_writes_movements():
        first = start_takeover("run", schema, "--yes", "--backup-dir", tmp_path)
        wait_until_it_waits()
        os.kill(first.pid, signal.SIGKILL)
        first.communicate(timeout=WAIT_SECONDS)
    assert run_of(schema).state == "backfilling"
    ended = takeover("run", schema, "--yes", "--json")
    assert ended.code == 0, ended.message
    assert ended.json["state"] == "validated"
    assert ended.json["lease"]["epoch"] == 2
    assert len(list(tmp_path.glob("*/manifest.json"))) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_runner_that_is_stopped_says_how_to_go_on(
    schema: str, tmp_path: Path, number: signal.Signals
) -> None:
    with nobody_writes_movements():
        first = start_takeover("run", schema, "--yes", "--backup-dir", tmp_path)
        wait_until_it_waits()
        os.kill(first.pid, number)
    _, err = first.communicate(timeout=WAIT_SECONDS)
    assert first.returncode == 130, err
    assert "Go on: fullhouse capacity_migration run" in err
    stopped = run_of(schema)
    assert (stopped.state, stopped.lease_holder) == ("backfilling", "")
    assert takeover("run", schema, "--yes").code == 0


def test_a_source_of_ones_own_is_a_file(schema: str, tmp_path: Path) -> None:
    preset = (PRESETS / "events.toml").read_text(encoding="utf-8")
    own = tmp_path / "mine.toml"
    own.write_text(preset.replace('name = "events"', 'name = "mine"', 1), encoding="utf-8")
    ended = takeover("run", schema, "--source", own, "--yes", "--json", "--backup-dir", tmp_path)
    assert (ended.code, ended.json["source"]) == (0, "mine"), ended.message
    assert takeover("validate", schema, "--source", own).code == 0
    assert takeover("rollback", schema, "--source", own).code == 0


def test_decisions_are_kept_with_who_took_them(schema: str, tmp_path: Path) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path).code == 0
    run = run_of(schema)
    decided = Anomaly.objects.filter(run=run).exclude(decision="")
    assert decided.exists()
    assert not decided.filter(decided_by="").exists()
    asked = decided.exclude(policy=Anomaly.Policy.APPLY)
    assert asked.exists()
    assert not asked.filter(decided_at=None).exists()
    assert MigrationUnit.objects.filter(run=run, error="").count() == len(performances_of(schema))
