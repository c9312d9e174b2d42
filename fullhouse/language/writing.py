"""Numbers, days and times as the reader's language writes them.

Persian is written with Persian digits, the thousands sign of Persian and the solar calendar;
English with Latin digits, commas and the Gregorian calendar.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from fullhouse.language.jalali import MONTHS, WEEKDAYS, to_jalali

_PERSIAN: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_PERSIAN_NUMBER: Final = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LEFT_TO_RIGHT: Final = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
#: How a currency is written behind an amount; `IRT` is the Toman, ten rials.
_CURRENCIES: Final = {"IRR": "ریال", "IRT": "تومان", "USD": "دلار", "EUR": "یورو"}
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def is_persian() -> bool:
    """Tell whether the reader's language is Persian."""
    return (get_language() or "").split("-")[0] == "fa"


def digits(value: object) -> str:
    """Write the digits of any text in the reader's digits; nothing else changes."""
    return str(value).translate(_PERSIAN) if is_persian() else str(value)


def number(value: float | Decimal | None) -> str:
    """Write a number with its thousands apart; nothing for None."""
    if value is None:
        return ""
    text = f"{value:,}"
    return text.translate(_PERSIAN_NUMBER) if is_persian() else text


def persian_digits(text: str) -> str:
    """Write the digits of any text in Persian digits; nothing else changes."""
    return text.translate(_PERSIAN)


def persian_number(text: str) -> str:
    """Write a number that stands in Latin digits, commas and a point, as Persian does."""
    return text.translate(_PERSIAN_NUMBER)


def percent(value: int) -> str:
    """Write whole percents with the sign that the language uses."""
    return f"{number(value)}٪" if is_persian() else f"{value}%"


def date(value: datetime.date) -> str:
    """Write a day: solar calendar in Persian, Gregorian otherwise and outside its years."""
    solar = to_jalali(value) if is_persian() else None
    if solar is None:
        return digits(f"{value.day} {value:%b} {value.year}")
    return digits(f"{solar.day} {MONTHS[solar.month - 1]} {solar.year}")


def day(value: datetime.date) -> str:
    """Write a day with its weekday."""
    weekday = WEEKDAYS[value.weekday()] if is_persian() else f"{value:%a}"
    return f"{weekday} {date(value)}"


def month(value: datetime.date) -> str:
    """Write the month that a day is in, with its year."""
    return date(value).partition(" ")[2]


def clock(value: datetime.time) -> str:
    """Write a time of day in 24 hours."""
    return digits(f"{value:%H:%M}")


def moment(value: datetime.datetime | None) -> str:
    """Write an instant in the site's time zone, to the second; nothing for None."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    comma = "،" if is_persian() else ","
    return f"{date(local.date())}{comma} {digits(f'{local:%H:%M:%S}')}"


def currency_word(code: str) -> str:
    """Return how a currency is written behind an amount."""
    if is_persian():
        return _CURRENCIES.get(code, code)
    return "Toman" if code == "IRT" else code


def arrow() -> str:
    """Return the arrow that leads on in the reader's direction; no direction of text mirrors it."""
    return "←" if is_persian() else "→"


def isolated(name: object) -> str:
    """Keep a name that runs against the reader's direction from turning its neighbours around.

    For texts that are no HTML (a choice, a title); in HTML that is what `<bdi>` does. A mark of
    the reader's direction goes before: what looks for the first strong letter finds that one.
    """
    text = str(name)
    against, mark = (_LEFT_TO_RIGHT, "\u200f") if is_persian() else (_RIGHT_TO_LEFT, "\u200e")
    return f"{mark}\u2068{text}\u2069" if against.search(text) else text


def facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a sentence with numbers and instants as the reader writes them.

    Texts that are no instant (references, labels of seats, names) stay as they are.
    """
    return {name: _fact(value) for name, value in given.items()} if is_persian() else dict(given)


def _fact(value: Any) -> Any:
    if isinstance(value, str) and _INSTANT.match(value) and (instant := parse_datetime(value)):
        return moment(instant)
    return _written(value)


def listed(texts: Iterable[str]) -> str:
    """Write texts one after the other, with the comma of the language."""
    return ("، " if is_persian() else ", ").join(texts)


def filled(sentence: Any, values: Any) -> str:
    """Fill a sentence with `%s`, `%d`, `%(name)s` or `%(name)d`, values as the reader writes them.

    Texts stay as they are. In Persian a `%d` could not take Persian digits; here it does.
    """
    text = re.sub(r"%(\(\w+\))?d", r"%\1s", str(sentence))
    if isinstance(values, Mapping):
        return text % {name: _written(value) for name, value in values.items()}
    return text % (_written(values),)


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, datetime.date):
        return date(value)
    return number(value) if isinstance(value, int | float | Decimal) else value
