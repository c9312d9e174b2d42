"""What happens now in a performance: the ledger's last movements, and holds about to end."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from fullhouse.events.models import LineStatus, Movement, Reservation

SHOWN: Final = 9
_READ: Final = 300  # rows of the ledger: a party of seats is one line of the feed
EXPIRING: Final = 8
KEPT_SHOWN: Final = 12
SET_ASIDE: Final = (
    Reservation.Kind.HOUSE,
    Reservation.Kind.KILL,
    Reservation.Kind.CHANNEL,
)
SOON: Final = datetime.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Happening:
    """One step: places that went the same way at one instant by one operation."""

    first: Movement
    places: int
    reference: str = ""
    allocations: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Feed:
    """Newest first. `newest` is the last movement's id, by which a page asks for what follows."""

    rows: tuple[Happening, ...]
    newest: UUID | None


def feed_of(performance_id: UUID) -> Feed:
    """Return the last movements, in two queries.

    Ids rise with time, so that the newest are read without sorting the ledger.
    """
    found = Movement.objects.filter(performance=performance_id).order_by("-id")
    rows = list(found[:_READ])
    references = _references(performance_id, rows)
    told = []
    for _key, group in groupby(rows, key=_same):
        parts = list(group)
        named = parts[0].reservation_id
        told.append(
            Happening(
                first=parts[0],
                places=sum(part.quantity for part in parts),
                reference=references.get(named, "") if named else "",
                allocations=frozenset(part.allocation_id for part in parts),
            )
        )
    return Feed(tuple(told[:SHOWN]), rows[0].pk if rows else None)


def has_moved(performance_id: UUID, since: UUID) -> bool:
    """Tell whether the ledger has rows after that one."""
    return Movement.objects.filter(performance=performance_id, pk__gt=since).exists()


def expiring(performance_id: UUID) -> list[Any]:
    """Return the holds that end next, with `places`, within `SOON`. One query by an index."""
    now = timezone.now()
    rows = Reservation.objects.filter(
        performance=performance_id,
        status=LineStatus.RESERVED,
        expires_at__gt=now,
        expires_at__lte=now + SOON,
    ).annotate(places=_live_places())
    return list(rows.order_by("expires_at", "id")[:EXPIRING])


def overdue(performance_id: UUID) -> int:
    """Return the places of holds past their deadline: free to buyers, not yet swept."""
    rows = Reservation.objects.filter(
        performance=performance_id, status=LineStatus.RESERVED, expires_at__lte=Now()
    )
    return int(rows.aggregate(places=_live_places())["places"])


def kept(performance_id: UUID) -> list[Any]:
    """Return what the house and the sales channels keep, with `places`, newest first."""
    rows = Reservation.objects.filter(
        performance=performance_id, status=LineStatus.RESERVED, kind__in=SET_ASIDE
    ).annotate(places=_live_places())
    return list(rows.order_by("-id")[:KEPT_SHOWN])


def _live_places() -> Coalesce:
    return Coalesce(Sum("lines__quantity", filter=Q(lines__status=LineStatus.RESERVED)), 0)


def _same(row: Movement) -> tuple[Any, ...]:
    return row.at, row.operation, row.from_state, row.to_state, row.reservation_id


def _references(performance_id: UUID, rows: list[Movement]) -> dict[UUID, str]:
    ids = {row.reservation_id for row in rows if row.reservation_id}
    named = Reservation.objects.filter(performance=performance_id, pk__in=ids)
    return dict(named.values_list("pk", "reference"))
