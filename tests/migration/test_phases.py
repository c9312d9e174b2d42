"""States change by the table, one step at a time, for one runner, and leave a chained record."""

import uuid

import pytest

from fullhouse.migration.exit_codes import BusyError, RefusedError
from fullhouse.migration.models import MigrationRun, RunEvent
from fullhouse.migration.phases import TRANSITIONS, broken_link, record, transition

from .shell import new_run

State = MigrationRun.State


@pytest.fixture
def run(db_committed: None) -> MigrationRun:
    return new_run(f"old_{uuid.uuid4().hex[:12]}")


def test_every_state_is_in_the_table_and_can_be_left_only_as_it_says() -> None:
    assert set(TRANSITIONS) == set(State)
    assert TRANSITIONS[State.ROLLED_BACK] == {}
    can_roll_back = {state for state, ways in TRANSITIONS.items() if State.ROLLED_BACK in ways}
    assert can_roll_back == set(State) - {State.ROLLED_BACK}
    assert all(reason for ways in TRANSITIONS.values() for reason in ways.values())


def test_a_step_changes_state_columns_and_history_together(run: MigrationRun) -> None:
    transition(
        run,
        State.BACKED_UP,
        phase="backup",
        actor="box office",
        detail={"rows": 3},
        backup_path="/backups/one",
    )
    fresh = MigrationRun.objects.get(pk=run.pk)
    assert (fresh.state, fresh.backup_path) == ("backed_up", "/backups/one")
    event = RunEvent.objects.get(run=run)
    assert (event.from_state, event.to_state) == ("new", "backed_up")
    assert (event.phase, event.actor, event.detail) == ("backup", "box office", {"rows": 3})
    assert broken_link(run) is None


def test_a_step_that_the_table_lacks_is_refused_and_changes_nothing(run: MigrationRun) -> None:
    with pytest.raises(RefusedError, match="'new': from there it cannot become 'validated'"):
        transition(run, State.VALIDATED, phase="validate")
    assert MigrationRun.objects.get(pk=run.pk).state == "new"
    assert not RunEvent.objects.filter(run=run).exists()


def test_of_two_that_make_the_same_step_one_succeeds(run: MigrationRun) -> None:
    other = MigrationRun.objects.get(pk=run.pk)
    transition(run, State.BACKED_UP, phase="backup")
    with pytest.raises(BusyError):
        transition(other, State.BACKED_UP, phase="backup", backup_path="/second")
    fresh = MigrationRun.objects.get(pk=run.pk)
    assert (fresh.state, fresh.backup_path) == ("backed_up", "")
    assert RunEvent.objects.filter(run=run).count() == 1


def test_a_runner_with_an_older_epoch_changes_nothing(run: MigrationRun) -> None:
    MigrationRun.objects.filter(pk=run.pk).update(epoch=7)
    for step in (
        lambda: transition(run, State.BACKED_UP, phase="backup"),
        lambda: record(run, phase="decide", split="equal"),
    ):
        with pytest.raises(BusyError):
            step()
    fresh = MigrationRun.objects.get(pk=run.pk)
    assert (fresh.state, fresh.split) == ("new", "pool")
    assert not RunEvent.objects.filter(run=run).exists()


def test_a_changed_or_lost_event_breaks_the_chain(run: MigrationRun) -> None:
    transition(run, State.BACKED_UP, phase="backup", detail={"نام": "پشتیبان", "rows": 10**15})
    decided = record(run, phase="decide", detail={"accepted_proposals": 4})
    last = transition(run, State.PLANNED, phase="plan", detail={"ok": True, "shown": None})
    assert broken_link(run) is None
    RunEvent.objects.filter(pk=decided.pk).update(detail={"accepted_proposals": 5})
    assert broken_link(run) == decided
    RunEvent.objects.filter(pk=decided.pk).delete()
    assert broken_link(run) == last
