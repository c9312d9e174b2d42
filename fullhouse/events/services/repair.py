"""Mends what the audit finds, where it is certain, after showing what it would do.

Under it: `repair_v1`. Lines say what is held and sold: no sale is invented and none dropped. What
is not certain is left and named with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fullhouse.events.engine.calls import call
from fullhouse.events.services.audit import Finding
from fullhouse.events.services.outcomes import check_ids, check_texts, granted


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One row that is mended: values before and after. A movement is a new entry of the ledger."""

    rule: str
    table: str
    id: UUID
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Repair:
    """What would be (`done` False) or was mended, and the findings that `left` stay.

    `digest` names this very plan: `repair` takes it, and refuses when the plan is another by then.
    """

    performance_id: UUID
    digest: str
    steps: tuple[RepairStep, ...]
    left: tuple[Finding, ...]
    done: bool


def plan_repair(*, performance_id: UUID, using: str = "default") -> Repair:
    """Return what a repair would do now; nothing moves.

    Takes the locks of `repair` for as long as it looks. Raises Refusal: unknown, over_venue;
    Conflict, EngineFault.
    """
    return _call(performance_id, dry_run=True, digest=None, actor="", reason="", using=using)


def repair(
    *, performance_id: UUID, digest: str, actor: str, reason: str, using: str = "default"
) -> Repair:
    """Do the repair of that digest, all of it or nothing.

    Each step is a movement or a note with actor and reason. Raises Refusal: unknown,
    plan_changed, over_venue; InvalidRequest, Conflict, EngineFault. Locks: the whole performance.
    """
    return _call(
        performance_id, dry_run=False, digest=digest, actor=actor, reason=reason, using=using
    )


def _call(
    performance_id: UUID,
    *,
    dry_run: bool,
    digest: str | None,
    actor: str,
    reason: str,
    using: str,
) -> Repair:
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason)
    facts = granted(
        call(
            "repair_v1",
            performance_id,
            using=using,
            dry_run=dry_run,
            expected=digest,
            actor=actor,
            reason=reason,
        ),
        "would_repair" if dry_run else "repaired",
    )
    steps = tuple(
        RepairStep(one["rule"], one["table"], UUID(one["id"]), one["before"], one["after"])
        for one in facts["steps"]
    )
    left = tuple(
        Finding(
            one["rule"],
            one["table"],
            UUID(one["id"]),
            performance_id,
            one["expected"],
            one["found"],
        )
        for one in facts["left"]
    )
    return Repair(performance_id, facts["digest"], steps, left, not dry_run)
