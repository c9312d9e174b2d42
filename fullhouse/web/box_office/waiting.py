"""The waiting list: join it, see one's place, take an offer, leave."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.references import token_hash, token_matches
from fullhouse.events.models import EventPerformance, Reservation, WaitingEntry
from fullhouse.events.services.waiting_list import join_waiting_list, withdraw_waiting
from fullhouse.events.services.waiting_offers import take_offer
from fullhouse.web.box_office import basket
from fullhouse.web.box_office.codes import reservation_code
from fullhouse.web.box_office.orders import ACTOR, CHANNEL, whole
from fullhouse.web.box_office.performance import find_performance
from fullhouse.web.box_office.refusals import ANSWERS, told
from fullhouse.web.box_office.reservation import seconds_left
from fullhouse.web.box_office.words import map_words

MOST = 20


@require_POST
@never_cache
def join(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """Join the waiting list of a performance."""
    find_performance(request, performance_id)
    form = request.POST
    key = form.get("key", "")
    try:
        quantity = whole(form.get("quantity"))
        if not 1 <= quantity <= MOST:
            raise InvalidRequest("", _("How many tickets? 1 to %d.") % MOST)
        contact = form.get("contact", "").strip()[:255]
        if not contact:
            raise InvalidRequest("", _("Say how to reach you when places become free."))
        joined = join_waiting_list(
            performance_id=performance_id,
            quantity=quantity,
            section_id=_id(form.get("section")),
            together="together" in form,
            customer=contact,
            contact=contact,
            actor=ACTOR,
            idempotency_key=f"web-wait:{key}" if len(key) >= 16 else None,
        )
    except ANSWERS as error:
        messages.error(request, told(error))
        return redirect("web:performance", performance_id)
    response = redirect("web:waiting", performance_id, joined.entry_id)
    entry = basket.Entry("w", performance_id, joined.entry_id, joined.token)
    basket.keep(request, response, entry)
    return response


@require_safe
@never_cache
def show(request: HttpRequest, performance_id: UUID, entry_id: UUID) -> HttpResponse:
    """One's place on the list, and the offer where there is one."""
    entry, _token = _opened(request, performance_id, entry_id)
    ahead = WaitingEntry.objects.filter(performance=performance_id, status="waiting").filter(
        Q(joined_at__lt=entry.joined_at) | Q(joined_at=entry.joined_at, id__lt=entry.pk)
    )
    offer = None
    if entry.status == WaitingEntry.Status.OFFERED and entry.offer_id:
        # One past its time is nobody's until it is swept.
        offer = Reservation.objects.filter(
            performance=performance_id, pk=entry.offer_id, expires_at__gt=timezone.now()
        ).first()
    context = {
        "waits": entry.status in (WaitingEntry.Status.WAITING, WaitingEntry.Status.SKIPPED),
        "seconds": seconds_left(offer.expires_at) if offer and offer.expires_at else 0,
        "words": map_words(),
        "entry": entry,
        "performance": EventPerformance._base_manager.select_related("event__venue").get(
            pk=performance_id
        ),
        "ahead": ahead.count(),
        "offer": offer,
    }
    return render(request, "fullhouse/box_office/waiting.html", context)


@require_POST
@never_cache
def take(request: HttpRequest, performance_id: UUID, entry_id: UUID) -> HttpResponse:
    """Take the offer: its places become a hold of this browser."""
    _entry, token = _opened(request, performance_id, entry_id)
    try:
        done = take_offer(
            performance_id=performance_id,
            entry_id=entry_id,
            token=token,
            ttl_seconds=settings.FULLHOUSE_HOLD_SECONDS,
            channel=CHANNEL,
            actor=ACTOR,
        )
    except ANSWERS as error:
        messages.error(request, told(error))
        return redirect("web:waiting", performance_id, entry_id)
    response = redirect("web:reservation", performance_id, done.reservation_id)
    code = reservation_code(token_hash(token))
    entry = basket.Entry("r", performance_id, done.reservation_id, code)
    basket.keep(request, response, entry)
    return response


@require_POST
@never_cache
def leave(request: HttpRequest, performance_id: UUID, entry_id: UUID) -> HttpResponse:
    """Leave the list, or decline the offer; who waited is forgotten."""
    _entry, token = _opened(request, performance_id, entry_id)
    try:
        withdraw_waiting(
            performance_id=performance_id, entry_id=entry_id, token=token, erase=True, actor=ACTOR
        )
    except ANSWERS as error:
        messages.error(request, told(error))
        return redirect("web:waiting", performance_id, entry_id)
    messages.success(request, _("You are no longer on the waiting list."))
    response = redirect("web:performance", performance_id)
    basket.drop(request, response, "w", entry_id)
    return response


def _opened(request: HttpRequest, performance_id: UUID, entry_id: UUID) -> tuple[WaitingEntry, str]:
    token = basket.secret_of(request, "w", performance_id, entry_id)
    entry = WaitingEntry.objects.filter(performance=performance_id, pk=entry_id).first()
    stored = bytes(entry.token_hash) if entry and entry.token_hash else None
    if token is None or entry is None or not token_matches(token, stored):
        raise Http404
    return entry, token


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidRequest("", _("This choice is not known here. Load the page again.")) from None
