"""Whether anything has moved since a page was last told: what a heartbeat asks before it reads."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from fullhouse.events.models import LineStatus, Reservation
from fullhouse.events.services.changes import changes_since
from fullhouse.web.console.figures import Branch

# By so much the clocks of this server and of the database may differ.
_SKEW: Final = datetime.timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Beat:
    """`still`: nothing to read since the beat before.

    `since` and `at`: what the next one is asked with. `sections`: where places moved; None: not
    known, or more than places.
    """

    still: bool
    since: str
    at: str
    sections: frozenset[UUID] | None

    @property
    def query(self) -> str:
        """`since` and `at` as they stand in an address."""
        return urlencode({"since": self.since, "at": self.at})

    def moved(self, branches: Sequence[Branch]) -> Sequence[Branch] | None:
        """Return the branches to be drawn anew, None for the whole tree."""
        if self.sections is None:
            return None
        return [one for one in branches if one.id in self.sections]


def beat_of(request: HttpRequest, performance_id: UUID | None = None) -> Beat:
    """Look at the ledger, and for holds that have ended. Take it before the figures are read.

    Two looks at indexes; `performance_id` None: of all performances. A page that is opened
    (without `since`) is not still. Raises CapacityError.
    """
    since, at = request.GET.get("since"), request.GET.get("at", "")
    now = timezone.now()
    found = changes_since(performance_id=performance_id, cursor=since)
    before = _instant(at)
    known = bool(since and before) and not found.everything
    if known and before:
        ended = Reservation.objects.filter(
            status=LineStatus.RESERVED, expires_at__gt=before - _SKEW, expires_at__lte=Now()
        )
        of_it = ended.filter(performance=performance_id) if performance_id else ended
        known = not of_it.exists()
    sections: frozenset[UUID] | None = frozenset() if known else None
    for change in found.changes:
        if sections is not None:
            sections = None if change.sections is None else sections.union(change.sections)
    return Beat(known and not found.changes, found.position, now.isoformat(), sections)


def _instant(text: str) -> datetime.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
