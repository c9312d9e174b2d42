"""Desks of sections and allocations: another size, another ticket type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.seat_labels import seats_named
from fullhouse.events.models import TicketType
from fullhouse.events.services.reallocate import reallocate
from fullhouse.events.services.resize import resize_allocation, resize_section
from fullhouse.language.fields import WholeNumberField
from fullhouse.language.writing import filled


class SeatsOfSection(DeskForm):
    """A form with named seats of the section that `row` is in."""

    seats = forms.CharField(label=_("Seats"), required=False)

    def clean_seats(self) -> list[Any]:
        return seats_named(self.cleaned_data["seats"], self.row.performance_id, self.row.section_id)


class ResizeSectionForm(DeskForm):
    """A new size for a section; the difference is the pool's."""

    capacity = WholeNumberField(label=_("New capacity"), min_value=0)

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        self.initial.setdefault("capacity", row.total_capacity)

    def act(self, actor: str) -> str:
        made = resize_section(
            performance_id=self.row.performance_id,
            section_id=self.row.pk,
            total_capacity=self.cleaned_data["capacity"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("The section now has %d places."), made.total_capacity)


class ResizeAllocationForm(SeatsOfSection):
    """A new size for an allocation; section and performance follow."""

    capacity = WholeNumberField(label=_("New capacity"), min_value=0)

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        self.initial.setdefault("capacity", row.allocated_capacity)
        self.fields["seats"].help_text = _(
            "Numbered seats to take away, apart by commas: A-12, A-13. Growing adds places "
            "without a number."
        )

    def act(self, actor: str) -> str:
        made = resize_allocation(
            performance_id=self.row.performance_id,
            allocation_id=self.row.pk,
            allocated_capacity=self.cleaned_data["capacity"],
            remove_seat_ids=self.cleaned_data["seats"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("The allocation now has %d places."), made.allocated_capacity or 0)


class ReallocateForm(SeatsOfSection):
    """Unsold places to another ticket type of the same section, or to its pool."""

    ticket_type = forms.ModelChoiceField(
        TicketType.objects.none(),
        label=_("To ticket type"),
        required=False,
        empty_label=_("any type (the section's pool)"),
    )
    quantity = WholeNumberField(
        label=_("Places without a seat"), min_value=0, initial=0, required=False
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        field = self.fields["ticket_type"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = TicketType.objects.filter(event=row.performance.event_id)

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        moved = reallocate(
            performance_id=self.row.performance_id,
            allocation_id=self.row.pk,
            to_ticket_type_id=data["ticket_type"].pk if data["ticket_type"] else None,
            quantity=data["quantity"] or 0,
            seat_ids=data["seats"],
            actor=actor,
            reason=data["reason"],
        )
        return filled(gettext("%d places were moved."), moved.quantity + moved.seats)
