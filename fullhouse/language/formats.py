"""What the admin asks Django's formats for, answered in the reader's digits and calendar.

Django's formats know no calendar but the Gregorian and no digits but the Latin ones. `put_on` lets
the one module of the admin that writes values (in columns and in fields to read) ask here.
Templates are left alone: there a number may stand in an attribute that a script reads.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin import utils
from django.contrib.admin.templatetags import admin_list
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from fullhouse.language import writing


def put_on() -> None:
    """Let the admin write with these functions."""
    # Names that the modules do not tell mypy of.
    setattr(utils, "formats", Written)  # noqa: B010
    setattr(admin_list, "_boolean_icon", _icon)  # noqa: B010


class Written:
    """The functions that the admin asks for, by their names in Django."""

    @staticmethod
    def localize(value: Any) -> Any:
        """Return a value as the reader writes it."""
        if isinstance(value, datetime.datetime):
            return writing.moment(value)
        if isinstance(value, datetime.date):
            return writing.date(value)
        if isinstance(value, datetime.time):
            return writing.clock(value)
        return formats.localize(value)

    @staticmethod
    def number_format(value: Any, decimal_pos: int | None = None) -> str:
        """Return a number; its thousands are grouped as Django does."""
        text = formats.number_format(value, decimal_pos)
        is_number = isinstance(value, int | float | Decimal)
        return writing.persian_number(text) if is_number and writing.is_persian() else text


def _icon(value: bool | None) -> SafeString:
    """Return the picture of a yes, a no or neither; Django's are called True and False."""
    name, called = {
        True: ("yes", gettext("Yes")),
        False: ("no", gettext("No")),
        None: ("unknown", gettext("Unknown")),
    }[value]
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{name}.svg"), called)
