"""The proof that a performance adds up: four countings side by side, and what the audit says."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fullhouse.events.models import (
    EventPerformance,
    Movement,
    ReservationLine,
    Seat,
    SectionTicketType,
)
from fullhouse.events.services.audit import Finding, audit

STATES: Final = ("available", "reserved", "sold")
# What `audit_v1` recomputes, rule by rule; its findings name the rule.
RULES: Final[tuple[tuple[str, Promise], ...]] = (
    ("I1", _("The venue holds every performance.")),
    ("I2", _("A performance is exactly its sections.")),
    ("I3", _("A section is exactly its allocations.")),
    ("I4", _("Available, reserved and sold add up to what is allocated.")),
    ("I5", _("Each seat is in one live line at most, and has that line's status.")),
    ("I6", _("The ledger, the counters and the reservations say the same.")),
)


@dataclass(frozen=True, slots=True)
class Counting:
    """Places in one state, counted four ways. `seats` are numbered ones, the other three all."""

    state: str
    counters: int
    ledger: int
    lines: int | None
    seats: int

    @property
    def agree(self) -> bool:
        """Whether counters, ledger and lines are the same number."""
        return self.counters == self.ledger and self.lines in (None, self.counters)


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule and what breaks it: nothing, if it holds."""

    rule: str
    says: str | Promise
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """All of it, and how much was looked at. `rows` are of the ledger."""

    at: datetime.datetime
    countings: tuple[Counting, ...]
    rules: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    capacity: int
    rows: int
    reservations: int

    @property
    def holds(self) -> bool:
        """Whether everything adds up."""
        return not self.findings and all(one.agree for one in self.countings)


def proof_of(performance_id: UUID) -> Proof:
    """Recompute a performance. The countings are one statement, so that they are of one instant.

    Some tenths of a second for tens of thousands of seats. Raises Conflict, EngineFault.
    """
    findings = audit(performance_id=performance_id)
    row = _counted(performance_id)
    known = {rule for rule, _says in RULES}
    rules = [
        Checked(rule, says, tuple(one for one in findings if one.rule == rule))
        for rule, says in RULES
    ]
    if others := tuple(one for one in findings if one.rule not in known):
        rules.append(Checked("+", _("What else the audit looks at."), others))
    return Proof(
        at=timezone.now(),
        countings=tuple(_counting(row, state) for state in STATES),
        rules=tuple(rules),
        findings=findings,
        capacity=row["max_capacity"],
        rows=row["of_ledger"],
        reservations=row["of_reservations"],
    )


def _counting(row: dict[str, Any], state: str) -> Counting:
    return Counting(
        state=state,
        counters=row[f"counters_{state}"],
        ledger=row[f"in_{state}"] - row[f"out_{state}"],
        lines=None if state == "available" else row[f"lines_{state}"],
        seats=row[f"seats_{state}"],
    )


def _counted(performance_id: UUID) -> dict[str, Any]:
    counts: dict[str, Any] = {
        "of_ledger": _one(Movement.objects.all(), Count("pk")),
        "of_reservations": _one(ReservationLine.objects.all(), Count("reservation", distinct=True)),
    }
    for state in STATES:
        leaves = SectionTicketType.objects.all()
        counts |= {
            f"counters_{state}": _one(leaves, Sum(f"{state}_capacity")),
            f"in_{state}": _one(Movement.objects.filter(to_state=state), Sum("quantity")),
            f"out_{state}": _one(Movement.objects.filter(from_state=state), Sum("quantity")),
            f"lines_{state}": _one(ReservationLine.objects.filter(status=state), Sum("quantity")),
            f"seats_{state}": _one(Seat.objects.filter(status=state), Count("pk")),
        }
    found = EventPerformance._base_manager.filter(pk=performance_id).annotate(**counts)
    return dict(found.values("max_capacity", *counts).get())


def _one(rows: QuerySet[Any], total: Any) -> Coalesce:
    """Return a total over the rows of the outer performance as a scalar of its query."""
    of_it = rows.filter(Q(performance=OuterRef("pk"))).order_by()
    grouped = of_it.annotate(one=F("performance")).values("one").annotate(total=total)
    return Coalesce(Subquery(grouped.values("total")), 0, output_field=IntegerField())
