"""Which performances there are, with their places: one query, whatever the size of the houses."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Now

from fullhouse.events.models import EventPerformance, LineStatus, ReservationLine


def performances(
    *,
    text: str = "",
    event_id: UUID | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    free_only: bool = False,
    drafts: bool = False,
) -> QuerySet[EventPerformance]:
    """Return performances by date with `overdue` and `free` (places) beside their counters.

    `text` is looked for in the event's title and the venue's name and city; `since` and `until`
    are days, both included; `free_only` leaves out what is full or not on sale; `drafts` are for
    staff only.
    """
    late = (
        ReservationLine.objects.filter(
            performance=OuterRef("pk"),
            status=LineStatus.RESERVED,
            reservation__expires_at__lte=Now(),
        )
        .order_by()
        .values("performance")
        .annotate(places=Sum("quantity"))
        .values("places")
    )
    found = EventPerformance.objects.select_related("event__venue").annotate(
        overdue=Coalesce(Subquery(late), 0),
        free=F("available_capacity") + F("overdue"),
    )
    if not drafts:
        found = found.exclude(status=EventPerformance.Status.DRAFT)
    for word in text.split():
        found = found.filter(
            Q(event__title__icontains=word)
            | Q(event__venue__name__icontains=word)
            | Q(event__venue__city__icontains=word)
        )
    if event_id:
        found = found.filter(event=event_id)
    if since:
        found = found.filter(date__gte=since)
    if until:
        found = found.filter(date__lte=until)
    if free_only:
        found = found.filter(free__gt=0, status=EventPerformance.Status.ON_SALE)
    return found.order_by("date", "start_time", "id")
