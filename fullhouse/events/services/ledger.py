"""Reads the ledger out, whole or a stretch of it, without holding it in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import Error, transaction

from fullhouse.events.engine.failures import failure
from fullhouse.events.models import Movement

COLUMNS: Final = (
    "id",
    "at",
    "performance_id",
    "allocation_id",
    "seat_id",
    "reservation_id",
    "from_state",
    "to_state",
    "quantity",
    "operation",
    "actor",
    "reason",
)
_FETCHED_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Which movements: None is no bound. `since` is included, `until` is not; both aware.

    `after` is the id of a movement: those that were written after it. `event_ids` empty: all.
    """

    performance_id: UUID | None = None
    event_ids: Collection[UUID] = ()
    since: datetime | None = None
    until: datetime | None = None
    after: UUID | None = None
    limit: int | None = None


def movements(stretch: Stretch, *, using: str = "default") -> Iterator[tuple[object, ...]]:
    """Yield movements as COLUMNS, in the order of their ids, which is that of their making.

    One snapshot, read through a cursor of the server in a transaction that lasts until the
    iterator is exhausted or closed. Of what commits meanwhile nothing is seen: who goes on from
    the last id overlaps some seconds, as ids are given before the commit. Raises Conflict,
    EngineFault. No locks.
    """
    rows = Movement.objects.using(using).order_by("id")
    if stretch.performance_id is not None:
        rows = rows.filter(performance=stretch.performance_id)
    if stretch.event_ids:
        rows = rows.filter(performance__event__in=stretch.event_ids)
    if stretch.since is not None:
        rows = rows.filter(at__gte=stretch.since)
    if stretch.until is not None:
        rows = rows.filter(at__lt=stretch.until)
    if stretch.after is not None:
        rows = rows.filter(id__gt=stretch.after)
    found = rows.values_list(*COLUMNS)
    if stretch.limit is not None:
        found = found[: stretch.limit]
    try:
        with transaction.atomic(using=using):
            yield from found.iterator(chunk_size=_FETCHED_AT_ONCE)
    except Error as error:
        raise failure(error) from error
