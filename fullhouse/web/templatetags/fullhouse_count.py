"""How many: a number that is typed or stepped, in the reader's digits.

A field of HTML's type number shows Latin digits only and takes no others. This one is a text field
with a keyboard of digits, and `stepper.js` gives it buttons.
"""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("fullhouse/parts/count.html")
def count(
    name: str,
    value: object,
    *,
    least: int,
    most: int,
    asked: Mapping[str, str] | None = None,
    id: str = "",
    required: bool = False,
) -> dict[str, Any]:
    """Draw the field with `value`, or with what was `asked` for in it before."""
    return {
        "name": name,
        "id": id or name,
        "value": (asked or {}).get(name, value),
        "numbers": {"least": least, "most": most},
        "required": required,
    }
