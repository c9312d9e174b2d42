"""Desks of a performance's sharing: limits and windows, and the places of sales channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.performance_forms import AllocationChoice
from fullhouse.events.admin.seat_labels import seats_named
from fullhouse.events.models import LineStatus, Reservation, SectionTicketType, TicketType
from fullhouse.events.services.channels import allot_channel, change_channel, release_channel
from fullhouse.events.services.sales_rules import MAX_LIMIT, drop_rule, set_rule
from fullhouse.language.fields import MomentField, WholeNumberField
from fullhouse.language.writing import filled

if TYPE_CHECKING:
    TypeField = forms.ModelChoiceField[TicketType]
else:  # at run time Django's class takes no parameter
    TypeField = forms.ModelChoiceField


def _moment(label: Any, help_text: Any = "") -> MomentField:
    return MomentField(label=label, required=False, help_text=help_text)


def _limit(label: Any) -> WholeNumberField:
    return WholeNumberField(label=label, required=False, min_value=1, max_value=MAX_LIMIT)


class RuleForm(DeskForm):
    """Limits and a window of one ticket type, or of the whole order; or none any more."""

    ticket_type = TypeField(
        TicketType.objects.none(),
        label=_("Ticket type"),
        required=False,
        empty_label=_("whole order"),
    )
    sales_open_at = _moment(_("sales open"))
    sales_close_at = _moment(_("sales close"))
    min_per_order = _limit(_("least per order"))
    max_per_order = _limit(_("most per order"))
    max_per_customer = _limit(_("most per customer"))
    drop = forms.BooleanField(
        label=_("No rule any more"), required=False, help_text=_("Takes the rule away.")
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        field = self.fields["ticket_type"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = row.event.ticket_types.all()

    def act(self, actor: str) -> str:
        data = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        kind, drop = data.pop("ticket_type"), data.pop("drop")
        named = {
            "performance_id": self.row.pk,
            "ticket_type_id": kind.pk if kind else None,
            "actor": actor,
        }
        if drop:
            drop_rule(**named, reason=data["reason"])
            return gettext("The rule is gone.")
        set_rule(**named, **data)
        return gettext("The rule is set.")


class ChannelForm(DeskForm):
    """Places without a number, named seats, or both, that only one channel sells for a time."""

    channel = forms.CharField(label=_("Sales channel"), max_length=50)
    allocation = AllocationChoice(SectionTicketType.objects.none(), label=_("Where"))
    quantity = WholeNumberField(label=_("Places without a seat"), min_value=0, required=False)
    seats = forms.CharField(
        label=_("Seats"),
        required=False,
        help_text=_("Row and number, apart by commas: A-12, A-13"),
    )
    release_at = _moment(
        _("For everybody again at"), _("Empty: until the channel is released by hand.")
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        field = self.fields["allocation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = row.allocations.select_related("section", "ticket_type")

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        where, quantity = data["allocation"], data["quantity"]
        made = allot_channel(
            performance_id=self.row.pk,
            channel=data["channel"],
            quantities={where.pk: quantity} if quantity else {},
            seat_ids=seats_named(data["seats"], self.row.pk, where.section_id),
            release_at=data["release_at"],
            actor=actor,
            reason=data["reason"],
        )
        return filled(
            gettext("%(places)d places are for %(channel)s alone: %(reference)s"),
            {
                "places": made.quantity,
                "channel": made.channel,
                "reference": made.reference,
            },
        )


class ReleaseChannelForm(DeskForm):
    """All that a channel has set aside is everybody's again."""

    channel = forms.ChoiceField(label=_("Sales channel"))

    @staticmethod
    def applies(row: Any) -> bool:
        return bool(_channels(row))

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(name, name) for name in _channels(row)]

    def act(self, actor: str) -> str:
        done = release_channel(
            performance_id=self.row.pk,
            channel=self.cleaned_data["channel"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("Released: %d places are free again."), done.places)


class ChannelTimeForm(DeskForm):
    """Another release time for a channel's places."""

    release_at = _moment(
        _("For everybody again at"), _("Empty: until the channel is released by hand.")
    )

    @staticmethod
    def applies(row: Reservation) -> bool:
        return row.kind == Reservation.Kind.CHANNEL and row.status == LineStatus.RESERVED

    def act(self, actor: str) -> str:
        change_channel(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            release_at=self.cleaned_data["release_at"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return gettext("The release time is changed.")


def _channels(row: Any) -> list[str]:
    live = row.reservations.filter(kind=Reservation.Kind.CHANNEL, status=LineStatus.RESERVED)
    return sorted(set(live.values_list("channel", flat=True)))
