"""Persian and English names, and the many ways in which people spell one section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

VENUES: Final = (
    ("تالار وحدت", "Vahdat Hall"),
    ("برج میلاد", "Milad Tower"),
    ("تئاتر شهر", "City Theatre"),
    ("سالن همایش‌های شیراز", "Shiraz Convention Hall"),
    ("تالار بزرگ کشور", "Grand National Hall"),
    ("Royal Albert Hall", "Royal Albert Hall"),
)
EVENTS: Final = (
    ("کنسرت بزرگ", "The Grand Concert"),
    ("شب شعر حافظ", "A Night of Hafez"),
    ("نمایش هملت", "Hamlet"),
    ("ارکستر سمفونیک تهران", "Tehran Symphony Orchestra"),
    ("جشنوارهٔ موسیقی فجر", "Fajr Music Festival"),
    ("The Four Seasons", "The Four Seasons"),
)


@dataclass(frozen=True, slots=True)
class TypeName:
    """A ticket type: its names, its code and how its price relates to the event's."""

    persian: str
    english: str
    code: str
    modifier: str


TYPES: Final = (
    TypeName("ویژه", "VIP", "vip", "1.50"),
    TypeName("عادی", "Normal", "normal", "1.00"),
    TypeName("اقتصادی", "Economy", "economy", "0.75"),
    TypeName("دانشجویی", "Student", "student", "0.50"),
)
PERSIAN_SECTIONS: Final = ("جایگاه ویژه", "همکف یک", "بالکن شرقی", "بخش 12")
ENGLISH_SECTIONS: Final = ("VIP", "Main Floor", "Balcony East", "Box 12")
BLANKS: Final = ("", " ", "\u00a0", "\u200c", "\u200f ")
ODD_STATUSES: Final = ("SOLD", "hold", "", "Available", "رزرو شده", "sold ", None, "n/a")

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def persian_digits(text: str) -> str:
    """Write 0-9 as ۰-۹."""
    return text.translate(_PERSIAN_DIGITS)


def arabic_digits(text: str) -> str:
    """Write 0-9 as ٠-٩."""
    return text.translate(_ARABIC_DIGITS)


#: What people do to a name; a way that leaves a name as it is does not count for that name.
SPELLINGS: Final[tuple[Callable[[str], str], ...]] = (
    lambda name: name.replace("ی", "ي"),
    lambda name: name.replace("ک", "ك"),
    lambda name: name.replace("ی", "ى"),
    lambda name: name.replace(" ", "\u200c"),
    lambda name: name.replace(" ", "\u00a0"),
    lambda name: name.replace(" ", "  "),
    lambda name: f"\u200f{name}",
    lambda name: f" {name}",
    lambda name: f"{name}\u200c",
    str.upper,
    str.lower,
    lambda name: name.translate(_FULL_WIDTH),
    persian_digits,
    arabic_digits,
)


def spellings(name: str) -> list[str]:
    """Every other spelling of a section that is still the same section."""
    return sorted({spell(name) for spell in SPELLINGS} - {name})
