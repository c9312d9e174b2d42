"""Pages that only tell: the story of a row in sentences, a performance at a past instant.

A reading is a page at an address of one row, with a permission of its own; nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import ModelAdmin
from fullhouse.events.admin.problems import in_words
from fullhouse.events.domain import stories
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.models import EventPerformance, Reservation, Seat, SectionTicketType
from fullhouse.events.services.explain import (
    Story,
    explain_allocation,
    explain_reservation,
    explain_seat,
)
from fullhouse.events.services.time_machine import house_at
from fullhouse.events.staff_groups import AUDIT, READ_LEDGER
from fullhouse.language.fields import MomentField, MomentInput
from fullhouse.language.writing import moment


@dataclass(frozen=True, slots=True)
class Reading:
    """What is told of a row: `tell` gives the template its facts from the row and the query."""

    name: str
    label: str | Promise
    permission: str
    template: str
    tell: Callable[[Any, HttpRequest], dict[str, Any]]


class ReadingAdmin(ModelAdmin):
    """An admin whose change page leads to readings, for who may see the row and has the right."""

    readings: ClassVar[tuple[Reading, ...]] = ()
    change_form_template = "admin/fullhouse/change_form.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        """Put the readings before Django's own catch-all."""
        own: list[URLPattern | URLResolver] = [
            path(
                f"<path:object_id>/{reading.name}/",
                self.admin_site.admin_view(self.reading_view),
                {"name": reading.name},
                name=f"{self.opts.app_label}_{self.opts.model_name}_{reading.name}",
            )
            for reading in self.readings
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        offered = [
            {"label": reading.label, "url": self._at(reading.name, object_id)}
            for reading in self.readings
            if request.user.has_perm(reading.permission)
        ]
        context = {**(extra_context or {}), "readings": offered}
        return super().change_view(request, object_id, form_url, context)

    def reading_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Tell it."""
        reading = next(each for each in self.readings if each.name == name)
        row = self.get_object(request, object_id)
        may = request.user.has_perm(reading.permission)
        if not (may and self.has_view_permission(request, row)):
            raise PermissionDenied
        if row is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": reading.label,
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "back": self._at("change", object_id),
            **reading.tell(row, request),
        }
        return TemplateResponse(request, reading.template, context)

    def _at(self, name: str, object_id: str) -> str:
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(address, args=[object_id])


def _told(story: Story) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "about": story.about,
        "earlier": stories.earlier(story.earlier, language) if story.earlier else "",
        "sentences": [_sentence(entry, language) for entry in story.entries],
        "ending": stories.ending(story.now, language),
    }


def _sentence(entry: stories.Entry, language: str) -> str:
    """Return what was done, its time as the reader writes it; the domain knows ISO alone."""
    sentence = stories.told(entry, language).partition(": ")[2]
    return f"{moment(entry.at)}: {sentence}"


def _seat(row: Seat, _request: HttpRequest) -> dict[str, Any]:
    return _told(explain_seat(seat_id=row.pk))


def _allocation(row: SectionTicketType, _request: HttpRequest) -> dict[str, Any]:
    return _told(explain_allocation(allocation_id=row.pk))


def _reservation(row: Reservation, _request: HttpRequest) -> dict[str, Any]:
    return _told(explain_reservation(reservation_id=row.pk))


class AtForm(forms.Form):
    """An instant, read on the venue's clock."""

    at = MomentField(
        label=_("Instant"),
        required=False,
        help_text=_("On the venue's clock. Empty: now."),
        widget=MomentInput(attrs={"step": 1}),
    )


def _at_instant(row: EventPerformance, request: HttpRequest) -> dict[str, Any]:
    zone = ZoneInfo(row.event.venue.time_zone)
    form = AtForm(request.GET or None)
    house = None
    with timezone.override(zone):
        if not form.is_bound or form.is_valid():
            at = form.cleaned_data["at"] if form.is_bound else None
            try:
                house = house_at(performance_id=row.pk, at=at, with_seats=False)
            except InvalidRequest as invalid:
                form.add_error("at", in_words(invalid))
        when = None if house is None else moment(house.at)
    return {"form": form, "house": house, "when": when, "zone": zone.key}


_STORY = "admin/fullhouse/story.html"
SEAT_STORY = Reading("story", _("Story"), AUDIT, _STORY, _seat)
ALLOCATION_STORY = Reading("story", _("Story"), AUDIT, _STORY, _allocation)
RESERVATION_STORY = Reading("story", _("Story"), AUDIT, _STORY, _reservation)
AT_INSTANT = Reading(
    "at", _("Places at an instant"), READ_LEDGER, "admin/fullhouse/at.html", _at_instant
)
