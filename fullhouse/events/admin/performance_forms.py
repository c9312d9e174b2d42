"""Desks of a performance: build its sections, choose places, end overdue holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.seat_labels import seats_named
from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.models import SectionTicketType
from fullhouse.events.services.expire import expire
from fullhouse.events.services.open_performance import open_performance
from fullhouse.language.fields import WholeNumberField
from fullhouse.language.writing import filled, isolated

EXAMPLE = """{"sections": [
  {"name": "Stalls", "total_capacity": 400, "base_price": "50.00", "currency": "EUR",
   "ticket_types": [{"ticket_type_id": null, "allocated_capacity": 400}]}
]}"""


if TYPE_CHECKING:
    AllocationField = forms.ModelChoiceField[SectionTicketType]
else:  # at run time Django's class takes no parameter
    AllocationField = forms.ModelChoiceField


class OpenForm(DeskForm):
    """The sections of a performance with their ticket types and seats, as one configuration."""

    configuration = forms.JSONField(
        label=_("Configuration"),
        widget=forms.Textarea(attrs={"rows": 18, "dir": "ltr", "class": "vLargeTextField"}),
        help_text=_(
            "JSON. A ticket type of null is the section's pool, from which every type may sell; "
            "a section may list its seats. These types are known: %s"
        ),
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        types = row.event.ticket_types.values_list("name", "pk")
        field = self.fields["configuration"]
        field.help_text = field.help_text % (
            ", ".join(f"{name} = {pk}" for name, pk in types) or "–"
        )
        field.widget.attrs["placeholder"] = EXAMPLE

    def act(self, actor: str) -> str:
        opened = open_performance(
            performance_id=self.row.pk,
            plan=HousePlan.from_configuration(self.cleaned_data["configuration"]),
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("The performance now has %d places."), opened.max_capacity)


class AllocationChoice(AllocationField):
    """Allocations of one performance, named by section, type and what is free."""

    def label_from_instance(self, row: Any) -> str:
        words = gettext("%(section)s · %(type)s (%(free)d free)")
        if row.unseated_available < row.available_capacity:
            words = gettext("%(section)s · %(type)s (%(free)d free, %(loose)d without a number)")
        return filled(
            words,
            {
                "section": isolated(row.section.name),
                "type": isolated(str(row)),
                "free": row.available_capacity,
                "loose": row.unseated_available,
            },
        )


class PlacesForm(DeskForm):
    """Places without a number, named seats, or both, of one allocation."""

    allocation = AllocationChoice(SectionTicketType.objects.none(), label=_("Where"))
    quantity = WholeNumberField(
        label=_("Places without a seat"), min_value=0, initial=0, required=False
    )
    seats = forms.CharField(
        label=_("Seats"),
        required=False,
        help_text=_("Row and number, apart by commas: A-12, A-13"),
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        field = self.fields["allocation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = row.allocations.select_related("section", "ticket_type")

    def clean(self) -> dict[str, Any]:
        """Read the seats in the section of the allocation chosen."""
        data = super().clean() or {}
        data["quantity"] = data.get("quantity") or 0
        if allocation := data.get("allocation"):
            try:
                data["seats"] = seats_named(
                    data.get("seats", ""), self.row.pk, allocation.section_id
                )
            except forms.ValidationError as error:
                self.add_error("seats", error)
                return data
            if not data["seats"] and not data["quantity"]:
                raise forms.ValidationError(_("Name at least one place or seat."))
        return data

    def places(self) -> dict[str, Any]:
        """Return the places chosen, as the services of the house take them."""
        data = self.cleaned_data
        return {
            "quantities": {data["allocation"].pk: data["quantity"]} if data["quantity"] else {},
            "seat_ids": data["seats"],
        }


class ExpireForm(DeskForm):
    """Give the places of holds past their deadline back to sale."""

    def act(self, actor: str) -> str:
        swept = expire(performance_id=self.row.pk, actor=actor, reason=self.cleaned_data["reason"])
        return filled(
            gettext("%(holds)d overdue holds ended, %(places)d places are free again."),
            {
                "holds": swept.holds,
                "places": swept.places,
            },
        )
