"""Template tags of the report: words and numbers in the language of the page part."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html

from fullhouse.migration.report.digits import Language, digits, number
from fullhouse.migration.report.words import word

register = template.Library()


def _language(context: Any) -> Language:
    return "fa" if context.get("language") == "fa" else "en"


@register.simple_tag(takes_context=True, name="word")
def word_tag(context: Any, key: object) -> str:
    """Return the word of a key in the part's language; escaped as any value."""
    return word(str(key), _language(context))


@register.simple_tag(takes_context=True, name="number")
def number_tag(context: Any, value: float | None) -> str:
    """Return a number in the part's digits."""
    return number(value, _language(context))


@register.simple_tag(takes_context=True, name="moment")
def moment_tag(context: Any, value: object) -> str:
    """Return an ISO time to the second, in the part's digits, never turned around by its text."""
    text = digits(str(value)[:19].replace("T", " "), _language(context))
    return format_html('<bdi dir="ltr">{}</bdi>', text)


@register.simple_tag(takes_context=True, name="more")
def more_tag(context: Any, count: int) -> str:
    """Return "and N more"."""
    language = _language(context)
    return word("more", language).format(number(count, language))
