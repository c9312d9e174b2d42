"""What else is free, for a buyer who cannot have this."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from fullhouse.events.models import EventPerformance
from fullhouse.events.services import listings
from fullhouse.web.box_office.menu import Menu, Section

_PERFORMANCES = 6


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Sections of this performance with free places, and other performances of its event."""

    sections: tuple[Section, ...]
    performances: tuple[EventPerformance, ...]


def others_of(performance: EventPerformance) -> tuple[EventPerformance, ...]:
    """Return the next performances of the same event that have free places, by date."""
    start = min(timezone.localdate(), performance.date)
    found = listings.performances(event_id=performance.event_id, since=start, free_only=True)
    return tuple(found.exclude(pk=performance.pk)[:_PERFORMANCES])


def elsewhere(performance: EventPerformance, menu: Menu) -> Elsewhere:
    """Return what else can be had now, the roomiest section first."""
    free = [section for section in menu.sections if section.places.available]
    free.sort(key=lambda section: -section.places.available)
    return Elsewhere(tuple(free), others_of(performance))
