"""Find my reservation, and what this browser has already."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fullhouse.events.domain.references import token_matches
from fullhouse.events.models import EventPerformance, LineStatus, Reservation, WaitingEntry
from fullhouse.language.fields import latin
from fullhouse.web.box_office import basket
from fullhouse.web.box_office.attempts import may_try
from fullhouse.web.box_office.codes import code_matches, reservation_code


class FindForm(forms.Form):
    """A reference and its code, as the tickets tell them."""

    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        max_length=100,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=100,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True, slots=True)
class Mine:
    """A reservation that this browser has."""

    reservation: Reservation
    performance: EventPerformance
    status: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Open a reservation by reference and code. A stranger learns nothing, and not quickly."""
    form = FindForm(request.POST or None, label_suffix="")
    status = 200
    if request.method == "POST" and form.is_valid():
        reference = latin(form.cleaned_data["reference"])
        if not may_try(request, reference):
            form.add_error(None, _("Too many attempts. Wait a minute and try again."))
            status = 429
        elif found := _match(reference, form.cleaned_data["code"].strip()):
            response = redirect("web:reservation", found.performance_id, found.pk)
            code = reservation_code(bytes(found.token_hash or b""))
            entry = basket.Entry("r", found.performance_id, found.pk, code)
            basket.keep(request, response, entry)
            return response
        else:
            form.add_error(
                None,
                _("No reservation has this reference with this code. Both are on your tickets."),
            )
            status = 404
    context = {"form": form, "mine": mine(request)}
    return render(request, "fullhouse/box_office/find.html", context, status=status)


@require_safe
@never_cache
def mine_page(request: HttpRequest) -> HttpResponse:
    """What this browser has: holds, tickets, places on waiting lists."""
    places = [entry for entry in basket.read(request) if entry.kind == "w"]
    waits = WaitingEntry.objects.filter(
        performance__in=[entry.performance_id for entry in places],
        pk__in=[entry.id for entry in places],
    )
    context = {
        "mine": mine(request),
        "waits": waits.select_related("performance__event").order_by("-joined_at", "id"),
    }
    return render(request, "fullhouse/box_office/mine.html", context)


def mine(request: HttpRequest) -> list[Mine]:
    """Return the reservations that this browser has, newest first, in one query."""
    secrets = {entry.id: entry.secret for entry in basket.read(request) if entry.kind == "r"}
    if not secrets:
        return []
    performances = {entry.performance_id for entry in basket.read(request) if entry.kind == "r"}
    rows = Reservation.objects.filter(performance__in=performances, pk__in=secrets)
    found = []
    for row in rows.order_by("-created_at", "id").select_related("performance__event__venue"):
        stored = bytes(row.token_hash) if row.token_hash else None
        if code_matches(secrets[row.pk], stored):
            found.append(Mine(row, row.performance, _status(row)))
    return found


def _status(row: Reservation) -> str:
    over = row.expires_at is not None and row.expires_at <= timezone.now()
    return LineStatus.EXPIRED if over and row.status == LineStatus.RESERVED else row.status


def _match(reference: str, secret: str) -> Reservation | None:
    """Return the reservation with this reference that the code or the token opens.

    References are unique in a performance; across performances all that match are looked at.
    """
    known = reference.upper()
    rows = Reservation.objects.filter(reference__in={reference, known})[:10]
    # Where there is none the same is computed all the same, for nobody.
    found: list[Reservation | None] = [*rows] or [None]
    opens = None
    for row in found:
        stored = bytes(row.token_hash) if row and row.token_hash else None
        matches = code_matches(secret, stored) | token_matches(secret, stored)
        opens = row if matches and row else opens
    return opens
