"""`/console/`: venue, performance, section, type, each with its places, refreshed while seen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from fullhouse.events.models import EventPerformance, Venue
from fullhouse.web.console import figures
from fullhouse.web.console.access import console_page, in_part
from fullhouse.web.console.beat import beat_of
from fullhouse.web.console.slices import Slice, slice_of
from fullhouse.web.places import Places

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class VenueRows:
    """The performances of one venue that are on this page, with their places.

    `places` are of all that were asked for there, on this page and on others.
    """

    venue: Venue
    places: Places
    rows: tuple[tuple[EventPerformance, Places], ...]


class GlanceFilter(forms.Form):
    """All fields are optional; what cannot be read is shown as an error and left out."""

    q = forms.CharField(
        label=_("Event or venue"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    venue = forms.ModelChoiceField(
        Venue.objects.all(), label=_("Venue"), required=False, empty_label=_("all venues")
    )
    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("all dates")), ("coming", _("from today")), ("past", _("before today"))],
    )
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("any state")), *EventPerformance.Status.choices],
    )

    def found(self) -> Any:
        """Return the performances asked for."""
        self.is_valid()
        asked, today = self.cleaned_data, timezone.localdate()
        when = asked.get("when")
        return figures.found(
            text=asked.get("q") or "",
            venue_id=asked["venue"].pk if asked.get("venue") else None,
            status=asked.get("status") or "",
            since=today if when == "coming" else None,
            until=today - datetime.timedelta(days=1) if when == "past" else None,
        )


@require_safe
@console_page()
def house(request: HttpRequest) -> HttpResponse:
    """The house at a glance; a part of it (the figures alone) where the page asks for that.

    204 where nothing has moved since that part was read.
    """
    beat = beat_of(request)
    if beat.still:
        return HttpResponse(status=204)
    form = GlanceFilter(request.GET, label_suffix="")
    rows = form.found()
    page = slice_of(rows, request.GET.get("page"), PER_PAGE)
    by_venue = figures.places_by_venue(rows)
    context = {
        "form": form,
        "beat": beat,
        "asked": _asked(request),
        "page": page,
        "venues": _by_venue(page, by_venue),
        "total": figures.together(by_venue.values()),
        "filtered": any(form.cleaned_data.values()),
    }
    part = "fullhouse/console/parts/glance_live.html"
    return render(request, part if in_part(request) else "fullhouse/console/glance.html", context)


@require_safe
@console_page()
def branches(request: HttpRequest, performance_id: UUID) -> HttpResponse:
    """The sections and types of one performance, to be put under its row; 204: as before."""
    beat = beat_of(request, performance_id)
    if beat.still:
        return HttpResponse(status=204)
    branches = figures.tree_of(performance_id)
    context = {
        "branches": branches,
        "moved": beat.moved(branches),
        "performance_id": performance_id,
        "beat": beat,
    }
    return render(request, "fullhouse/console/parts/branches.html", context)


def _asked(request: HttpRequest) -> str:
    """Return what the page was asked for, to be asked again, without the beat's own words."""
    asked = request.GET.copy()
    for name in ("since", "at"):
        asked.pop(name, None)
    return asked.urlencode()


def _by_venue(page: Slice[EventPerformance], by_venue: Mapping[UUID, Places]) -> list[VenueRows]:
    places = figures.places_of([row.pk for row in page.rows])
    grouped = groupby(page.rows, key=lambda row: row.event.venue)
    return [
        VenueRows(
            venue,
            by_venue.get(venue.pk, Places()),
            tuple((row, places[row.pk]) for row in rows),
        )
        for venue, rows in grouped
    ]
