"""The desk that holds the best seats of a performance for a party."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.models import EventSection, TicketType
from fullhouse.events.services.best_available import MAX_PARTY, Choice, Party, best_available
from fullhouse.events.services.reserve import DEFAULT_TTL_SECONDS, MAX_TTL_SECONDS
from fullhouse.language.fields import WholeNumberField
from fullhouse.language.writing import filled

if TYPE_CHECKING:
    SectionField = forms.ModelChoiceField[EventSection]
    TypeField = forms.ModelChoiceField[TicketType]
else:  # at run time Django's class takes no parameter
    SectionField = TypeField = forms.ModelChoiceField


class BestSeatsForm(DeskForm):
    """A party and what it would like; the seats are held until the deadline."""

    quantity = WholeNumberField(label=_("Seats"), min_value=1, max_value=MAX_PARTY)
    section = SectionField(
        EventSection.objects.none(), label=_("Section"), required=False, empty_label=_("any")
    )
    ticket_type = TypeField(
        TicketType.objects.none(), label=_("Ticket type"), required=False, empty_label=_("any")
    )
    accessible = WholeNumberField(
        label=_("Wheelchair places among them"), min_value=0, initial=0, required=False
    )
    split = forms.BooleanField(label=_("May sit in several rows"), required=False)
    restricted_view = forms.BooleanField(label=_("A restricted view will do"), required=False)
    minutes = WholeNumberField(
        label=_("Held for minutes"),
        min_value=1,
        max_value=MAX_TTL_SECONDS // 60,
        initial=DEFAULT_TTL_SECONDS // 60,
    )
    customer = forms.CharField(label=_("Customer"), max_length=255, required=False)

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        choices = {
            "section": EventSection.objects.filter(performance=row.pk),
            "ticket_type": TicketType.objects.filter(event=row.event_id, is_active=True),
        }
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = known

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        made = best_available(
            performance_id=self.row.pk,
            party=Party(
                quantity=data["quantity"],
                sections=(data["section"].pk,) if data["section"] else None,
                ticket_types=(data["ticket_type"].pk,) if data["ticket_type"] else None,
                accessible=data["accessible"] or 0,
                split=data["split"],
                restricted_view=data["restricted_view"],
            ),
            ttl_seconds=data["minutes"] * 60,
            customer=data["customer"],
            actor=actor,
            reason=data["reason"],
        )
        return _told(made)


def _told(made: Choice) -> str:
    told = filled(
        ngettext(
            "%(seats)s is held: %(reference)s.",
            "%(seats)s are held: %(reference)s.",
            len(made.seats),
        ),
        {
            "seats": ", ".join(seat.label for seat in made.seats),
            "reference": made.hold.reference,
        },
    )
    if made.restricted_view:
        told += " " + gettext("The view is restricted.")
    if made.leaves_single:
        told += " " + gettext("A single seat is left beside them.")
    return told
