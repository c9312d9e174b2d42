"""Plans by parameters: a head and any number of blocks and areas."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.plans import ImportForm
from fullhouse.events.admin.problems import in_words
from fullhouse.events.domain.errors import CapacityError, InvalidRequest
from fullhouse.events.domain.plans.document import ROWS_MOST, Area, Plan
from fullhouse.events.domain.plans.generate import CURVE_MOST, Floor, Stand, generate
from fullhouse.events.domain.plans.make import Block
from fullhouse.events.models import Venue
from fullhouse.language.fields import AmountField, WholeNumberField

BLOCKS_MOST: Final = 40
ROW_SEATS_MOST: Final = 1_000
_COMMAS = re.compile(r"[,،;\s]+")


class HeadForm(forms.Form):
    """Under which name the plan is kept, and for which venue."""

    name = forms.CharField(label=_("Name of the plan"), max_length=200)
    venue = forms.ModelChoiceField(
        Venue.objects.all(), label=_("Venue"), required=False, empty_label=_("none")
    )


class FileForm(ImportForm):
    """The same form as the admin's, in the console's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        venue = self.fields["venue"]
        assert isinstance(venue, forms.ModelChoiceField)  # noqa: S101 - declared there
        venue.empty_label = _("none")


class BlockForm(forms.Form):
    """A block of rows, or an area without numbers (`places`, no rows)."""

    name = forms.CharField(label=_("Block"), max_length=100)
    side = forms.ChoiceField(
        label=_("Stands"),
        choices=[
            ("middle", _("behind the last")),
            ("left", _("left of it")),
            ("right", _("right of it")),
        ],
        initial="middle",
    )
    category = forms.CharField(label=_("Price category"), max_length=50, required=False)
    price = AmountField(
        label=_("Price"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    rows = WholeNumberField(
        label=_("Rows"), min_value=1, max_value=ROWS_MOST, required=False, initial=10
    )
    seats_per_row = WholeNumberField(
        label=_("Seats in a row"),
        min_value=1,
        max_value=ROW_SEATS_MOST,
        required=False,
        initial=16,
    )
    places = WholeNumberField(
        label=_("Or places without numbers"),
        min_value=1,
        max_value=200_000,
        required=False,
        help_text=_("An area of general admission; rows and seats are then not read."),
    )
    row_labels = forms.ChoiceField(
        label=_("Rows are called"),
        choices=[("letters", "A, B, C"), ("numbers", "1, 2, 3"), ("persian", "ا، ب، پ")],
        initial="letters",
    )
    first_row = WholeNumberField(label=_("First row"), min_value=1, max_value=ROWS_MOST, initial=1)
    numbering = forms.ChoiceField(
        label=_("Seats are numbered"),
        choices=[
            ("consecutive", _("1, 2, 3")),
            ("odd", _("odd: 1, 3, 5")),
            ("even", _("even: 2, 4, 6")),
            ("odd_even", _("odd left, even right")),
        ],
        initial="consecutive",
    )
    first_seat = WholeNumberField(label=_("First seat"), min_value=1, max_value=100_000, initial=1)
    right_to_left = forms.BooleanField(label=_("From right to left"), required=False)
    curve = WholeNumberField(
        label=_("Curve, degrees"), min_value=0, max_value=CURVE_MOST, initial=0, required=False
    )
    aisles_after = forms.CharField(
        label=_("Aisles after seat"), required=False, max_length=100, help_text=_("4, 12")
    )
    accessible = forms.CharField(
        label=_("Wheelchair places"),
        required=False,
        max_length=500,
        help_text=_("A-1, A-2 or A-1..4"),
    )
    companion = forms.CharField(label=_("Companion seats"), required=False, max_length=500)
    restricted_view = forms.CharField(label=_("Restricted view"), required=False, max_length=500)

    def add_prefix(self, field_name: str) -> str:
        """Name the box that leaves a block out as a person would, where there is one."""
        if "DELETE" in self.fields:
            self.fields["DELETE"].label = _("Leave this block out")
        return super().add_prefix(field_name)

    def clean_aisles_after(self) -> tuple[int, ...]:
        """Read the list of numbers."""
        words = [word for word in _COMMAS.split(self.cleaned_data["aisles_after"]) if word]
        if not all(word.isdecimal() for word in words):
            raise forms.ValidationError(_("Whole numbers, apart by commas."))
        return tuple(sorted({int(word) for word in words}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("places"):
            for name in ("rows", "seats_per_row"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Say how many."))
        return data

    def part(self) -> Stand | Floor:
        """Return what the clean form describes."""
        data = self.cleaned_data
        category = data["category"].strip() or None
        if data["places"]:
            area = Area(name=data["name"], capacity=data["places"], category=category)
            return Floor(area=area, side=data["side"], price=data["price"])
        same = ("name", "rows", "seats_per_row", "row_labels", "first_row", "numbering")
        more = ("first_seat", "right_to_left", "aisles_after")
        block = Block(category=category, **{name: data[name] for name in (*same, *more)})
        flags = ("accessible", "companion", "restricted_view")
        lists = {name: tuple(w for w in _COMMAS.split(data[name]) if w) for name in flags}
        return Stand(
            block=block, side=data["side"], curve=data["curve"] or 0, price=data["price"], **lists
        )


Blocks = formset_factory(
    BlockForm, extra=0, min_num=1, max_num=BLOCKS_MOST, validate_max=True, can_delete=True
)


def plan_of(name: str, blocks: BaseFormSet[BlockForm]) -> Plan | None:
    """Return the plan of valid blocks; a mistake becomes an error of its block and field."""
    kept = [form for form in blocks.forms if not form.cleaned_data.get("DELETE")]
    try:
        return generate(name, tuple(form.part() for form in kept))
    except InvalidRequest as invalid:
        found = re.fullmatch(r"parts\[(\d+)\](?:\.(\w+))?", invalid.argument)
        form = kept[int(found[1])] if found and int(found[1]) < len(kept) else None
        if form is None:
            blocks.non_form_errors().append(str(invalid))
        else:
            field = found[2] if found and found[2] in form.fields else None
            form.add_error(field, in_words(invalid))
    except CapacityError as error:
        blocks.non_form_errors().append(str(error))
    return None
