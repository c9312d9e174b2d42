"""`capacity audit --repair`: shows the plan, asks, mends, and says what is left and why."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser
from django.utils.translation import get_language
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.repairs import why_not
from fullhouse.events.management.telling import as_json
from fullhouse.events.services.audit import audit
from fullhouse.events.services.repair import Repair, plan_repair, repair

Write = Callable[[str], object]


def add_repair_arguments(parser: CommandParser) -> None:
    """Add what repairing takes to `capacity audit`."""
    parser.add_argument("--repair", action="store_true", help="show what would be mended, then ask")
    parser.add_argument("--yes", action="store_true", help="mend without asking")
    parser.add_argument("--reason", default="", help="why, for the ledger; needed to mend")
    parser.add_argument("--actor", default="capacity audit", help="who, for the ledger")


def mend(console: Console, write: Write, options: dict[str, Any]) -> int:
    """Plan, show and, if told to, repair each broken performance; return how much is left.

    Without --yes and without a terminal to ask nothing is mended: the plan is all.
    """
    using = options["database"]
    if options["yes"] and not options["reason"].strip():
        raise InvalidRequest("reason", "say why: --reason 'what happened'")
    findings = audit(performance_id=options["performance"], using=using)
    broken = sorted({one.performance_id for one in findings}, key=str)
    plans = [plan_repair(performance_id=one, using=using) for one in broken]
    if not options["json"]:
        for plan in plans:
            _show(console, plan)
    reason = options["reason"].strip()
    if any(plan.steps for plan in plans) and not options["json"] and not options["yes"]:
        reason = _asked(console, reason)
    if reason and (options["yes"] or not options["json"]):
        plans = [_mended(plan, options["actor"], reason, using) for plan in plans]
    if options["json"]:
        write(as_json({"performances": [_told(plan) for plan in plans]}))
    done = sum(len(plan.steps) for plan in plans if plan.done)
    if done and not options["json"]:
        console.print(f"[green]{done} row(s) mended.[/]")
    return sum(len(plan.left) + (0 if plan.done else len(plan.steps)) for plan in plans)


def _mended(plan: Repair, actor: str, reason: str, using: str) -> Repair:
    if not plan.steps:
        return plan
    performance: UUID = plan.performance_id
    return repair(
        performance_id=performance, digest=plan.digest, actor=actor, reason=reason, using=using
    )


def _asked(console: Console, reason: str) -> str:
    """Return the reason if a person at a terminal says yes, else ''."""
    if not sys.stdin.isatty():
        console.print("Nothing was mended: add --yes and --reason to mend.")
        return ""
    if not reason:
        reason = console.input("Why (kept in the ledger; empty: leave it as it is): ").strip()
    answer = console.input("Mend this? yes/no: ").strip().lower() if reason else ""
    return reason if answer in {"yes", "y", "بله"} else ""


def _show(console: Console, plan: Repair) -> None:
    table = Table("Rule", "Row", "Before", "After", title=f"Performance {plan.performance_id}")
    for step in plan.steps:
        row = f"{step.table}\n{step.id}"
        table.add_row(
            step.rule, row, _pairs(step.before, step.after), _pairs(step.after, step.before)
        )
    if plan.steps:
        console.print(table)
    for one in plan.left:
        console.print(f"[yellow]Left:[/] {escape(str(one))}", highlight=False)
        console.print(f"  {why_not(one.rule, one.table, get_language() or 'en')}")


def _pairs(values: Any, other: Any) -> str:
    """Return what differs, a line each."""
    shown = (f"{key} {value}" for key, value in values.items() if other.get(key) != value)
    return escape("\n".join(shown))


def _told(plan: Repair) -> dict[str, Any]:
    left = [{**asdict(one), "why": why_not(one.rule, one.table)} for one in plan.left]
    return {**asdict(plan), "left": left}
