"""A new event and its performances on one page: what, when, and the house they are built from."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import OnceForm
from fullhouse.events.models import Event, EventPerformance, SeatingPlan, Venue
from fullhouse.language.fields import AmountField, ClockField, DayField, WholeNumberField, latin
from fullhouse.language.writing import clock, day, isolated, number

TIMES_MOST: Final = 60
LISTED: Final = 200
_LINES = re.compile(r"[\n;]+")


class Evenings(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Performances by event and date."""

    def label_from_instance(self, row: Any) -> str:
        when = f"{day(row.date)} {clock(row.start_time)}"
        return f"{isolated(row.event.title)} · {when} ({number(row.max_capacity)})"


class CreateForm(OnceForm):
    """Either an event that is there or a new one; either a template or a number of places."""

    event = forms.ModelChoiceField(
        Event.objects.select_related("venue"),
        label=_("Event"),
        required=False,
        empty_label=_("a new one"),
    )
    title = forms.CharField(label=_("Title of the new event"), max_length=255, required=False)
    venue = forms.ModelChoiceField(
        Venue.objects.all(), label=_("Venue"), required=False, empty_label=_("a new one")
    )
    venue_name = forms.CharField(label=_("Name of the new venue"), max_length=255, required=False)
    venue_capacity = WholeNumberField(
        label=_("It holds"), min_value=1, max_value=1_000_000, required=False
    )
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, required=False, initial="UTC")
    types = forms.CharField(
        label=_("Ticket types"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "Adult\nStudent 0.5"}),
        help_text=_("One a line, with its part of the price: Student 0.5. Those there stay."),
    )
    date = DayField(label=_("Date"))
    start_time = ClockField(label=_("Time"), initial=datetime.time(20))
    repeat = forms.ChoiceField(
        label=_("Again"),
        choices=[("", _("only once")), ("1", _("every day")), ("7", _("every week"))],
        required=False,
    )
    times = WholeNumberField(
        label=_("How many performances"), min_value=1, max_value=TIMES_MOST, initial=1
    )
    status = forms.ChoiceField(
        label=_("State"),
        choices=[("on_sale", _("on sale")), ("draft", _("draft"))],
        initial="draft",
    )
    like = Evenings(
        EventPerformance.objects.none(),
        label=_("Like an earlier performance"),
        required=False,
        empty_label="–",
        help_text=_("Its sections, prices, ticket types and seats, without its sales."),
    )
    plan = forms.ModelChoiceField(
        SeatingPlan.objects.defer("document"),
        label=_("Or from a seating plan"),
        required=False,
        empty_label="–",
    )
    places = WholeNumberField(
        label=_("Or places without numbers"), min_value=1, max_value=1_000_000, required=False
    )
    price = AmountField(
        label=_("Price of a place"),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text=_("Where the plan names none."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3, initial="USD")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        evenings = EventPerformance._base_manager.filter(max_capacity__gt=0)
        recent = evenings.order_by("-created_at").values("pk")[:LISTED]
        field = self.fields["like"]
        field.queryset = (  # type: ignore[attr-defined]
            EventPerformance._base_manager.filter(pk__in=recent)
            .select_related("event")
            .order_by("event__title", "-date", "-start_time")
        )

    def clean_types(self) -> list[tuple[str, Decimal]]:
        """Read `Student 0.5` as a name and its part of the price, 1 where none is written."""
        found = []
        for line in filter(
            None, (line.strip() for line in _LINES.split(self.cleaned_data["types"]))
        ):
            name, _space, last = line.rpartition(" ")
            try:
                modifier = Decimal(latin(last)) if name else Decimal(1)
            except InvalidOperation:
                name, modifier = line, Decimal(1)
            if not modifier.is_finite() or not 0 <= modifier <= 1000:
                raise forms.ValidationError(_("A part of the price is 0 to 1000."))
            found.append(((name or line)[:100], modifier))
        return found

    def clean_time_zone(self) -> str:
        """A zone of the time zone database."""
        zone: str = self.cleaned_data["time_zone"] or "UTC"
        if zone not in available_timezones():
            raise forms.ValidationError(_("Not a time zone: write for example Asia/Tehran."))
        return zone

    def clean_currency(self) -> str:
        """Codes are written large."""
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("event"):
            if not data.get("title"):
                self.add_error("title", _("Choose an event, or name the new one."))
            if not data.get("venue"):
                for name in ("venue_name", "venue_capacity"):
                    if not data.get(name) and name not in self.errors:
                        self.add_error(name, _("Choose a venue, or describe the new one."))
        chosen = [name for name in ("like", "plan", "places") if data.get(name)]
        if len(chosen) != 1:
            raise forms.ValidationError(
                _("Choose one: an earlier performance, a plan, or a number of places.")
            )
        if chosen == ["places"] and data.get("price") is None:
            self.add_error("price", _("Say the price of a place."))
        return data

    @property
    def dates(self) -> list[datetime.date]:
        """The days of the performances."""
        data = self.cleaned_data
        step = int(data["repeat"] or 0)
        count = data["times"] if step else 1
        return [data["date"] + datetime.timedelta(days=step * number) for number in range(count)]
