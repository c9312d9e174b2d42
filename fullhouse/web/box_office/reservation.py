"""A reservation of this browser: the hold with its countdown, then the tickets, or its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventPerformance, LineStatus
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.extend import extend
from fullhouse.events.services.lines import LinePart
from fullhouse.events.services.release import release
from fullhouse.events.services.reservations import (
    LineState,
    ReservationState,
    reservation_state,
)
from fullhouse.web.box_office import basket
from fullhouse.web.box_office.codes import Ticket, code_matches, ticket_code
from fullhouse.web.box_office.elsewhere import others_of
from fullhouse.web.box_office.orders import ACTOR
from fullhouse.web.box_office.payment import NotPaid, Order, Paid, payment
from fullhouse.web.box_office.refusals import ANSWERS, told
from fullhouse.web.box_office.words import map_words
from fullhouse.web.sorting import sorted_by_name

# More are a group's, and printed by the box office.
_MOST_TICKETS = 200


@dataclass(frozen=True, slots=True)
class Printed:
    """A ticket to print: `number` of `of` tickets of its line, and the square with its code."""

    line: LineState
    number: int
    of: int
    price: Decimal
    square: SafeString
    code: str


@require_safe
@never_cache
def show(request: HttpRequest, performance_id: UUID, reservation_id: UUID) -> HttpResponse:
    """The hold with its countdown, the tickets, or what became of them."""
    found, code = opened(request, performance_id, reservation_id)
    performance = _performance(performance_id)
    context: dict[str, Any] = {
        "performance": performance,
        "reservation": found,
        "code": code,
        "lines": _in_order(line for line in found.lines if line.status == found.status),
    }
    if found.status == LineStatus.RESERVED and found.expires_at:
        seconds, whole = seconds_left(found.expires_at), settings.FULLHOUSE_HOLD_SECONDS
        context |= {"seconds": seconds, "whole": whole, "words": map_words()}
        return render(request, "fullhouse/box_office/hold.html", context)
    if found.status == LineStatus.SOLD:
        context["tickets"] = tickets_of(found)
        return render(request, "fullhouse/box_office/tickets.html", context)
    context["others"] = others_of(performance)
    return render(request, "fullhouse/box_office/ended.html", context)


def seconds_left(deadline: datetime) -> int:
    """Return how many whole seconds are left by the server's clock, at least 0."""
    return max(0, int((deadline - timezone.now()).total_seconds()))


@require_POST
@never_cache
def give_more_time(
    request: HttpRequest, performance_id: UUID, reservation_id: UUID
) -> HttpResponse:
    """Extend the hold by as much time as it had at first."""
    opened(request, performance_id, reservation_id)
    try:
        done = extend(
            performance_id=performance_id,
            reservation_id=reservation_id,
            ttl_seconds=settings.FULLHOUSE_HOLD_SECONDS,
            actor=ACTOR,
        )
    except ANSWERS as error:
        messages.error(request, told(error))
    else:
        capped = _("You have more time; no more than this is possible.")
        messages.success(request, capped if done.capped else _("You have more time."))
    return _back(performance_id, reservation_id)


@require_POST
@never_cache
def give_back(request: HttpRequest, performance_id: UUID, reservation_id: UUID) -> HttpResponse:
    """Release the hold, or the one line that the form names."""
    found, _code = opened(request, performance_id, reservation_id)
    line = next(
        (each for each in found.lines if str(each.line_id) == request.POST.get("line")), None
    )
    try:
        done = release(
            performance_id=performance_id,
            reservation_id=reservation_id,
            lines=[LinePart(line.line_id)] if line else None,
            actor=ACTOR,
        )
    except ANSWERS as error:
        messages.error(request, told(error))
        return _back(performance_id, reservation_id)
    messages.success(request, _("The places were given back."))
    if done.left:
        return _back(performance_id, reservation_id)
    response = redirect("web:performance", performance_id)
    basket.drop(request, response, "r", reservation_id)
    return response


@require_POST
@never_cache
def pay(request: HttpRequest, performance_id: UUID, reservation_id: UUID) -> HttpResponse:
    """Begin to pay: to the gateway, or at once to the tickets."""
    found, _code = opened(request, performance_id, reservation_id)
    if found.status == LineStatus.SOLD:
        return _back(performance_id, reservation_id)
    if found.status != LineStatus.RESERVED:
        messages.error(request, told(Refusal("expired")))
        return _back(performance_id, reservation_id)
    order = _order(request, found)
    try:
        begun = payment().begin(request, order)
    except NotPaid as error:
        messages.error(request, str(error))
        return _back(performance_id, reservation_id)
    return _sell(request, order, begun) if isinstance(begun, Paid) else redirect(begun)


@never_cache
def paid(request: HttpRequest, performance_id: UUID, reservation_id: UUID) -> HttpResponse:
    """The buyer comes back from the gateway, which alone knows whether the money came."""
    found, _code = opened(request, performance_id, reservation_id)
    if found.status == LineStatus.SOLD:
        return _back(performance_id, reservation_id)
    order = _order(request, found)
    try:
        receipt = payment().finish(request, order)
    except NotPaid as error:
        messages.error(request, str(error))
        return _back(performance_id, reservation_id)
    return _sell(request, order, receipt)


def opened(
    request: HttpRequest, performance_id: UUID, reservation_id: UUID
) -> tuple[ReservationState, str]:
    """Return a reservation of this browser and its code.

    Raises the same Http404 whether it is not there or somebody else's.
    """
    code = basket.secret_of(request, "r", performance_id, reservation_id)
    if code is None:
        raise Http404
    try:
        found = reservation_state(performance_id=performance_id, reservation_id=reservation_id)
    except Refusal as refusal:
        raise Http404 from refusal
    if not code_matches(code, found.token_hash):
        raise Http404
    return found, code


def tickets_of(found: ReservationState) -> list[Printed]:
    """Return the tickets of a sale, each with a code of its own."""
    made = []
    for line in _in_order(line for line in found.lines if line.status == LineStatus.SOLD):
        of = line.quantity // line.places_per_ticket
        for number in range(1, of + 1):
            code = ticket_code(Ticket(found.reservation_id, line.line_id, number))
            made.append(Printed(line, number, of, line.unit_price, _square(code), code))
            if len(made) == _MOST_TICKETS:
                return made
    return made


def _in_order(lines: Iterable[LineState]) -> list[LineState]:
    """Return lines by section, row and seat, as people look for them."""
    return sorted_by_name(
        lines, lambda line: f"{line.section}\t{line.row_number or ''}\t{line.seat_number or ''}"
    )


def _square(code: str) -> SafeString:
    """Draw a QR code as SVG: dark on white in any scheme, since that is what scanners read."""
    drawn = segno.make(code, error="m").svg_inline(
        scale=1, border=2, dark="#000", light="#fff", svgclass="square", omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308 - made here of a code of ours


def _sell(request: HttpRequest, order: Order, receipt: Paid) -> HttpResponse:
    try:
        confirm(
            performance_id=order.performance_id,
            reservation_id=order.reservation_id,
            late=True,
            actor=ACTOR,
            reason=receipt.receipt[:255],
        )
    except ANSWERS as error:
        payment().give_back(order, receipt)
        messages.error(request, told(error))
    return _back(order.performance_id, order.reservation_id)


def _order(request: HttpRequest, found: ReservationState) -> Order:
    where = (found.performance_id, found.reservation_id)
    return Order(
        *where,
        reference=found.reference,
        amount=found.total,
        currency=found.currency,
        title=_performance(found.performance_id).event.title,
        return_url=request.build_absolute_uri(reverse("web:paid", args=where)),
    )


def _performance(performance_id: UUID) -> EventPerformance:
    rows = EventPerformance._base_manager.select_related("event__venue")
    found: EventPerformance = rows.get(pk=performance_id)
    return found


def _back(performance_id: UUID, reservation_id: UUID) -> HttpResponse:
    return redirect("web:reservation", performance_id, reservation_id)
