"""Numbers, days, times and money as the reader's language writes them.

Persian is written with Persian digits, the thousands sign of Persian and the solar calendar;
English with Latin digits, commas and the Gregorian calendar.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from fullhouse.events.domain.pricing import TOMAN, shown
from fullhouse.migration.report.words import word
from fullhouse.web.jalali import MONTHS, WEEKDAYS, to_jalali
from fullhouse.web.places import BAR_WIDTH, Places

register = template.Library()

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_PERSIAN_NUMBER = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")

_CURRENCIES = {"IRR": "ریال", "IRT": "تومان", "USD": "دلار", "EUR": "یورو"}


def is_persian() -> bool:
    """Tell whether the reader's language is Persian."""
    return (get_language() or "").split("-")[0] == "fa"


@register.filter
def digits(value: object) -> str:
    """Write the digits of any text in the reader's digits; nothing else changes."""
    return str(value).translate(_PERSIAN) if is_persian() else str(value)


@register.filter
def number(value: int | Decimal | None) -> str:
    """Write a number with its thousands apart; nothing for None."""
    if value is None:
        return ""
    text = f"{value:,}"
    return text.translate(_PERSIAN_NUMBER) if is_persian() else text


@register.filter
def percent(value: int) -> str:
    """Write whole percents with the sign that the language uses."""
    return f"{number(value)}٪" if is_persian() else f"{value}%"


@register.filter
def money(amount: Decimal | None, currency: str) -> SafeString | str:
    """Write an amount with its currency, kept together and apart from the text's direction.

    Where the setting FULLHOUSE_TOMAN is true, rials are written as Toman.
    """
    if amount is None:
        return ""
    value, code = shown(amount, currency, toman=getattr(settings, "FULLHOUSE_TOMAN", False))
    return format_html(
        '<bdi class="money">{} <small>{}</small></bdi>', number(value), currency_word(code)
    )


def currency_word(code: str) -> str:
    """Return how a currency is written behind an amount; `IRT` is the Toman."""
    if is_persian():
        return _CURRENCIES.get(code, code)
    return "Toman" if code == TOMAN else code


@register.filter
def day(value: datetime.date) -> str:
    """Write a day with its weekday: solar calendar in Persian, Gregorian otherwise."""
    weekday = WEEKDAYS[value.weekday()] if is_persian() else f"{value:%a}"
    return f"{weekday} {_date(value)}"


@register.filter
def clock(value: datetime.time) -> str:
    """Write a time of day in 24 hours."""
    return digits(f"{value:%H:%M}")


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """Write an instant in the site's time zone, to the second; nothing for None."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    comma = "،" if is_persian() else ","
    return f"{_date(local.date())}{comma} {digits(f'{local:%H:%M:%S}')}"


def _date(value: datetime.date) -> str:
    solar = to_jalali(value) if is_persian() else None
    if solar is None:
        return digits(f"{value.day} {value:%b} {value.year}")
    return digits(f"{solar.day} {MONTHS[solar.month - 1]} {solar.year}")


@register.filter
def term(key: str) -> str:
    """Write a code of a takeover (a kind, a decision, a phase) in words."""
    return word(key, "fa" if is_persian() else "en")


@register.inclusion_tag("fullhouse/parts/bar.html")
def bar(places: Places) -> dict[str, object]:
    """Draw places as a bar that also reads as text."""
    return {"places": places, "width": BAR_WIDTH}


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, page: int) -> str:
    """Return this page's address with another page number; the filters stay."""
    query = context["request"].GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
