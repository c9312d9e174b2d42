"""What was decided about contradictions, and by whom: proposals accepted, files applied.

Decisions are kept with the run; a new plan finds them again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from fullhouse.migration.decision_file import read_file
from fullhouse.migration.models import Anomaly, MigrationRun
from fullhouse.migration.session import opened
from fullhouse.migration.source import Source


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
