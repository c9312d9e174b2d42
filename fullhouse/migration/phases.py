"""The states of a takeover and the only code that changes them.

A change is a compare-and-set on the run's row together with a chained event row, in one
transaction, and only for the runner whose epoch the row carries. Nothing else writes `state`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models.functions import Now
from django.utils import timezone

from fullhouse.migration.exit_codes import BusyError, RefusedError
from fullhouse.migration.models import MigrationRun, RunEvent

State = MigrationRun.State

#: Every allowed change of state, and what brings it about. What is not here is refused.
TRANSITIONS: Final[dict[State, dict[State, str]]] = {
    State.NEW: {
        State.BACKED_UP: "backup: written, restored beside it and found equal",
        State.ROLLED_BACK: "rollback: nothing was made yet",
    },
    State.BACKED_UP: {
        State.BACKED_UP: "backup: again, because the legacy data changed or was asked for",
        State.PLANNED: "plan: every unit and every contradiction is on record",
        State.ROLLED_BACK: "rollback: nothing was made yet",
    },
    State.PLANNED: {
        State.BACKED_UP: "backup: again; the plan made before it no longer counts",
        State.PLANNED: "plan: again, after decisions or another --split",
        State.EXPANDED: "expand: capture is in place (a source that is written to meanwhile)",
        State.BACKFILLING: "backfill: a source that stands still needs no expansion",
        State.ROLLED_BACK: "rollback: nothing was made yet",
    },
    State.EXPANDED: {
        State.BACKFILLING: "backfill: the first batch may begin",
        State.ROLLED_BACK: "rollback: capture is taken away",
    },
    State.BACKFILLING: {
        State.PAUSED: "pause: asked for by the operator",
        State.BACKFILLED: "backfill: every unit is done",
        State.ROLLED_BACK: "rollback: what was made is removed",
    },
    State.PAUSED: {
        State.BACKFILLING: "resume: asked for by the operator",
        State.ROLLED_BACK: "rollback: what was made is removed",
    },
    State.BACKFILLED: {
        State.VALIDATED: "validate: both sides are equal",
        State.ROLLED_BACK: "rollback: what was made is removed",
    },
    State.VALIDATED: {
        State.VALIDATED: "validate: again, and still equal",
        State.BACKFILLED: "validate: again, and no longer equal",
        State.CUT_OVER: "cutover: the new side is the one writer",
        State.ROLLED_BACK: "rollback: what was made is removed",
    },
    State.CUT_OVER: {
        State.CONTRACTED: "contract: the legacy tables went into the archive",
        State.ROLLED_BACK: "rollback: the legacy side is the one writer again",
    },
    State.CONTRACTED: {
        State.ROLLED_BACK: "rollback: out of the archive, possible until purge",
    },
    State.ROLLED_BACK: {},
}


def transition(
    run: MigrationRun,
    to: State,
    *,
    phase: str,
    actor: str = "",
    detail: dict[str, Any] | None = None,
    using: str = DEFAULT_DB_ALIAS,
    **changes: Any,
) -> RunEvent:
    """Move `run` to `to`, write `changes` of its other columns and an event, all or nothing.

    Raises RefusedError if the table above has no such step, BusyError if the row no longer has
    the state and epoch that `run` was read with. Locks the run's row.
    """
    was = State(run.state)
    if to not in TRANSITIONS[was]:
        raise _not_allowed(run, was, to)
    with transaction.atomic(using=using, durable=False):
        moved = (
            MigrationRun.objects.using(using)
            .filter(pk=run.pk, state=was, epoch=run.epoch)
            .update(state=to, updated_at=Now(), **changes)
        )
        if not moved:
            raise _lost(run)
        event = _append(run, phase, was, to, actor, detail or {}, using)
    run.state = to
    for name, value in changes.items():
        setattr(run, name, value)
    return event


def record(
    run: MigrationRun,
    *,
    phase: str,
    actor: str = "",
    detail: dict[str, Any] | None = None,
    using: str = DEFAULT_DB_ALIAS,
    **changes: Any,
) -> RunEvent:
    """Append an event that changes no state (a decision, a failed comparison), and `changes`.

    Raises BusyError like `transition`. Locks the run's row.
    """
    state = State(run.state)
    with transaction.atomic(using=using):
        rows = MigrationRun.objects.using(using).filter(pk=run.pk, state=state, epoch=run.epoch)
        if not rows.update(updated_at=Now(), **changes):
            raise _lost(run)
        event = _append(run, phase, state, state, actor, detail or {}, using)
    for name, value in changes.items():
        setattr(run, name, value)
    return event


def broken_link(run: MigrationRun, *, using: str = DEFAULT_DB_ALIAS) -> RunEvent | None:
    """Return the first event whose `sha` does not follow from it and the one before, if any."""
    before = ""
    for event in RunEvent.objects.using(using).filter(run=run).order_by("id"):
        if event.sha != _sha(event, before):
            return event
        before = event.sha
    return None


def _append(
    run: MigrationRun,
    phase: str,
    was: State,
    to: State,
    actor: str,
    detail: dict[str, Any],
    using: str,
) -> RunEvent:
    # The run's row is locked by the caller's UPDATE, so this reads the last link for certain.
    last = RunEvent.objects.using(using).filter(run=run).order_by("-id").first()
    event = RunEvent(
        run=run,
        at=timezone.now(),
        phase=phase,
        from_state=was.value,
        to_state=to.value,
        actor=actor,
        detail=detail,
    )
    event.sha = _sha(event, last.sha if last else "")
    event.save(using=using, force_insert=True)
    return event


def _sha(event: RunEvent, before: str) -> str:
    said = {
        "run": str(event.run_id),
        "at": event.at.isoformat(),
        "phase": event.phase,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor,
        "detail": event.detail,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _not_allowed(run: MigrationRun, was: State, to: State) -> RefusedError:
    ways = ", ".join(state.value for state in TRANSITIONS[was]) or "nothing"
    return RefusedError(
        f"The takeover of {run.legacy_schema!r} is {was.value!r}: from there it cannot become "
        f"{to.value!r} (only {ways}). See `fullhouse capacity_migration status`.",
        f"جابه‌جایی شِمای {run.legacy_schema!r} در وضعیت {was.value!r} است و از آنجا"
        f" {to.value!r} نمی‌شود. `fullhouse capacity_migration status` را ببینید.",
        state=was.value,
        wanted=to.value,
    )


def _lost(run: MigrationRun) -> BusyError:
    return BusyError(
        f"Another runner took over the takeover of {run.legacy_schema!r}; this one stopped and"
        " changed nothing more. See `fullhouse capacity_migration status`.",
        f"اجرای دیگری جابه‌جایی شِمای {run.legacy_schema!r} را در دست گرفت و این یکی ایستاد."
        " `fullhouse capacity_migration status` را ببینید.",
    )
