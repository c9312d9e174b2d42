"""The home page: what is on, with what is left, by day."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from fullhouse.events.domain.pricing import final_price
from fullhouse.events.models import EventPerformance, SectionTicketType
from fullhouse.events.services import listings
from fullhouse.web import readings
from fullhouse.web.box_office import calendar
from fullhouse.web.forms import PerformanceFilter
from fullhouse.web.staff import is_staff

PER_PAGE = 24


@require_safe
@conditional_page
def home(request: HttpRequest) -> HttpResponse:
    """Performances by date, those to come first; by text, by day, and with free places."""
    form = PerformanceFilter(request.GET, label_suffix="")
    form.is_valid()
    asked = form.cleaned_data
    day: datetime.date | None = asked.get("on")
    words = {
        "text": asked.get("q") or "",
        "free_only": bool(asked.get("free")),
        "drafts": is_staff(request),
    }
    found, past = _shown(words, day, everything=bool(asked.get("all")))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    prices = lowest_prices([row.pk for row in rows])
    month = asked.get("month") or day or (rows[0].date if rows else timezone.localdate())
    context = {
        "form": form,
        "page": page,
        "rows": [(row, readings.places_of(row), prices.get(row.pk)) for row in rows],
        "filtered": bool(words["text"] or words["free_only"] or day),
        "past": past,
        "day": day,
        "calendar": _calendar(words, month, day),
    }
    return render(request, "fullhouse/box_office/home.html", context)


def lowest_prices(ids: Sequence[UUID]) -> dict[UUID, tuple[Decimal, str]]:
    """Return the lowest price of a ticket in each performance that has one, in one query."""
    found = (
        SectionTicketType.objects.filter(performance__in=ids, available_capacity__gt=0)
        .order_by()
        .values("performance_id", "section__currency")
        .annotate(low=Min(F("section__base_price") * F("price_modifier")))
    )
    prices: dict[UUID, tuple[Decimal, str]] = {}
    for row in found:
        currency: str = row["section__currency"]
        price = final_price(Decimal(row["low"]), Decimal(1), currency)
        known = prices.get(row["performance_id"])
        # Prices in two currencies cannot be compared: the first by name stands for both.
        if known is None or currency < known[1]:
            prices[row["performance_id"]] = (price, currency)
    return prices


def _shown(
    words: dict[str, Any], day: datetime.date | None, *, everything: bool
) -> tuple[QuerySet[EventPerformance], bool]:
    """Return the performances, and whether some that are over are among them."""
    if day:
        return listings.performances(**words, since=day, until=day), False
    if everything:
        return listings.performances(**words), True
    coming = listings.performances(**words, since=timezone.localdate())
    return (coming, False) if coming.exists() else (listings.performances(**words), True)


def _calendar(
    words: dict[str, Any], around: datetime.date, day: datetime.date | None
) -> calendar.Month:
    around = min(max(around, calendar.FIRST), calendar.LAST)
    first, last = calendar.span(around)
    dates = listings.performances(**words, since=first, until=last).order_by()
    return calendar.month_of(
        around,
        Counter(dates.values_list("date", flat=True)),
        today=timezone.localdate(),
        chosen=day,
    )
