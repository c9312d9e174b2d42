"""The solar calendar of Iran, from Gregorian dates and to them. Pure.

Years 1178 to 1633 (1799 to 2254): there the leap years of the astronomical calendar follow a
cycle of 33 years (K. Borkowski, The Persian calendar for 3000 years, 1996).
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
FIRST = datetime.date(1799, 3, 21)
LAST = datetime.date(2255, 3, 20)

# A cycle of 33 years, eight of them with 366 days, began on 20 March 1600, in the year 979.
_CYCLE_YEARS = 33
_CYCLE_DAYS = 33 * 365 + 8
_EPOCH_YEAR = 979
_EPOCH = datetime.date(1600, 3, 20)


class JalaliDate(NamedTuple):
    """A day of the solar calendar; months and days count from 1."""

    year: int
    month: int
    day: int


def to_jalali(day: datetime.date) -> JalaliDate | None:
    """Return the same day in the solar calendar, None outside `FIRST` to `LAST`."""
    if not FIRST <= day <= LAST:
        return None
    cycles, rest = divmod((day - _EPOCH).days, _CYCLE_DAYS)
    fours, rest = divmod(rest, 4 * 365 + 1)
    year = _EPOCH_YEAR + _CYCLE_YEARS * cycles + 4 * fours
    if rest > 365:
        year += (rest - 1) // 365
        rest = (rest - 1) % 365
    if rest < 6 * 31:
        return JalaliDate(year, 1 + rest // 31, 1 + rest % 31)
    rest -= 6 * 31
    return JalaliDate(year, 7 + rest // 30, 1 + rest % 30)


def from_jalali(year: int, month: int, day: int) -> datetime.date | None:
    """Return the same day in the Gregorian calendar; None where there is no such day.

    30 Esfand is a day in leap years only, the 31st one in the first six months. None too outside
    `FIRST` to `LAST`.
    """
    if not (1178 <= year <= 1633 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    cycles, rest = divmod(year - _EPOCH_YEAR, _CYCLE_YEARS)
    # The first seven leap years of a cycle are four years apart, the eighth after five.
    days = cycles * _CYCLE_DAYS + rest * 365 + min((rest + 3) // 4, 8) + before + day - 1
    found = _EPOCH + datetime.timedelta(days)
    # What is no day of the month is a day of the next one: it reads back as another.
    return found if to_jalali(found) == (year, month, day) else None
