"""Desks that call a performance off, put it off, or put it on again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.money import priced
from fullhouse.events.admin.reasons import ReasonForm
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.cancel import (
    RefundsDue,
    cancel_performance,
    postpone_performance,
    refunds_due,
    resume_performance,
)
from fullhouse.language.fields import ClockField, DayField
from fullhouse.language.writing import filled, listed, number

Status = EventPerformance.Status
BY_DESK = (Status.POSTPONED, Status.CANCELLED)


def _money(due: RefundsDue) -> str:
    amounts = [priced(amount, currency) for currency, amount in due.amounts.items()]
    return listed(amounts) or number(0)


class CancelForm(DeskForm):
    """End everything that is held or sold; the form says beforehand what that will cost."""

    sure = forms.BooleanField(label=_("Refund all sales and release everything else"))

    @staticmethod
    def applies(row: EventPerformance) -> bool:
        return row.status != Status.CANCELLED

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        if not self.is_bound:
            due = refunds_due(performance_id=row.pk)
            self.fields["sure"].help_text = filled(
                _("%(sales)d sales would be paid back: %(money)s."),
                {
                    "sales": len(due.refunds),
                    "money": _money(due),
                },
            )

    def act(self, actor: str) -> str:
        done = cancel_performance(
            performance_id=self.row.pk, actor=actor, reason=self.cleaned_data["reason"]
        )
        return filled(
            gettext(
                "Cancelled: %(refunded)d places refunded, %(released)d released, "
                "%(money)s to pay back."
            ),
            {"refunded": done.refunded, "released": done.released, "money": _money(done.due)},
        )


class PostponeForm(DeskForm):
    """To another date, or to none yet."""

    date = DayField(
        label=_("New date"),
        required=False,
        help_text=_("Empty: not known yet; nothing is sold until it is."),
    )
    start_time = ClockField(
        label=_("New time"),
        required=False,
        help_text=_("Empty: the same time of day."),
    )

    applies = CancelForm.applies

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        done = postpone_performance(
            performance_id=self.row.pk,
            date=data["date"],
            start_time=data["start_time"],
            actor=actor,
            reason=data["reason"],
        )
        if done.date is None:
            return gettext("Postponed; what is sold stays valid.")
        return filled(
            gettext("Postponed to %(date)s; what is sold stays valid."), {"date": done.date}
        )


class ResumeForm(DeskForm):
    """On sale again."""

    @staticmethod
    def applies(row: EventPerformance) -> bool:
        return row.status == Status.POSTPONED

    def act(self, actor: str) -> str:
        resume_performance(
            performance_id=self.row.pk, actor=actor, reason=self.cleaned_data["reason"]
        )
        return gettext("On sale again.")


class StatusForm(ReasonForm):
    """A performance as edited by hand: what a desk must do cannot be typed in, nor taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("status")
        if isinstance(field, forms.TypedChoiceField):
            now = self.instance.status
            field.choices = [
                (value, label)
                for value, label in Status.choices
                if value == now or (value not in BY_DESK and now not in BY_DESK)
            ]
