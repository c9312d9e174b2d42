"""The report of a run as JSON values, read from what the run left on record.

The names of the keys are stable; `format` changes when they do.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS

from fullhouse.migration.live.numbers import numbers
from fullhouse.migration.models import Anomaly, MigrationRun, MigrationUnit, RunEvent
from fullhouse.migration.phases import broken_link
from fullhouse.migration.report.next_step import next_step

FORMAT: Final = "fullhouse-takeover-report-1"
State = MigrationRun.State
_COMPARABLE: Final = (State.BACKFILLED, State.VALIDATED, State.CUT_OVER, State.CONTRACTED)


def build_report(
    run: MigrationRun, *, using: str = DEFAULT_DB_ALIAS, source: str = ""
) -> dict[str, Any]:
    """Return everything known of a run, its units and anomalies in full.

    `source`: how the operator named the source, for the commands that are proposed.
    """
    plan = run.plan if isinstance(run.plan, dict) else {}
    anomalies = list(Anomaly.objects.using(using).filter(run=run))
    return summary(run, using=using, source=source) | {
        "totals": plan.get("totals", {}),
        "units": plan.get("units", []),
        "anomalies": {
            "total": len(anomalies),
            "open": sum(_is_open(one) for one in anomalies),
            "kinds": _kinds(anomalies),
            "items": [_item(one) for one in anomalies],
        },
    }


def summary(
    run: MigrationRun, *, using: str = DEFAULT_DB_ALIAS, source: str = ""
) -> dict[str, Any]:
    """Return state, progress, history and hashes of a run, without its units and anomalies."""
    events = list(RunEvent.objects.using(using).filter(run=run).order_by("id"))
    units = MigrationUnit.objects.using(using).filter(run=run)
    failed = units.exclude(error="").values_list("performance_id", "error")
    broken = broken_link(run, using=using)
    return {
        "format": FORMAT,
        "run": str(run.pk),
        "source": run.source,
        "schema": run.legacy_schema,
        "state": str(run.state),
        "split": run.split,
        "plan_sha": run.plan_sha,
        "created_at": run.created_at.isoformat(),
        "next_step": next_step(run, source=source, using=using),
        "progress": {
            "units": units.count(),
            "units_done": units.filter(done_at__isnull=False, error="").count(),
            "failed": [{"performance": str(unit), "error": said} for unit, said in failed],
        },
        "lease": {
            "holder": run.lease_holder,
            "until": run.lease_until.isoformat() if run.lease_until else None,
            "epoch": run.epoch,
        },
        "backup": _backup(run, events),
        "validation": _validation(run, events),
        "milliseconds": _durations(events),
        "live": numbers(run, using=using),
        "events": [_event(one) for one in events],
        "history_intact": broken is None,
    }


def _backup(run: MigrationRun, events: list[RunEvent]) -> dict[str, Any] | None:
    made = _last(events, "backup")
    if made is None:
        return None
    return made | {"checksums": run.legacy_hashes}


def _validation(run: MigrationRun, events: list[RunEvent]) -> dict[str, Any] | None:
    """Return the last comparison of what is there, with the differences it named."""
    if run.state not in _COMPARABLE:
        return None
    compared = _last(events, "validate")
    kept = run.report if isinstance(run.report, dict) else {}
    return None if compared is None else compared | {"mismatches": kept.get("mismatches", [])}


def _last(events: list[RunEvent], phase: str) -> dict[str, Any] | None:
    found = [event for event in events if event.phase == phase]
    return {"at": found[-1].at.isoformat(), **found[-1].detail} if found else None


def _durations(events: list[RunEvent]) -> dict[str, int]:
    spent: Counter[str] = Counter()
    for event in events:
        spent[event.phase] += int(event.detail.get("milliseconds", 0))
    return {phase: time for phase, time in spent.items() if time}


def _event(event: RunEvent) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(),
        "phase": event.phase,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor,
        "detail": event.detail,
        "sha256": event.sha,
    }


def _is_open(anomaly: Anomaly) -> bool:
    return not anomaly.decision and anomaly.policy != Anomaly.Policy.APPLY


def _kinds(anomalies: list[Anomaly]) -> list[dict[str, Any]]:
    """Return one entry a kind, the most frequent first."""
    found: dict[str, list[Anomaly]] = {}
    for one in anomalies:
        found.setdefault(one.kind, []).append(one)
    kinds = [
        {
            "kind": kind,
            "anomalies": len(of_kind),
            "rows": sum(one.count for one in of_kind),
            "open": sum(_is_open(one) for one in of_kind),
            "policies": _counted(one.policy for one in of_kind),
            "proposals": _counted(one.proposal for one in of_kind),
            "decisions": _counted(one.decision for one in of_kind if one.decision),
        }
        for kind, of_kind in found.items()
    ]
    return sorted(kinds, key=lambda kind: (-int(str(kind["rows"])), str(kind["kind"])))


def _counted(values: Any) -> dict[str, int]:
    return dict(Counter(str(value) for value in values).most_common())


def _item(one: Anomaly) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "performance": str(one.performance_id) if one.performance_id else None,
        "subject": one.subject,
        "count": one.count,
        "rows": one.rows,
        "evidence": one.evidence,
        "policy": str(one.policy),
        "proposal": one.proposal,
        "decision": one.decision,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "open": _is_open(one),
    }
