"""A month of days with performances, in the reader's calendar. No database here."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from fullhouse.language.jalali import MONTHS, to_jalali
from fullhouse.web.templatetags.fullhouse_text import digits, is_persian

DAY = datetime.timedelta(days=1)
# What datetime can tell a month before and after.
FIRST = datetime.date(1900, 1, 1)
LAST = datetime.date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day as the calendar shows it; `label` is its number, `performances` how many it has."""

    date: datetime.date
    label: str
    inside: bool
    today: bool
    chosen: bool
    performances: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month in the reader's calendar; `before` and `after` are days of its neighbours."""

    title: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell, ...], ...]
    before: datetime.date
    after: datetime.date


def span(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of the month around `day`, in the reader's calendar."""
    first = _first(day)
    return first, _first(first + 32 * DAY) - DAY


def month_of(
    day: datetime.date,
    performances: Mapping[datetime.date, int],
    *,
    today: datetime.date,
    chosen: datetime.date | None,
) -> Month:
    """Return the month around `day`, in whole weeks."""
    first, last = span(day)
    start = first - _weekday(first) * DAY
    weeks = []
    while start <= last:
        days = [start + n * DAY for n in range(7)]
        weeks.append(
            tuple(
                Cell(
                    date=each,
                    label=_day_number(each),
                    inside=first <= each <= last,
                    today=each == today,
                    chosen=each == chosen,
                    performances=performances.get(each, 0),
                )
                for each in days
            )
        )
        start += 7 * DAY
    return Month(_title(first), _weekdays(), tuple(weeks), first - DAY, last + DAY)


def _first(day: datetime.date) -> datetime.date:
    solar = to_jalali(day) if is_persian() else None
    return day - ((solar.day if solar else day.day) - 1) * DAY


def _weekday(day: datetime.date) -> int:
    """Return how many days of its week are before it: weeks begin on Saturday in Persian."""
    return (day.weekday() + 2) % 7 if is_persian() else day.weekday()


def _day_number(day: datetime.date) -> str:
    solar = to_jalali(day) if is_persian() else None
    return digits(solar.day if solar else day.day)


def _title(first: datetime.date) -> str:
    solar = to_jalali(first) if is_persian() else None
    if solar:
        return f"{MONTHS[solar.month - 1]} {digits(solar.year)}"
    return formats.date_format(first, "F Y")


def _weekdays() -> tuple[tuple[str, str], ...]:
    """Return short and whole names of the weekdays, in their order."""
    monday_first = (
        (_("Mo"), _("Monday")),
        (_("Tu"), _("Tuesday")),
        (_("We"), _("Wednesday")),
        (_("Th"), _("Thursday")),
        (_("Fr"), _("Friday")),
        (_("Sa"), _("Saturday")),
        (_("Su"), _("Sunday")),
    )
    return (*monday_first[5:], *monday_first[:5]) if is_persian() else monday_first
