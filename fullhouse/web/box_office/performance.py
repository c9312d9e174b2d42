"""One performance: its seat map, what it has to sell, and the step from a choice to a hold."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fullhouse.events.domain.errors import CapacityError, Refusal
from fullhouse.events.domain.references import token_hash
from fullhouse.events.models import EventPerformance, EventSection, LineStatus, Seat
from fullhouse.web import seat_plan
from fullhouse.web.box_office import basket, orders
from fullhouse.web.box_office.codes import reservation_code
from fullhouse.web.box_office.elsewhere import elsewhere
from fullhouse.web.box_office.find import Mine, mine
from fullhouse.web.box_office.menu import Menu, menu_of
from fullhouse.web.box_office.refusals import ANSWERS, told
from fullhouse.web.box_office.words import map_words
from fullhouse.web.staff import is_staff

ON_SALE = EventPerformance.Status.ON_SALE


@require_safe
@never_cache
def show(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """One performance: choose seats or how many, see prices, and what else is free."""
    performance = find_performance(request, performance_id)
    return _page(request, performance, menu_for(performance))


@require_safe
@never_cache
def section(request: HttpRequest, performance_id: UUID, section_id: UUID) -> HttpResponse:
    """The numbered places of one section, row by row, to choose from without a map."""
    performance = find_performance(request, performance_id)
    menu = menu_for(performance)
    found = menu.section(section_id)
    if found is None:
        raise Http404
    page = seat_plan.row_page(performance_id, section_id, request.GET.get("page"))
    context = {
        **_common(performance, menu),
        "section": found,
        "page": page,
        "rows": seat_plan.rows_of(performance_id, section_id, page),
    }
    return render(request, "fullhouse/box_office/section.html", context)


@never_cache
def hold(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """Hold what was chosen and go to it; or say why not, and what else is free.

    A script (Accept: application/json) is told the address, or the refusal with its seats. Who
    only reads (a refusal's page in another language, say) is shown the performance.
    """
    if request.method != "POST":
        return redirect("web:performance", performance_id)
    performance = find_performance(request, performance_id)
    menu = menu_for(performance)
    try:
        asked = orders.asked_for(request.POST, menu)
        held = orders.hold(performance_id, asked)
    except ANSWERS as error:
        return _refused(request, performance, error)
    address = reverse("web:reservation", args=[performance_id, held.reservation_id])
    response: HttpResponse = (
        JsonResponse({"to": address}) if _wants_json(request) else redirect(address)
    )
    code = reservation_code(token_hash(held.token))
    entry = basket.Entry("r", performance_id, held.reservation_id, code)
    basket.keep(request, response, entry)
    return response


def find_performance(request: HttpRequest, performance_id: UUID) -> EventPerformance:
    """Return a performance that the visitor may see. Raises Http404."""
    rows = EventPerformance._base_manager.select_related("event__venue")
    performance: EventPerformance = get_object_or_404(rows, pk=performance_id)
    if performance.status == EventPerformance.Status.DRAFT and not is_staff(request):
        raise Http404
    return performance


def menu_for(performance: EventPerformance) -> Menu:
    """Return what a performance has to sell."""
    seats = Seat.objects.filter(performance=performance.pk, section=OuterRef("pk"))
    rows = EventSection._base_manager.filter(Exists(seats), performance=performance.pk)
    seated = frozenset(rows.values_list("pk", flat=True))
    return menu_of(performance.pk, performance.event_id, seated)


def _page(
    request: HttpRequest,
    performance: EventPerformance,
    menu: Menu,
    refusal: str = "",
) -> HttpResponse:
    context = {
        **_common(performance, menu),
        "refusal": refusal,
        "asked": request.POST,
        "words": map_words(),
        "kinds": _kinds(menu),
        "held": _held(request, performance.pk),
        "stream": _stream(performance.pk),
    }
    status = 409 if refusal else 200
    return render(request, "fullhouse/box_office/performance.html", context, status=status)


def _held(request: HttpRequest, performance_id: UUID) -> Mine | None:
    """Return this browser's newest hold here, of which there may be several."""
    found = (each for each in mine(request) if each.performance.pk == performance_id)
    return next((each for each in found if each.status == LineStatus.RESERVED), None)


def _common(performance: EventPerformance, menu: Menu) -> dict[str, Any]:
    now = timezone.now()
    opens, closes = performance.sales_open_at, performance.sales_close_at
    on_sale = (
        performance.status == ON_SALE
        and not (opens and now < opens)
        and not (closes and now >= closes)
    )
    return {
        "performance": performance,
        "menu": menu,
        "on_sale": on_sale,
        "opens_later": performance.status == ON_SALE and bool(opens and now < opens),
        "sold_out": on_sale and not menu.places.available and bool(menu.places.total),
        "elsewhere": elsewhere(performance, menu),
        "key": uuid.uuid4().hex,
    }


def _refused(
    request: HttpRequest, performance: EventPerformance, error: CapacityError
) -> HttpResponse:
    message = told(error)
    if not _wants_json(request):
        # What is free now: others may have been quicker since the form was read.
        return _page(request, performance, menu_for(performance), message)
    facts = error.facts if isinstance(error, Refusal) else {}
    body = {
        "code": error.code if isinstance(error, Refusal) else type(error).__name__,
        "message": message,
        "seats": facts.get("seat_ids") or [],
    }
    return JsonResponse(body, status=409)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _kinds(menu: Menu) -> dict[str, dict[str, Any]]:
    """Return as which ticket types a seat of a section's pool may be sold, and for how much."""
    return {
        str(section.id): {
            "pool": str(section.pool_price),
            "types": [
                {"id": str(each.ticket_type_id), "name": each.name or "", "price": str(each.price)}
                for each in section.of_pool
            ],
        }
        for section in menu.sections
        if section.seated and section.pool_price is not None
    }


def _stream(performance_id: UUID) -> str:
    """Return where changes are told as they happen, '' where the site has no such address."""
    address = f"/api/v1/performances/{performance_id}/stream"
    try:
        resolve(address)
    except Resolver404:
        return ""
    return address
