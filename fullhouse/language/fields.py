"""Form fields that show what the reader writes, and read what they show: in both digits.

In Persian a number field is a plain text field (a browser's own takes Latin digits only) and days
are of the solar calendar. A day whose year is between 1178 and 1633 is of that calendar whatever
the language: nothing is planned in the Gregorian 1405.
"""

from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar, Final, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fullhouse.language.jalali import from_jalali, to_jalali
from fullhouse.language.writing import digits, filled, is_persian, persian_digits, persian_number

_LATIN: Final = str.maketrans(
    "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.", "٬\u200c\u200e\u200f\u2066\u2067\u2068\u2069"
)
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_SOLAR_YEARS: Final = range(1178, 1634)
# Both calendars know these, a month and a week to either side too.
_YEARS: Final = range(1900, 2200)
INTEGER_MOST: Final = 2**31 - 1  # of PostgreSQL


def latin(text: str) -> str:
    """Return a number, day or time with Latin digits and point, without marks and thousands."""
    return text.strip().translate(_LATIN)


def in_both_digits(text: str) -> set[str]:
    """Return a label as it is, with Latin and with Persian digits, as others may write it."""
    plain = text.translate(_LATIN)
    return {text, plain, persian_digits(plain)}


def with_gregorian_day(text: str) -> str:
    """Return a text that begins with a day with that day as YYYY-MM-DD; any other as it is.

    Raises ValidationError for a day that the solar calendar does not have.
    """
    found = _DAY.match(text)
    if found is None:
        return text
    year, month, day = map(int, found.groups())
    if year not in _SOLAR_YEARS:
        return f"{year:04}-{month:02}-{day:02}{text[found.end() :]}"
    same = from_jalali(year, month, day)
    if same is None:
        raise ValidationError(_("That month has no such day."), code="no_such_day")
    return f"{same:%Y-%m-%d}{text[found.end() :]}"


_Day = TypeVar("_Day", bound=datetime.date)


class _ReadersInput(forms.Widget):
    """An input of the browser's own kind in English, of text in Persian."""

    example: ClassVar[str] = ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if is_persian():
            widget = context["widget"]
            widget["type"] = "text"
            given = {key: value for key, value in widget["attrs"].items() if key not in _NUMERIC}
            widget["attrs"] = {"dir": "ltr", "autocomplete": "off", **self.more(), **given}
        return context

    def more(self) -> dict[str, str]:
        """Return what a field of text has besides."""
        return {"placeholder": self.example} if self.example else {}


_NUMERIC: Final = frozenset({"min", "max", "step", "type"})


class NumberInput(_ReadersInput, forms.NumberInput):
    """A number, in the reader's digits."""

    def more(self) -> dict[str, str]:
        """Ask a phone for its number pad."""
        return {"inputmode": "decimal"}

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return persian_number(text) if text and is_persian() else text

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        if not isinstance(value, str):
            return value
        text = latin(value)
        return text.replace(",", "") if is_persian() else text


class DayInput(_ReadersInput, forms.DateInput):
    """A day: `2027-03-20`, `۱۴۰۵/۱۲/۲۹`."""

    input_type = "date"
    example = "۱۴۰۵/۱۲/۲۹"

    def format_value(self, value: Any) -> str | None:
        return _day(value) if isinstance(value, datetime.date) else value


class ClockInput(_ReadersInput, forms.TimeInput):
    """A time of day; seconds only where there are some."""

    input_type = "time"
    example = "۲۰:۳۰"

    def format_value(self, value: Any) -> str | None:
        return digits(_clock(value)) if isinstance(value, datetime.time) else value


class MomentInput(_ReadersInput, forms.DateTimeInput):
    """A day and a time of day, on the clock of the time zone that the page is in."""

    input_type = "datetime-local"
    example = "۱۴۰۵/۱۲/۲۹ ۲۰:۳۰"

    def format_value(self, value: Any) -> str | None:
        if not isinstance(value, datetime.datetime):
            return None if value is None else str(value)
        between = " " if is_persian() else "T"
        return f"{_day(value.date())}{between}{digits(_clock(value.time()))}"


class _ReadersNumber(forms.Field):
    """A number whose refusals name the reader's digits."""

    widget = NumberInput

    def run_validators(self, value: Any) -> None:
        try:
            super().run_validators(value)
        except ValidationError as error:
            for each in error.error_list:
                each.message, each.params = filled(each.message, each.params or {}), None
            raise


class WholeNumberField(_ReadersNumber, forms.IntegerField):
    """A whole number, of those that a column holds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_value": INTEGER_MOST, **kwargs})


class AmountField(_ReadersNumber, forms.DecimalField):
    """A number with decimals."""


class DayField(forms.DateField):
    """A day of either calendar."""

    widget = DayInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("No day can be read here; write it as 2027-03-20.")
    }

    def to_python(self, value: Any) -> datetime.date | None:
        """Return the day. Raises ValidationError."""
        if isinstance(value, str):
            value = with_gregorian_day(latin(value))
        return _in_our_time(super().to_python(value))


class ClockField(forms.TimeField):
    """A time of day, in 24 hours."""

    widget = ClockInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("No time can be read here; write it as 20:30.")
    }

    def to_python(self, value: Any) -> datetime.time | None:
        """Return the time. Raises ValidationError."""
        return super().to_python(latin(value) if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    """A day of either calendar with a time, on the clock of the current time zone."""

    widget = MomentInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("No day and time can be read here; write them as 2027-03-20 20:30.")
    }

    def to_python(self, value: Any) -> datetime.datetime | None:
        """Return the instant, aware. Raises ValidationError."""
        if isinstance(value, str):
            value = re.sub(r"[\s،]+", " ", with_gregorian_day(latin(value)))
        return _in_our_time(super().to_python(value))


def _in_our_time(value: _Day | None) -> _Day | None:
    if value is not None and value.year not in _YEARS:
        raise ValidationError(_("That year is not within our time."), code="year")
    return value


def _day(value: datetime.date) -> str:
    solar = to_jalali(value) if is_persian() else None
    if solar is None:
        return digits(f"{value:%Y-%m-%d}")
    return digits(f"{solar.year}/{solar.month:02}/{solar.day:02}")


def _clock(value: datetime.time) -> str:
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
