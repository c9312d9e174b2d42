"""Desks of a reservation: confirm, give back, refund. Each asks why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.models import LineStatus, Reservation, ReservationLine
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import give_back
from fullhouse.events.services.refund import RefundLine, refund
from fullhouse.language.writing import filled

if TYPE_CHECKING:
    LinesField = forms.ModelMultipleChoiceField[ReservationLine]
else:  # at run time Django's class takes no parameter
    LinesField = forms.ModelMultipleChoiceField


# Kinds that are given back, and with the offers to the waiting list those that are no holds.
GIVEN_BACK = (Reservation.Kind.HOUSE, Reservation.Kind.KILL, Reservation.Kind.CHANNEL)
SET_ASIDE = (*GIVEN_BACK, Reservation.Kind.OFFER)


class ConfirmForm(DeskForm):
    """A hold becomes a sale."""

    @staticmethod
    def applies(row: Reservation) -> bool:
        return row.status == LineStatus.RESERVED and row.kind not in SET_ASIDE

    def act(self, actor: str) -> str:
        done = confirm(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("Confirmed: %d places are sold."), done.places)


class Lines(LinesField):
    """Lines of one reservation, named by places and seat."""

    def label_from_instance(self, row: Any) -> str:
        seat = f" · {row.seat}" if row.seat_id else ""
        return f"{row}{seat}"


class SomeLines(DeskForm):
    """A form over the live lines of a reservation; none chosen means all."""

    lines = Lines(
        ReservationLine.objects.none(),
        label=_("Lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        field = self.fields["lines"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        field.queryset = row.lines.filter(status=row.status).select_related(
            "seat", "ticket_type", "allocation__ticket_type"
        )

    def chosen(self) -> list[Any] | None:
        """Return the ids of the lines chosen, None for all."""
        return [line.pk for line in self.cleaned_data["lines"]] or None


class GiveBackForm(SomeLines):
    """Places that the house kept go back to sale."""

    @staticmethod
    def applies(row: Reservation) -> bool:
        return row.status == LineStatus.RESERVED and row.kind in GIVEN_BACK

    def act(self, actor: str) -> str:
        done = give_back(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            line_ids=self.chosen(),
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("Given back: %d places are free again."), done.quantity)


class RefundForm(SomeLines):
    """Sold places come back, whole or by line."""

    @staticmethod
    def applies(row: Reservation) -> bool:
        return row.status == LineStatus.SOLD

    def act(self, actor: str) -> str:
        done = refund(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            lines=[RefundLine(line) for line in self.chosen() or []] or None,
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("Refunded: %d places."), done.places)
