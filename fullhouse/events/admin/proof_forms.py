"""The desk that repairs a performance: what would be mended is shown first, then done as shown."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import explained
from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.domain.errors import CapacityError, Conflict, Refusal
from fullhouse.events.domain.repairs import why_not
from fullhouse.events.models import EventSection, Reservation, Seat, SectionTicketType
from fullhouse.events.services.repair import Repair, RepairStep, plan_repair, repair
from fullhouse.language.writing import arrow, filled, listed, number

_TABLES = {
    "events_movement": _("Ledger"),
    "events_seat": _("Seat"),
    "events_sectiontickettype": _("Allocation"),
    "events_reservation": _("Reservation"),
    "events_eventsection": _("Section"),
    "events_eventperformance": _("Performance"),
    "events_seatrow": _("Row of seats in section"),
}
_MODELS = {
    "events_movement": SectionTicketType,
    "events_seat": Seat,
    "events_sectiontickettype": SectionTicketType,
    "events_reservation": Reservation,
    "events_eventsection": EventSection,
    "events_seatrow": EventSection,
}
_VALUES = {
    "allocated_capacity": _("places"),
    "available_capacity": _("available"),
    "unseated_available": _("without a number"),
    "reserved_capacity": _("reserved"),
    "sold_capacity": _("sold"),
    "total_capacity": _("places"),
    "max_capacity": _("places"),
    "status": _("status"),
    "row_rank": _("row"),
    "longest": _("seats side by side"),
    "has_rules": _("sales rules"),
    "available": _("available"),
    "reserved": _("reserved"),
    "sold": _("sold"),
    "released": _("released"),
    "refunded": _("refunded"),
    "expired": _("expired"),
}


class RepairForm(DeskForm):
    """Mend what was shown; the plan has a digest, and another plan by then is refused."""

    digest = forms.CharField(widget=forms.HiddenInput)

    def shown(self) -> list[str]:
        """Return the plan as it is now, a line each; what is submitted next is this plan.

        The desk's page asks for it before it shows the form's own fields.
        """
        plan = self._plan
        if not isinstance(plan, Repair):
            return [plan]
        if self.is_bound:
            self.data = {**dict(self.data.items()), "digest": plan.digest}
        self.initial["digest"] = plan.digest
        lines = [filled(gettext("Will be mended: %s"), _told(step)) for step in plan.steps]
        for one in plan.left:
            why = why_not(one.rule, one.table, get_language() or "en")
            lines.append(
                filled(gettext("Stays: %(finding)s %(why)s"), {"finding": one, "why": why})
            )
        return lines or [gettext("Everything adds up: there is nothing to repair.")]

    @cached_property
    def _plan(self) -> Repair | str:
        try:
            return plan_repair(performance_id=self.row.pk)
        except Refusal as refusal:
            return explained(refusal)
        except Conflict:
            return gettext("Others are changing these places right now. Try again.")
        except CapacityError as error:
            return str(error)

    def act(self, actor: str) -> str:
        done = repair(
            performance_id=self.row.pk,
            digest=self.cleaned_data["digest"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        told = filled(
            ngettext("%d row mended.", "%d rows mended.", len(done.steps)), len(done.steps)
        )
        if done.left:
            left = len(done.left)
            told += " " + filled(ngettext("%d finding stays.", "%d findings stay.", left), left)
        return told


def _told(step: RepairStep) -> str:
    what = f"{_TABLES.get(step.table, step.table)} {_name(step.table, step.id)}".rstrip()
    if step.table == "events_movement":
        states = [_word(step.after[name]) for name in ("from_state", "to_state")]
        return f"{what}: {number(step.after['quantity'])} × {states[0]} {arrow()} {states[1]}"
    changed = [
        f"{_word(name)} {_word(step.before.get(name))} {arrow()} {_word(value)}"
        for name, value in step.after.items()
        if step.before.get(name) != value or len(step.after) == 1
    ]
    return f"{what}: {listed(changed)}"


def _word(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return "–" if value is None else str(_VALUES.get(value, value))


def _name(table: str, key: UUID) -> str:
    model = _MODELS.get(table)
    row = model._default_manager.filter(pk=key).first() if model else None
    return str(row) if row else ""
