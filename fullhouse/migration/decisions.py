"""What was decided about contradictions, and by whom: proposals accepted, files applied.

Decisions are kept with the run; a new plan finds them again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from fullhouse.migration.decision_file import read_file
from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.kinds import KINDS
from fullhouse.migration.models import Anomaly, MigrationRun
from fullhouse.migration.session import opened
from fullhouse.migration.source import Source

State = MigrationRun.State
#: Until its plan is carried out, a run's questions can be answered.
_UNDECIDED: Final = (State.NEW, State.BACKED_UP, State.PLANNED)


def accept_proposals(run: MigrationRun, by: str, *, using: str = "default") -> int:
    """Take the proposal of every open question; return how many there were."""
    questions = Anomaly.objects.using(using).filter(run=run, decision="")
    return questions.update(decision=F("proposal"), decided_by=by[:100], decided_at=Now())


def apply_file(
    run: MigrationRun,
    path: Path | str,
    by: str,
    *,
    using: str = "default",
    source: Source | None = None,
) -> int:
    """Keep the decisions of a JSON file with the run and answer what it answers; return how many.

    Performances laid down and the split take effect with the next plan. Raises UsageError that
    names the file and the bad item; then nothing was changed.
    """
    with opened(run, using=using, source=source) as session, transaction.atomic(using=using):
        said = read_file(Path(path), session)
    kept: dict[str, Any] = dict(run.decisions)
    kept["performances"] = {**kept.get("performances", {}), **said.performances}
    kept["decisions"] = [*kept.get("decisions", []), *({**one, "by": by} for one in said.answers)]
    changes: dict[str, Any] = {"decisions": kept}
    if said.split is not None:
        changes["split"] = said.split
    with transaction.atomic(using=using):
        MigrationRun.objects.using(using).filter(pk=run.pk).update(**changes, updated_at=Now())
        for name, value in changes.items():
            setattr(run, name, value)
        return apply_kept(run, using=using)


def decide(
    run: MigrationRun, *, kind: str, performance: UUID | None, by: str, using: str = "default"
) -> int:
    """Accept the proposal of a kind, in one performance or in all; return how many it answered.

    Kept with the run, so that a new plan finds it again. Raises UsageError if no such question is
    open or the plan is already being carried out. Locks the run's row.
    """
    with transaction.atomic(using=using):
        row = MigrationRun.objects.using(using).select_for_update().get(pk=run.pk)
        if row.state not in _UNDECIDED or kind not in KINDS:
            raise _nothing_to_decide(row, kind)
        answer = {"kind": kind, "decision": KINDS[kind].proposal, "by": by[:100]}
        if performance is not None:
            answer["performance"] = str(performance)
        kept = {**row.decisions, "decisions": [*row.decisions.get("decisions", []), answer]}
        MigrationRun.objects.using(using).filter(pk=row.pk).update(decisions=kept, updated_at=Now())
        row.decisions = run.decisions = kept
        answered = apply_kept(row, using=using)
        if not answered:
            raise _nothing_to_decide(row, kind)
        return answered


def _nothing_to_decide(run: MigrationRun, kind: str) -> UsageError:
    return UsageError(
        f"No question of the kind {kind!r} is open in the takeover of {run.legacy_schema!r}, which "
        f"is {run.state!r}. Look at its contradictions again.",
        f"در جابه‌جایی {run.legacy_schema!r} با وضعیت {run.state!r} پرسشی از گونهٔ {kind!r} باز نیست."
        " ناسازگاری‌ها را دوباره ببینید.",
        kind=kind,
    )


def apply_kept(run: MigrationRun, *, using: str) -> int:
    """Answer the open questions that the run's kept decisions answer; the last one counts."""
    answered = 0
    for one in reversed(run.decisions.get("decisions", [])):
        questions = Anomaly.objects.using(using).filter(run=run, kind=one["kind"], decision="")
        if one.get("performance"):
            questions = questions.filter(performance_id=one["performance"])
        answered += questions.update(
            decision=one["decision"], decided_by=one["by"][:100], decided_at=Now()
        )
    return answered
