"""Months of the reader's calendar as Gregorian days."""

from __future__ import annotations

import datetime

from fullhouse.language.jalali import from_jalali, to_jalali
from fullhouse.language.writing import is_persian


def first_of_month(day: datetime.date) -> datetime.date:
    """Return the first day of the month, in the reader's calendar, that a day is in."""
    solar = to_jalali(day) if is_persian() else None
    first = from_jalali(solar.year, solar.month, 1) if solar else None
    return first or day.replace(day=1)


def next_month(first: datetime.date) -> datetime.date:
    """Return the first day of the month after the one that begins with `first`."""
    # No month of either calendar has more than 31 days, and none fewer than 28.
    return first_of_month(first + datetime.timedelta(days=31))
