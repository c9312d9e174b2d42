"""Expand, backfill, pause, resume and sync as an operator asks for them, state by state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Value
from django.db.models.functions import Now

from fullhouse.migration.exit_codes import RefusedError, UndecidedError
from fullhouse.migration.live import batch_size, capture, commands, numbers, steps
from fullhouse.migration.models import MigrationRun, RunEvent
from fullhouse.migration.progress import Progress, Silence
from fullhouse.migration.remove import remove
from fullhouse.migration.runs import Order

from ..shell import execute, legacy_schema, takeover


class Asking(Silence):
    """A watcher that does something once, when a number of units is done; it keeps what is said."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.said: list[str] = []
        self.pause_after: int | None = None

    @contextmanager
    def phase(self, name: str) -> Iterator[Progress]:
        def progress(done: int, total: int, rows: int) -> None:
            if name == "backfill" and self.pause_after is not None and done >= self.pause_after:
                self.pause_after = None
                commands.pause(self.order, Silence())

        yield progress

    def say(self, english: str, persian: str) -> None:
        assert persian
        self.said.append(english)


@pytest.fixture
def order(db_committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Order]:
    monkeypatch.setattr(batch_size, "MOST_UNITS", 2)
    with legacy_schema(seats=400, dirty=0.3, seed=8) as schema:
        yield Order("events", schema, yes=True, backup_dir=tmp_path)
        run = MigrationRun.objects.filter(legacy_schema=schema).first()
        if run is not None:
            steps.take_away(run, using="default")
            remove(run)
            run.delete()


def phases_of(run: MigrationRun) -> list[str]:
    return list(RunEvent.objects.filter(run=run).order_by("id").values_list("phase", flat=True))


def sell_one(order: Order) -> None:
    execute(
        "UPDATE {0}.events_seat SET status = 'sold' WHERE id = (SELECT id FROM {0}.events_seat"
        " WHERE status = 'available' AND is_active ORDER BY id LIMIT 1)",
        order.schema,
    )


def test_open_questions_keep_everything_off_the_legacy_tables(order: Order) -> None:
    with pytest.raises(UndecidedError):
        commands.expand(Order("events", order.schema, backup_dir=order.backup_dir), Silence())
    run = MigrationRun.objects.get(legacy_schema=order.schema)
    assert (run.state, capture.installed(run, using="default")) == ("planned", [])


def test_a_pause_stops_after_a_batch_and_resume_goes_on(order: Order) -> None:
    watcher = Asking(order)
    run = commands.expand(order, watcher)
    assert run.state == "expanded"
    watcher.pause_after = 2
    run = commands.backfill(order, watcher)
    assert run.state == "paused"
    assert "resume" in watcher.said[-1]
    done = run.units.filter(done_at__isnull=False).count()
    assert 0 < done < run.units.count()
    sell_one(order)
    assert commands.sync(order, watcher).state == "paused"
    assert commands.pause(order, watcher).state == "paused"
    run = commands.resume(order, watcher)
    assert (run.state, run.paused_at) == ("backfilled", None)
    assert not run.units.filter(done_at__isnull=True).exists()
    assert phases_of(run)[-5:] == ["backfill", "pause", "sync", "resume", "backfill"]


def test_a_run_that_nobody_works_on_is_paused_at_once(order: Order) -> None:
    run = commands.expand(order, Silence())
    MigrationRun.objects.filter(pk=run.pk).update(state="backfilling")
    assert commands.pause(order, Silence()).state == "paused"


def test_a_living_runner_is_only_asked(order: Order) -> None:
    watcher = Asking(order)
    run = commands.expand(order, watcher)
    MigrationRun.objects.filter(pk=run.pk).update(
        state="backfilling",
        lease_holder="box office",
        lease_until=Now() + Value(timedelta(minutes=1)),
    )
    run = commands.pause(order, watcher)
    assert (run.state, run.paused_at is not None) == ("backfilling", True)
    assert "box office stops after its batch" in watcher.said[-1]


def test_run_live_goes_from_backup_to_validated_and_again(order: Order) -> None:
    run = commands.run_live(order, Silence())
    assert run.state == "validated"
    assert numbers.is_live(run)
    sell_one(order)
    run = commands.run_live(order, Silence())
    assert run.state == "validated"
    assert run.live["outbox"] == 0
    assert set(run.live) >= {"tables", "rows_per_second", "batch_ms", "throttle", "eta_seconds"}


def test_a_takeover_of_a_still_source_is_not_gone_on_with(order: Order) -> None:
    MigrationRun.objects.create(
        source="events", legacy_schema=order.schema, state=MigrationRun.State.BACKFILLING
    )
    for command in (commands.run_live, commands.backfill, commands.sync, commands.pause):
        with pytest.raises(RefusedError):
            command(order, Silence())


def test_capture_that_somebody_took_away_is_noticed(order: Order) -> None:
    run = commands.expand(order, Silence())
    capture.remove(run, using="default")
    for command in (commands.run_live, commands.backfill, commands.sync):
        with pytest.raises(RefusedError, match="Capture is no longer"):
            command(order, Silence())


def test_a_runner_that_died_while_it_expanded_leaves_nothing_after_rollback(order: Order) -> None:
    run = commands.expand(order, Silence())
    MigrationRun.objects.filter(pk=run.pk).update(state="planned", live={})
    assert capture.installed(run, using="default") != []
    assert takeover("rollback", order.schema).code == 0
    assert capture.installed(run, using="default") == []


def test_the_command_line_goes_the_live_way_and_back(order: Order) -> None:
    words = ("--backup-dir", order.backup_dir, "--json")
    said = takeover("run", order.schema, "--live", "--yes", "--nice", "0.1", *words).json
    assert (said["exit_code"], said["state"]) == (0, "validated")
    assert said["live"]["outbox"] == 0
    assert "--schema" in said["next_step"]["command"]
    sell_one(order)
    assert takeover("status", order.schema, "--json").json["live"]["outbox"] == 1
    assert "outbox 1" in takeover("status", order.schema).out
    assert takeover("sync", order.schema, "--json").json["live"]["outbox"] == 0
    assert takeover("validate", order.schema, "--json").json["state"] == "validated"
    assert takeover("run", order.schema, "--yes", "--json").json["state"] == "validated"
    assert takeover("status", order.schema, "--watch").code == 0
    assert takeover("run", order.schema, "--live", "--again").code == 2
    assert takeover("backfill", order.schema, "--nice", "-1").code == 2
    assert takeover("pause", order.schema).code == 3
    said = takeover("rollback", order.schema, "--json").json
    assert (said["exit_code"], said["state"]) == (0, "rolled_back")
    left = execute(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'fullhouse%%'"
        " UNION ALL SELECT relname FROM pg_class WHERE relname LIKE 'fullhouse_capture%%'"
        " UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'fullhouse_capture%%'",
        order.schema,
    )
    assert left == []


def test_workers_are_for_what_is_divided_and_the_backfill_is_one(order: Order) -> None:
    ended = takeover("run", order.schema, "--live", "--cutover", "--workers", 3, "--yes", "--json")
    assert (ended.code, ended.json["state"]) == (0, "cut_over")
    assert takeover("rollback", order.schema, "--json").json["state"] == "rolled_back"
