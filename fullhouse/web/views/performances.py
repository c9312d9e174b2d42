"""The public pages of the house: the list, one performance, the seats of one section."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from fullhouse.events.models import EventPerformance, EventSection
from fullhouse.events.services import listings
from fullhouse.web import readings, seat_plan
from fullhouse.web.forms import PerformanceFilter
from fullhouse.web.staff import is_staff

PER_PAGE = 25


@require_safe
@conditional_page
def performance_list(request: HttpRequest) -> HttpResponse:
    """Performances by date, filtered by event or venue, day, and free places."""
    form = PerformanceFilter(request.GET, label_suffix="")
    form.is_valid()
    asked = form.cleaned_data
    found = listings.performances(
        text=asked.get("q") or "",
        since=asked.get("on"),
        until=asked.get("on"),
        free_only=bool(asked.get("free")),
        drafts=is_staff(request),
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, readings.places_of(row)) for row in page]
    context = {"form": form, "page": page, "rows": rows, "filtered": any(asked.values())}
    return render(request, "fullhouse/performances.html", context)


@require_safe
@conditional_page
def performance_detail(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """One performance: its capacity tree and the ledger's last rows; for staff the house too."""
    performance = _performance(request, performance_id)
    section_names, type_names = {}, {}
    staff = is_staff(request)
    house = readings.house_of(performance_id, show_house=staff)
    for section in house.sections:
        for leaf in section.allocations:
            section_names[leaf.id] = section.name
            type_names[leaf.id] = leaf.name
    movements = [
        (row, section_names.get(row.allocation_id), type_names.get(row.allocation_id))
        for row in readings.last_movements(performance_id)
    ]
    context = {
        "performance": performance,
        "house": house,
        "movements": movements,
        "staff": staff,
        "holds": readings.house_holds(performance_id) if staff else [],
    }
    return render(request, "fullhouse/performance.html", context)


@require_safe
@conditional_page
def section_seats(request: HttpRequest, performance_id: UUID, section_id: UUID) -> HttpResponse:
    """The numbered places of one section, row by row."""
    performance = _performance(request, performance_id)
    sections = EventSection._base_manager.filter(performance=performance_id)
    section = get_object_or_404(sections, pk=section_id)
    page = seat_plan.row_page(performance_id, section_id, request.GET.get("page"))
    context = {
        "performance": performance,
        "section": section,
        "page": page,
        "rows": seat_plan.rows_of(performance_id, section_id, page),
    }
    return render(request, "fullhouse/section.html", context)


def _performance(request: HttpRequest, performance_id: UUID) -> EventPerformance:
    found = EventPerformance._base_manager.select_related("event__venue")
    performance: EventPerformance = get_object_or_404(found, pk=performance_id)
    if performance.status == EventPerformance.Status.DRAFT and not is_staff(request):
        raise Http404
    return performance
