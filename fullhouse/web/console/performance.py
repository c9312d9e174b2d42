"""One performance of the console: its places, its sales, what happens now, and the proof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from fullhouse.events.domain import stories
from fullhouse.events.models import EventPerformance, LineStatus, Reservation, Seat
from fullhouse.events.services import explain
from fullhouse.events.services.explain import Story
from fullhouse.events.staff_groups import AUDIT, READ_LEDGER
from fullhouse.web.console import feed, figures, proof
from fullhouse.web.console.access import console_page
from fullhouse.web.console.actions import offered
from fullhouse.web.console.beat import beat_of
from fullhouse.web.console.curve import curve_of
from fullhouse.web.console.search import search
from fullhouse.web.templatetags.fullhouse_text import digits

STORY_ENTRIES = 200


def performance_row(performance_id: UUID) -> EventPerformance:
    """Return a performance with its event and venue; raises Http404."""
    rows = EventPerformance._base_manager.select_related("event__venue", "seating_plan")
    found: EventPerformance = get_object_or_404(
        rows.defer("seating_plan__document"), pk=performance_id
    )
    return found


@require_safe
@console_page()
def performance(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """The page of a performance."""
    beat = beat_of(request, performance_id)
    row = performance_row(performance_id)
    context = {
        **_now(request, row),
        **_sales(row),
        "beat": beat,
        "actions": offered(request.user, "performance", row),
    }
    return render(request, "fullhouse/console/performance.html", context)


@require_safe
@console_page()
def live(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """The moving parts of that page; 204 where nothing has moved since."""
    beat = beat_of(request, performance_id)
    if beat.still:
        return HttpResponse(status=204)
    context = {**_now(request, performance_row(performance_id)), "beat": beat}
    context["moved"] = beat.moved(context["branches"])
    return render(request, "fullhouse/console/parts/performance_live.html", context)


@require_safe
@console_page()
def sales(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """The curve and what was taken; dearer to read than the rest, and so asked for less often."""
    beat = beat_of(request, performance_id)
    if beat.still:
        return HttpResponse(status=204)
    context = {**_sales(performance_row(performance_id)), "beat": beat}
    return render(request, "fullhouse/console/parts/sales.html", context)


@require_safe
@console_page(AUDIT)
def prove(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """Recompute the performance and show what was checked."""
    context = {
        "performance": performance_row(performance_id),
        "proof": proof.proof_of(performance_id),
    }
    return render(request, "fullhouse/console/proof.html", context)


@require_safe
@console_page()
def find(request: HttpRequest) -> HttpResponse:
    """Search in one performance (`in`) or, for references, in all; one hit is shown at once."""
    text = request.GET.get("q", "")
    where = _uuid(request.GET.get("in", ""))
    hits = search(text, where)
    if isinstance(hits.only, Reservation):
        return redirect("web:console:the-reservation", hits.only.pk)
    if isinstance(hits.only, Seat):
        return redirect("web:console:seat", hits.only.pk)
    context = {"text": text, "hits": hits, "performance": performance_row(where) if where else None}
    return render(request, "fullhouse/console/find.html", context)


@require_safe
@console_page()
def reservation(request: HttpRequest, reservation_id: UUID) -> HttpResponse:
    """A reservation: its lines, what may be done with it, and its story."""
    rows = Reservation.objects.select_related("performance__event__venue")
    row = get_object_or_404(rows, pk=reservation_id)
    lines = row.lines.select_related(
        "seat", "allocation__section", "allocation__ticket_type", "ticket_type"
    )
    context: dict[str, Any] = {
        "row": row,
        "performance": row.performance,
        "lines": lines.order_by("status", "id")[:1000],
        "actions": offered(request.user, "reservation", row),
    }
    if request.user.has_perm(AUDIT):
        story = explain.explain_reservation(reservation_id=row.pk, last=STORY_ENTRIES)
        context |= _told(story)
    return render(request, "fullhouse/console/reservation.html", context)


@require_safe
@console_page()
def seat(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    """A numbered seat: whose it is now, and how it came to be."""
    rows = Seat.objects.select_related(
        "performance__event__venue", "section", "allocation__ticket_type"
    )
    row = get_object_or_404(rows, pk=seat_id)
    line = row.lines.filter(status__in=(LineStatus.RESERVED, LineStatus.SOLD))
    context: dict[str, Any] = {
        "row": row,
        "performance": row.performance,
        "line": line.select_related("reservation").first(),
    }
    if request.user.has_perm(AUDIT):
        context |= _told(explain.explain_seat(seat_id=row.pk, last=STORY_ENTRIES))
    return render(request, "fullhouse/console/seat.html", context)


def _told(story: Story) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "story": story,
        "sentences": [(one, _sentence(one, language)) for one in reversed(story.entries)],
    }


def _sentence(entry: stories.Entry, language: str) -> str:
    """Return what happened, without the time that stands beside it, its count in own digits."""
    _when, _colon, sentence = stories.told(entry, language).partition(": ")
    count, _space, rest = sentence.partition(" ")
    return f"{digits(count)} {rest}" if count.isdecimal() else sentence


def _now(request: HttpRequest, row: EventPerformance) -> dict[str, Any]:
    branches = figures.tree_of(row.pk)
    where = {leaf.id: (branch, leaf) for branch in branches for leaf in branch.leaves}
    rows = [
        (one, where.get(next(iter(one.allocations))) if len(one.allocations) == 1 else None)
        for one in feed.feed_of(row.pk)
    ]
    may = request.user.has_perm
    return {
        "performance": row,
        "branches": branches,
        "places": figures.together(branch.places for branch in branches),
        "feed": rows,
        "expiring": feed.expiring(row.pk),
        "overdue": feed.overdue(row.pk),
        "kept": feed.kept(row.pk),
        "may_read_ledger": may(READ_LEDGER),
        "may_audit": may(AUDIT),
        "section_actions": offered(request.user, "section", None),
        "allocation_actions": offered(request.user, "allocation", None),
    }


def _sales(row: EventPerformance) -> dict[str, Any]:
    return {"performance": row, "curve": curve_of(row.pk), "takings": figures.takings(row.pk)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
