"""What happens now in a performance: the ledger's last movements, and holds about to end."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, Sum, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from fullhouse.events.models import LineStatus, Movement, Reservation

SHOWN: Final = 9
# What the rows of one step have in common; their times differ by microseconds.
_STEP: Final = ("txid", "operation", "from_state", "to_state", "reservation_id")
_TXID: Final = RawSQL("coalesce(txid::text, at::text)", (), output_field=TextField())
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


def feed_of(performance_id: UUID) -> tuple[Happening, ...]:
    """Return the last movements, newest first, in two queries (three where many seats moved).

    Ids rise with time, so that the newest are read without sorting the ledger.
    """
    of_it = Movement.objects.filter(performance=performance_id).annotate(txid=_TXID)
    rows = list(of_it.order_by("-id")[:_READ])
    groups: dict[tuple[Any, ...], list[Movement]] = {}
    for row in rows:
        groups.setdefault(_same(row), []).append(row)
    shown = list(groups.items())[:SHOWN]
    references = _references(performance_id, rows)
    told = []
    for key, parts in shown:
        named = parts[0].reservation_id
        places = sum(part.quantity for part in parts)
        if len(rows) == _READ and parts[-1] is rows[-1]:  # it began before what was read
            places = of_it.filter(**dict(zip(_STEP, key, strict=True))).aggregate(
                places=Sum("quantity")
            )["places"]
        told.append(
            Happening(
                first=parts[0],
                places=places,
                reference=references.get(named, "") if named else "",
                allocations=frozenset(part.allocation_id for part in parts),
            )
        )
    return tuple(told)


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
    return tuple(getattr(row, name) for name in _STEP)


def _references(performance_id: UUID, rows: Sequence[Movement]) -> dict[UUID, str]:
    ids = {row.reservation_id for row in rows if row.reservation_id}
    named = Reservation.objects.filter(performance=performance_id, pk__in=ids)
    return dict(named.values_list("pk", "reference"))
