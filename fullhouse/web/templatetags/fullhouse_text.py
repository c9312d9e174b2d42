"""Numbers, days, times and money as the reader's language writes them.

Persian is written with Persian digits, the thousands sign of Persian and the solar calendar;
English with Latin digits, commas and the Gregorian calendar.
"""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fullhouse.events.domain.pricing import shown
from fullhouse.language.writing import (
    clock,
    currency_word,
    day,
    digits,
    is_persian,
    isolated,
    moment,
    number,
    percent,
)
from fullhouse.migration.report.words import word
from fullhouse.web.places import BAR_WIDTH, Places

__all__ = [
    "bar",
    "clock",
    "currency_word",
    "day",
    "digits",
    "is_persian",
    "isolated",
    "moment",
    "money",
    "number",
    "page_link",
    "percent",
    "term",
]

register = template.Library()

for _written in (clock, day, digits, isolated, moment, number, percent):
    register.filter(_written.__name__, _written)


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
