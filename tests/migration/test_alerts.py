"""What others hear of a takeover: alarms on stderr, and events that a command gets on stdin."""

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from fullhouse.events.models import Movement
from fullhouse.migration import run as whole_run
from fullhouse.migration.alerts.hook import Hook, words
from fullhouse.migration.alerts.stall import Progressing
from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.models import MigrationRun

from .shell import execute, legacy_schema, start_takeover, takeover

FIELDS = ["at", "event", "run", "phase", "exit_code", "reason", "next_step"]
WAIT_SECONDS = 60
KEEP = """
import pathlib, sys
with pathlib.Path(sys.argv[1]).open("a") as log:
    log.write(sys.stdin.read())
"""


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with legacy_schema(seats=120, seed=7) as name:
        yield name
        takeover("rollback", name)


class Listener:
    """A command that keeps what it is told in a file."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "told, in full.jsonl"
        script = folder / "keep.py"
        script.write_text(KEEP, encoding="utf-8")
        self.command = shlex.join([sys.executable, str(script), str(self._log)])

    @property
    def heard(self) -> list[dict[str, Any]]:
        text = self._log.read_text(encoding="utf-8") if self._log.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    @property
    def names(self) -> list[str]:
        return [f"{one['event']} {one['phase']}" for one in self.heard]


@pytest.fixture
def listener(tmp_path: Path) -> Listener:
    return Listener(tmp_path)


def alarms(stderr: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stderr.splitlines() if line.startswith('{"at"')]


def test_a_command_hears_each_phase_and_stderr_stays_calm(
    schema: str, tmp_path: Path, listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    ended = takeover(
        "run", schema, "--yes", "--backup-dir", tmp_path, "--on-event", listener.command
    )
    assert ended.code == 0, ended.message
    phases = ("backup", "plan", "backfill", "validate")
    assert listener.names == [
        f"phase_{what} {phase}" for phase in phases for what in ("started", "finished")
    ]
    run = MigrationRun.objects.get(legacy_schema=schema)
    for one in listener.heard:
        assert list(one) == FIELDS
        assert (one["run"], one["exit_code"], one["reason"]) == (str(run.pk), None, None)
    assert alarms(capfd.readouterr().err) == []


def test_the_setting_is_used_where_no_option_is_given(
    schema: str, tmp_path: Path, listener: Listener, settings: Any
) -> None:
    settings.FULLHOUSE_ON_EVENT = listener.command
    assert takeover("backup", schema, "--backup-dir", tmp_path).code == 0
    assert takeover("plan", schema, "--backup-dir", tmp_path, "--on-event", "").code == 0
    assert listener.names == ["phase_started backup", "phase_finished backup"]


def test_a_bad_end_is_one_line_with_the_code_that_the_command_ends_with(
    db_committed: None, tmp_path: Path, listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    with legacy_schema(seats=120, dirty=0.6, seed=5) as schema:
        ended = takeover("run", schema, "--backup-dir", tmp_path, "--on-event", listener.command)
        (alarm,) = alarms(capfd.readouterr().err)
        assert (ended.code, alarm["event"], alarm["exit_code"]) == (7, "failed", 7)
        assert alarm["phase"] == "run"
        assert "questions are open" in alarm["reason"]["en"]
        assert "پرسش" in alarm["reason"]["fa"]
        assert alarm["next_step"]["command"].startswith("fullhouse capacity_migration run ")
        assert listener.heard[-1] == alarm
        takeover("rollback", schema)


def test_a_failing_phase_is_named(
    schema: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder", encoding="utf-8")
    ended = takeover("run", schema, "--yes", "--backup-dir", nowhere)
    (alarm,) = alarms(capfd.readouterr().err)
    assert ended.code == alarm["exit_code"] != 0
    assert (alarm["event"], alarm["phase"]) == ("failed", "backup")


def test_a_bug_is_told_too(
    schema: str,
    tmp_path: Path,
    listener: Listener,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_given: object) -> None:
        raise ZeroDivisionError("a seat was divided")

    monkeypatch.setattr(whole_run, "plan", broken)
    with pytest.raises(ZeroDivisionError):
        takeover("plan", schema, "--on-event", listener.command)
    (alarm,) = alarms(capfd.readouterr().err)
    assert (alarm["exit_code"], alarm["run"]) == (1, None)
    assert "a seat was divided" in alarm["reason"]["en"]
    assert listener.heard == [alarm]


def test_sides_that_differ_are_a_validation_mismatch(
    schema: str, tmp_path: Path, listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    assert takeover("run", schema, "--yes", "--backup-dir", tmp_path).code == 0
    execute("UPDATE {}.events_seat SET status = 'sold' WHERE status = 'available'", schema)
    assert takeover("validate", schema, "--on-event", listener.command).code == 4
    (alarm,) = alarms(capfd.readouterr().err)
    assert (alarm["event"], alarm["phase"], alarm["exit_code"]) == (
        "validation_mismatch",
        "validate",
        4,
    )
    assert "rollback" in alarm["next_step"]["command"]
    assert listener.heard[-1] == alarm


def test_over_and_back_are_told_once(schema: str, tmp_path: Path, listener: Listener) -> None:
    kept = ("--backup-dir", tmp_path, "--backup-form", "copy", "--on-event", listener.command)
    over = takeover("run", schema, "--live", "--cutover", "--yes", *kept)
    assert over.code == 0, over.message
    assert takeover("run", schema, "--live", "--cutover", "--yes", *kept).code == 0
    assert takeover("rollback", schema, "--on-event", listener.command).code == 0
    assert takeover("rollback", schema, "--on-event", listener.command).code == 0
    moves = [one for one in listener.heard if one["event"] in ("cut_over", "rolled_back")]
    assert [one["event"] for one in moves] == ["cut_over", "rolled_back"]
    assert "sync --follow" in moves[0]["next_step"]["command"]


def test_looking_wakes_nobody(
    schema: str, listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    assert takeover("status", schema, "--on-event", listener.command).code == 0
    assert (listener.heard, alarms(capfd.readouterr().err)) == ([], [])


@pytest.mark.parametrize(
    "script", ["import sys; sys.exit('no pager')", "import time; time.sleep(600)", None]
)
def test_a_command_that_fails_changes_nothing_and_is_said(
    schema: str,
    tmp_path: Path,
    script: str | None,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(Hook.__init__.__kwdefaults__, "limit_seconds", 0.5)
    command = shlex.join([sys.executable, "-c", script]) if script else str(tmp_path / "missing")
    ended = takeover("backup", schema, "--json", "--backup-dir", tmp_path, "--on-event", command)
    assert (ended.code, ended.json["state"]) == (0, "backed_up")
    said = " ".join(capfd.readouterr().err.split())
    assert "The takeover is not touched by that." in said
    assert "اثری ندارد" in said


def test_words_are_split_as_a_shell_would_and_no_shell_reads_them(tmp_path: Path) -> None:
    assert words("page --to 'night shift' $HOME;ls") == ["page", "--to", "night shift", "$HOME;ls"]
    assert words("  ") == []
    with pytest.raises(UsageError, match="cannot be read"):
        words("page 'night")


def test_a_command_that_cannot_be_read_is_usage(schema: str) -> None:
    assert takeover("plan", schema, "--on-event", "page 'night").code == 2
    assert takeover("plan", schema, "--stall-seconds", "-1").code == 2


def test_a_phase_that_reports_but_finishes_nothing_rests_and_is_told_once() -> None:
    now = [0.0]
    seen = Progressing(10, clock=lambda: now[0])
    for second in range(1, 10):
        now[0] = second
        seen.take(0, 0)
        assert seen.stall() is None
    now[0] = 10.0
    seen.take(0, 0)
    assert [seen.stall(), seen.stall()] == ["rests", None]
    seen.take(1, 50)
    assert seen.stall() is None
    now[0] = 19.0
    seen.take(1, 50)
    now[0] = 20.0
    assert seen.stall() == "rests"


def test_a_phase_that_is_not_heard_of_hangs() -> None:
    now = [0.0]
    seen = Progressing(10, clock=lambda: now[0])
    now[0] = 9.0
    seen.take(1, 50)
    now[0] = 18.9
    assert seen.stall() is None
    now[0] = 19.0
    assert seen.stall() == "hangs"


def test_a_backfill_that_hangs_behind_a_lock_is_ended_with_5_and_can_go_on(
    schema: str, tmp_path: Path, listener: Listener
) -> None:
    kept = ("--backup-dir", tmp_path, "--stall-seconds", "1")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{Movement._meta.db_table}" IN SHARE MODE')
        first = start_takeover(
            "run", schema, "--live", "--yes", *kept, "--on-event", listener.command
        )
        _, err = first.communicate(timeout=WAIT_SECONDS)
    assert first.returncode == 5, err
    (alarm,) = alarms(err)
    assert (alarm["event"], alarm["phase"], alarm["exit_code"]) == ("stalled", "backfill", 5)
    assert listener.heard[-1] == alarm
    run = MigrationRun.objects.get(legacy_schema=schema)
    assert (run.state, run.lease_holder) == ("backfilling", "")
    assert takeover("run", schema, "--live", "--yes", "--backup-dir", tmp_path).code == 0


def test_a_backfill_that_rests_is_told_with_the_reason_and_goes_on(
    schema: str, tmp_path: Path, listener: Listener, conninfo: str
) -> None:
    import psycopg

    assert takeover("expand", schema, "--yes", "--backup-dir", tmp_path).code == 0
    limits = ("--max-transaction-age", "0.1", "--stall-seconds", "1")
    with psycopg.connect(conninfo) as other:
        other.execute("SELECT 1")
        first = start_takeover("backfill", schema, *limits, "--on-event", listener.command)
        assert first.stderr is not None
        said = ""
        for said in first.stderr:
            if said.startswith('{"at"'):
                break
        other.rollback()
        _, err = first.communicate(timeout=WAIT_SECONDS)
    assert first.returncode == 0, err
    alarm = json.loads(said)
    assert (alarm["event"], alarm["exit_code"]) == ("stalled", None)
    assert "a transaction is" in alarm["reason"]["en"]
    assert "تراکنشی" in alarm["reason"]["fa"]
    assert alarm in listener.heard
