"""The seats of an allocation or a section, row by row, to be pressed instead of typed."""

from __future__ import annotations

from itertools import groupby
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fullhouse.events.models import Seat
from fullhouse.web.console.access import console_page

# More would be slower to look through than a label is to type.
SEATS_MOST: Final = 2_500


@require_safe
@console_page()
def picker(request: HttpRequest) -> HttpResponse:
    """The seats of `allocation`, else of `section`; without either, or too many: a word on it."""
    seats = None
    for name in ("allocation", "section"):
        try:
            seats = Seat.objects.filter(**{name: UUID(request.GET.get(name, ""))})
            break
        except ValueError:
            continue
    columns = ("row_rank", "row_number", "seat_number", "status", "is_accessible")
    ordered = seats.order_by("row_rank", "row_number", "seat_rank") if seats is not None else None
    found = list(ordered.values_list(*columns)[: SEATS_MOST + 1]) if ordered is not None else []
    rows = [
        (label, [seat[2:] for seat in parts])
        for (_rank, label), parts in groupby(found[:SEATS_MOST], key=lambda seat: seat[:2])
    ]
    context = {"rows": rows, "asked": seats is not None, "many": len(found) > SEATS_MOST}
    return render(request, "fullhouse/console/parts/picker.html", context)
