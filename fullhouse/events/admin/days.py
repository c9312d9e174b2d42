"""Performances by day: the months of the reader's calendar, in addresses that all can read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fullhouse.language.calendars import first_of_month, next_month
from fullhouse.language.writing import isolated, month

DAY: Final = datetime.timedelta(days=1)
MONTHS_OFFERED: Final = 12


class Days(admin.SimpleListFilter):
    """Today, a week, or one of the next months; an address names days, `2027-03-21..2027-04-21`.

    The second day is not among them; without it all that come are, without the first all before.
    """

    title = _("date")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        today = timezone.localdate()
        offered: list[tuple[str, Any]] = [
            (_span(today, today + DAY), _("today")),
            (_span(today, today + 7 * DAY), _("the next seven days")),
            *((_span(first, after), month(first)) for first, after in _months(today)),
            (_span(None, today), _("past")),
        ]
        chosen = self.value()
        if chosen and chosen not in {span for span, _title in offered}:
            offered.insert(0, (chosen, isolated(chosen)))
        return offered

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        first, _dots, after = str(self.value()).partition("..")
        try:
            given = {
                name: datetime.date.fromisoformat(text)
                for name, text in (("date__gte", first), ("date__lt", after))
                if text
            }
        except ValueError as error:
            raise IncorrectLookupParameters from error
        return queryset.filter(**given)


def _months(today: datetime.date) -> Iterator[tuple[datetime.date, datetime.date]]:
    first = first_of_month(today)
    for _each in range(MONTHS_OFFERED):
        after = next_month(first)
        yield first, after
        first = after


def _span(first: datetime.date | None, after: datetime.date) -> str:
    return f"{first or ''}..{after}"
