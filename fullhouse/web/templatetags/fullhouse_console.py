"""What the console's templates say beside `fullhouse_text`: bars with patterns, signed numbers."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from fullhouse.events.domain.stories import operation_name
from fullhouse.web.places import BAR_WIDTH, Places
from fullhouse.web.templatetags.fullhouse_text import digits, moment, number

register = template.Library()


@register.inclusion_tag("fullhouse/console/parts/stack.html")
def stack(places: Places, tall: bool = False) -> dict[str, Any]:
    """Draw places as a stacked bar of colours and patterns that also reads as text."""
    parts = [
        (part.kind, f"{part.x * 100 / BAR_WIDTH:.3f}%", f"{part.width * 100 / BAR_WIDTH:.3f}%")
        for part in places.segments
    ]
    return {"places": places, "parts": parts, "tall": tall, "held": places.reserved - places.house}


@register.filter
def signed(value: int) -> str:
    """Write a change with its sign: +3, −2."""
    if not value:
        return number(0)
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"


@register.filter
def minus(value: int, other: int) -> int:
    """Return the difference."""
    return value - other


@register.filter
def operation(code: str) -> str:
    """Say what an operation of the ledger is called."""
    return operation_name(code, get_language() or "en")


@register.filter
def short(value: datetime.datetime) -> str:
    """Write the time of day of an instant of today, to the second; an older one with its day."""
    local = timezone.localtime(value)
    return digits(f"{local:%H:%M:%S}") if local.date() == timezone.localdate() else moment(value)


@register.simple_tag
def applies(action: Any, row: Any) -> bool:
    """Tell whether an action can be done to a row."""
    return bool(action.applies(row))
