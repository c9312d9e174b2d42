"""Forms of the console that differ from the desks they stand on: narrower, or with a picture."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin import house_forms, plan_forms, reservation_forms
from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.models import EventPerformance, Reservation
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.language.fields import WholeNumberField

Status = EventPerformance.Status


def dressed(form: DeskForm) -> DeskForm:
    """Let seats be written in either direction."""
    if "seats" in form.fields:
        form.fields["seats"].widget.attrs |= {"autocomplete": "off", "dir": "auto"}
    return form


def _places_can_be_kept(row: EventPerformance) -> bool:
    return row.status != Status.CANCELLED


class HouseForm(house_forms.HouseForm):
    """Keep places for somebody."""

    applies = staticmethod(_places_can_be_kept)
    fixed = Reservation.Kind.HOUSE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.initial = self.fixed.value
        kind.widget = forms.HiddenInput()

    def clean_kind(self) -> str:
        """This page keeps one kind."""
        return self.fixed.value


class KillForm(HouseForm):
    """Places that cannot be sold: broken, or a camera stands there."""

    fixed = Reservation.Kind.KILL


class PartialRefundForm(reservation_forms.RefundForm):
    """Sold places come back: all, some lines, or some places of one line."""

    places = WholeNumberField(
        label=_("Places"),
        required=False,
        min_value=1,
        help_text=_("Of the one line chosen. Empty: all of them."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("places") and len(data.get("lines") or ()) != 1:
            self.add_error("places", _("Choose the one line that these places are of."))
        return data

    def act(self, actor: str) -> str:
        chosen, quantity = self.chosen(), self.cleaned_data["places"]
        done = refund(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            lines=None if chosen is None else [RefundLine(line, quantity) for line in chosen],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return gettext("Refunded: %(places)d places, %(amount)s %(currency)s to pay back.") % {
            "places": done.places,
            "amount": done.amount,
            "currency": done.currency,
        }


class ChangePlanForm(plan_forms.PlanForm):
    """Another version of the plan; the page looks before it acts, so the form need not ask."""

    applies = staticmethod(_places_can_be_kept)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "look" in self.fields:
            self.fields["look"].widget = forms.HiddenInput()
            self.fields["look"].initial = False

    def clean_look(self) -> bool:
        """What is asked for is the change; a preview is rolled back as a whole."""
        return False
