"""Fields read what they show: both digits, both calendars."""

import datetime
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from fullhouse.language.fields import (
    AmountField,
    ClockField,
    DayField,
    MomentField,
    WholeNumberField,
)


class Asked(forms.Form):
    """One field of each kind, none of them asked for."""

    places = WholeNumberField(required=False, min_value=1)
    price = AmountField(required=False, max_digits=12, decimal_places=2)
    day = DayField(required=False)
    clock = ClockField(required=False)
    moment = MomentField(required=False)


DAY = datetime.date(2027, 3, 20)
EVENING = datetime.datetime(2027, 3, 20, 20, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("places", "۱٬۲۰۰", 1200),
        ("places", " ١٢ ", 12),
        ("price", "۲۵۰٬۰۰۰٫۵", 250_000.5),
        ("day", "۱۴۰۵/۱۲/۲۹", DAY),
        ("day", "1405-12-29", DAY),
        ("day", "۲۰۲۷-۰۳-۲۰", DAY),
        ("day", "2027-03-20", DAY),
        ("clock", "۲۰:۳۰", datetime.time(20, 30)),
        ("moment", "۱۴۰۵/۱۲/۲۹، ۲۰:۳۰", EVENING),
        ("moment", "2027-03-20T20:30", EVENING),
    ],
)
def test_both_digits_and_both_calendars_are_read(
    language: str, name: str, typed: str, read: Any
) -> None:
    with translation.override(language):
        form = Asked({name: typed})
        assert form.errors == {}
        assert form.cleaned_data[name] == read


@pytest.mark.parametrize(
    "typed", ["۱۴۰۴/۱۲/۳۰", "1405-07-31", "1405-13-01", "2027-02-30", "9999-01-01", "soon", "0-0-0"]
)
def test_a_day_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_is_shown_is_read_as_it_was(language: str) -> None:
    given = {"places": 1200, "price": 2.5, "day": DAY, "clock": EVENING.time(), "moment": EVENING}
    with translation.override(language):
        shown = Asked(initial=given)
        sent = {name: shown[name].field.widget.format_value(shown[name].value()) for name in given}
        read = Asked(sent, initial=given)
        assert read.errors == {}
        assert read.cleaned_data == given
        assert read.changed_data == []


def test_a_number_beyond_its_column_is_refused_in_the_readers_digits() -> None:
    with translation.override("fa"):
        told = Asked({"places": "۹" * 30}).errors["places"][0]
        assert "۲٬۱۴۷٬۴۸۳٬۶۴۷" in told
