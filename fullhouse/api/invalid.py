"""What is wrong with an argument, for people: in Persian too.

Pydantic says it in English only; our own words are in the catalogue where they name no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext, override

_WHOLE: Final = "باید عدد صحیح باشد"
_TEXT: Final = "باید متن باشد"
_TRUTH: Final = "باید true یا false باشد"
_LIST: Final = "باید فهرست باشد"
_OBJECT: Final = "باید یک شیء JSON باشد"
_ID: Final = "باید یک UUID باشد"
_NUMBER: Final = "باید عدد باشد"
_DAY: Final = "باید یک روز باشد، مانند 2027-03-20"
_TIME: Final = "باید یک ساعت باشد، مانند 19:30"
_MOMENT: Final = "باید یک زمان با منطقهٔ زمانی باشد، مانند 2027-03-20T19:30:00Z"
# By pydantic's own names of errors; the words in braces are its context.
_PERSIAN: Final = {
    "missing": "لازم است",
    "extra_forbidden": "اینجا جایی ندارد",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": "باید دست‌کم {min_length} نویسه باشد",
    "string_too_long": "باید حداکثر {max_length} نویسه باشد",
    "string_pattern_mismatch": "باید به شکل {pattern} باشد",
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "list_type": _LIST,
    "too_short": "باید دست‌کم {min_length} مورد داشته باشد",
    "too_long": "باید حداکثر {max_length} مورد داشته باشد",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "greater_than": "باید بیشتر از {gt} باشد",
    "greater_than_equal": "باید دست‌کم {ge} باشد",
    "less_than": "باید کمتر از {lt} باشد",
    "less_than_equal": "باید حداکثر {le} باشد",
    "literal_error": "باید یکی از این‌ها باشد: {expected}",
    "enum": "باید یکی از این‌ها باشد: {expected}",
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_whole_digits": "باید پیش از ممیز حداکثر {whole_digits} رقم داشته باشد",
    "decimal_max_digits": "باید حداکثر {max_digits} رقم داشته باشد",
    "decimal_max_places": "باید حداکثر {decimal_places} رقم اعشار داشته باشد",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": _MOMENT,
}


def said(error: Mapping[str, Any], language: str) -> str:
    """Return what pydantic found wrong; in its own words where there are no Persian ones."""
    words = _PERSIAN.get(error["type"]) if language.startswith("fa") else None
    try:
        return words.format_map(error.get("ctx", {})) if words else told(error["msg"], language)
    except KeyError:
        return str(error["msg"])


def told(problem: str, language: str) -> str:
    """Return what one of us found wrong, in that language where the catalogue has it."""
    with override(language):
        return gettext(problem) if problem else problem
