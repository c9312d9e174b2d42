"""Sends what waits: in order per performance and endpoint, at least once, then gives up.

A lane is the messages of one endpoint about one performance. Its oldest message goes first, and
the next only after it was accepted or given up. Whoever sends holds the lane's lock; no transaction
is open meanwhile. A worker that dies in the middle leaves the message pending: it is sent again,
with the same `webhook-id`.
"""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from fullhouse.announce.locks import held
from fullhouse.announce.models import WebhookDelivery, WebhookEndpoint
from fullhouse.announce.post import GONE, Answer, post
from fullhouse.announce.signing import signed_headers
from fullhouse.events.engine.sql_files import schema

#: 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then every 6 hours: a day and a half in all.
MOST_ATTEMPTS: Final = 11
_FIRST_SECONDS: Final = 5.0
_FACTOR: Final = 4.0
_LONGEST_SECONDS: Final = 6 * 3600.0
_JITTER: Final = 0.2
_LANES_AT_ONCE: Final = 50

# After that a sender goes on to the next lane, so that a busy one keeps nobody else's back.
_LANE_SECONDS: Final = 5.0

# The oldest message of each lane, found by stepping from lane to lane in the index: what waits
# behind it costs nothing, however long an endpoint is away. Endpoints take turns: the lanes of one
# that does not answer stand behind the first lane of everybody else.
_DUE: Final = """
WITH RECURSIVE head AS (
    (SELECT d.endpoint_id, d.lane, d.next_try_at FROM {schema}.announce_webhookdelivery AS d
     WHERE d.status = 'pending' ORDER BY d.endpoint_id, d.lane, d.id LIMIT 1)
    UNION ALL
    SELECT n.* FROM head AS h CROSS JOIN LATERAL (
        SELECT d.endpoint_id, d.lane, d.next_try_at FROM {schema}.announce_webhookdelivery AS d
        WHERE d.status = 'pending' AND (d.endpoint_id, d.lane) > (h.endpoint_id, h.lane)
        ORDER BY d.endpoint_id, d.lane, d.id LIMIT 1) AS n
)
SELECT h.endpoint_id, h.lane FROM head AS h
JOIN {schema}.announce_webhookendpoint AS e ON e.id = h.endpoint_id AND e.enabled
WHERE h.next_try_at <= clock_timestamp()
ORDER BY row_number() OVER (PARTITION BY h.endpoint_id ORDER BY h.next_try_at), h.next_try_at
LIMIT %s
"""

Send = Callable[[str, str, dict[str, str]], Answer]


def deliver_due(go_on: Callable[[], bool] = lambda: True, send: Send = post) -> int:
    """Send what is due, lane by lane, while `go_on`; return how many attempts were made.

    Raises database errors. Locks: a lane's advisory lock while it sends.
    """
    attempts = 0
    for endpoint_id, lane in _due_lanes():
        if not go_on():
            break
        with held(f"webhooks {endpoint_id} {lane}") as got:
            ends = time.monotonic() + _LANE_SECONDS
            while got and go_on() and _attempt_head(endpoint_id, lane, send):
                attempts += 1
                if time.monotonic() >= ends:
                    break
    return attempts


def wait_after(attempts: int, asked: int = 0) -> datetime.timedelta:
    """Return how long to wait after so many failed attempts, spread by a fifth either way.

    `asked`: the seconds that the receiver asks for; it never waits less.
    """
    seconds = min(_FIRST_SECONDS * _FACTOR ** (attempts - 1), _LONGEST_SECONDS)
    seconds *= random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, no secret
    return datetime.timedelta(seconds=max(seconds, asked))


def attempt(delivery: WebhookDelivery, send: Send = post) -> Answer:
    """Send one message now and write down how it went. The caller holds the lane's lock."""
    endpoint = delivery.endpoint
    headers = signed_headers(endpoint, delivery.message_id, delivery.body, timezone.now())
    answer = send(endpoint.url, delivery.body, headers)
    now = timezone.now()
    delivery.attempts += 1
    delivery.last_answer = answer.told[:200]
    if answer.accepted:
        delivery.status, delivery.ended_at = WebhookDelivery.Status.DELIVERED, now
    elif delivery.attempts >= MOST_ATTEMPTS or answer.status == GONE:
        delivery.status, delivery.ended_at = WebhookDelivery.Status.DEAD, now
    else:
        delivery.next_try_at = now + wait_after(delivery.attempts, answer.wait)
    delivery.save(update_fields=["attempts", "last_answer", "status", "ended_at", "next_try_at"])
    if answer.status == GONE:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
            enabled=False, disabled_because="It answered 410 Gone."
        )
    return answer


def _attempt_head(endpoint_id: UUID, lane: UUID, send: Send) -> bool:
    """Try the lane's oldest message if it is due; False: there is nothing to do here now."""
    waiting = WebhookDelivery.objects.filter(
        endpoint_id=endpoint_id,
        lane=lane,
        status=WebhookDelivery.Status.PENDING,
    )
    head = waiting.select_related("endpoint").order_by("id").first()
    if head is None or head.next_try_at > timezone.now() or not head.endpoint.enabled:
        return False
    attempt(head, send)
    return True


def _due_lanes() -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(schema=schema()), [_LANES_AT_ONCE])
        return list(cursor.fetchall())
