"""The desk that builds a performance from a seating plan, or changes it to another version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.models import SeatingPlan
from fullhouse.events.services.plans import ChangedPlan, apply_plan, change_plan
from fullhouse.language.fields import AmountField
from fullhouse.language.writing import filled


class PlanForm(DeskForm):
    """Without sections yet the plan is built; with some it is changed, looked at first."""

    plan = forms.ModelChoiceField(label=_("Seating plan"), queryset=SeatingPlan.objects.none())
    price = AmountField(
        label=_("Price of a place"),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text=_("Where the plan names none for its category; what is there keeps its own."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="USD")
    look = forms.BooleanField(
        label=_("Only look: say what would change"),
        required=False,
        initial=True,
        help_text=_("A house that is built already is changed only without this mark."),
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        self.fields["plan"].queryset = SeatingPlan.objects.defer("document")  # type: ignore[attr-defined]
        first = row.sections.first()
        if first is not None:
            self.fields["currency"].initial = first.currency
        else:
            del self.fields["look"]

    @property
    def key(self) -> str | None:
        """A look does nothing: the same form may then be sent to do it."""
        return None if self.data.get("look") == "on" else super().key

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        terms = Terms(price=data["price"], currency=data["currency"].upper())
        given = {"performance_id": self.row.pk, "kept": data["plan"], "terms": terms}
        if "look" not in self.fields:
            opened = apply_plan(**given, actor=actor, reason=data["reason"])
            return filled(gettext("The performance now has %d places."), opened.max_capacity)
        done = change_plan(**given, dry_run=data["look"], actor=actor, reason=data["reason"])
        return _told(done)


def _told(done: ChangedPlan) -> str:
    sentence = (
        gettext(
            "It would be: %(added)d seats more, %(removed)d fewer, %(updated)d changed; "
            "%(places)d places in all. Nothing has changed yet."
        )
        if done.dry_run
        else gettext(
            "Changed: %(added)d seats more, %(removed)d fewer, %(updated)d changed; "
            "%(places)d places in all."
        )
    )
    return filled(
        sentence,
        {
            "added": done.added,
            "removed": done.removed,
            "updated": done.updated,
            "places": done.max_capacity,
        },
    )
