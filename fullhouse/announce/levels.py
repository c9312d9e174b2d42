"""Tells when a performance runs low, sells out and has places again.

Told from the counters at the time of the look: what came and went between two looks is not told.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from fullhouse.announce.kinds import Kind
from fullhouse.announce.messages import Message
from fullhouse.announce.models import Level
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.engine.sql_files import schema

OPEN: Final = "open"
LOW: Final = "low"
SOLD_OUT: Final = "sold_out"
_COUNT: Final = """
    SELECT p.id, p.event_id, sum(a.available_capacity), sum(a.allocated_capacity)
    FROM {schema}.events_eventperformance AS p
    JOIN {schema}.events_sectiontickettype AS a ON a.performance_id = p.id
    WHERE p.id = ANY (%s) AND p.status = 'on_sale' GROUP BY p.id, p.event_id
"""


def level_of(available: int, total: int) -> str:
    """Return open, low (at most `FULLHOUSE_LOW_PERCENT` of the places left) or sold_out."""
    if available == 0:
        return SOLD_OUT
    return LOW if available * 100 <= total * settings.FULLHOUSE_LOW_PERCENT else OPEN


def kind_between(before: str, now: str) -> Kind | None:
    """Return what a step from one level to another is worth telling as."""
    if now == before:
        return None
    if now == SOLD_OUT:
        return Kind.SOLD_OUT
    if before == SOLD_OUT:
        return Kind.BACK
    return Kind.LOW if now == LOW else None


def level_messages(performance_ids: Collection[UUID], now: datetime.datetime) -> list[Message]:
    """Return the messages due for these performances on sale, and remember what was told.

    For the relay's transaction: what it remembers stands or falls with what it sends.
    """
    if not performance_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(schema=schema()), [list(performance_ids)])
        rows = cursor.fetchall()
    known = dict(
        Level.objects.filter(pk__in=performance_ids).values_list("performance_id", "level")
    )
    messages = []
    for performance_id, event_id, available, total in rows:
        level = level_of(int(available), int(total))
        kind = kind_between(known.get(performance_id, OPEN), level)
        if level != known.get(performance_id):
            Level.objects.update_or_create(pk=performance_id, defaults={"level": level})
        if kind is not None:
            data = {"available": int(available), "total": int(total)}
            messages.append(Message(f"msg_{uuid7()}", kind, now, performance_id, event_id, data))
    return messages
