"""Turns what the ledger and the notices say into deliveries, each once, in order.

One transaction reads, writes the deliveries and remembers how far it came. It commits to the disk
as the server is set to, and so everything that it read is on the disk before anybody is told:
what early release showed before its flush comes earlier in the log.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from fullhouse.announce.kinds import Kind
from fullhouse.announce.ledger import read_since
from fullhouse.announce.levels import level_messages
from fullhouse.announce.messages import Message
from fullhouse.announce.models import NIL, Relay, WebhookEndpoint
from fullhouse.events.engine.sql_files import schema

_BATCH: Final = 500
#: Where nobody listens, and nothing is new, the position is moved on this often.
_MOVE_EVERY: Final = datetime.timedelta(minutes=1)
#: How much of the time before the last look is read again after a restore; sent once all the same.
OVERLAP: Final = datetime.timedelta(minutes=5)
_KINDS: Final = frozenset(Kind)
_FROM_THE_START: Final = "1:1:"
# One text instead of rows: thousands of messages a second, where the ORM writes hundreds.
_WRITE: Final = """
    INSERT INTO {schema}.announce_webhookdelivery
        (endpoint_id, message_id, kind, lane, body, status, attempts, last_answer)
    SELECT m.endpoint_id, m.message_id, m.kind, m.lane, m.body, 'pending', 0, ''
    FROM json_to_recordset(%s::json) AS m (n integer, endpoint_id uuid, message_id text, kind text,
        lane uuid, body text)
    ORDER BY m.n ON CONFLICT DO NOTHING
"""
_HERE: Final = (
    "SELECT pg_current_snapshot()::text, system_identifier::text,"
    " pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM pg_control_system()"
)


@dataclass(frozen=True, slots=True)
class Hearer:
    """An endpoint with what it wants to hear, and since when."""

    endpoint_id: UUID
    since: datetime.datetime
    kinds: frozenset[str]
    event_ids: frozenset[UUID]

    def wants(self, message: Message) -> bool:
        """Tell whether the endpoint is to get the message."""
        if message.at < self.since or (self.kinds and message.kind not in self.kinds):
            return False
        return not self.event_ids or message.event_id in self.event_ids


class Outgoing:
    """Deliveries on their way into the table."""

    def __init__(self, hearers: list[Hearer]) -> None:
        self._hearers = hearers
        self._waiting: list[dict[str, object]] = []
        self.messages = 0

    def add(self, message: Message) -> None:
        """Address a message to everybody who wants it."""
        self.messages += 1
        wanted = [hearer for hearer in self._hearers if hearer.wants(message)]
        if wanted:
            body = message.body()
            for each in wanted:
                self._waiting.append(
                    {
                        "n": len(self._waiting),
                        "endpoint_id": each.endpoint_id,
                        "message_id": message.message_id,
                        "kind": message.kind,
                        "lane": message.performance_id or NIL,
                        "body": body,
                    }
                )
        if len(self._waiting) >= _BATCH:
            self.write()

    def write(self) -> None:
        """Write what waits; a message that an endpoint has already is not sent to it again."""
        if self._waiting:
            with connection.cursor() as cursor:
                rows = json.dumps(self._waiting, default=str)
                cursor.execute(_WRITE.format(schema=schema()), [rows])
            self._waiting.clear()


def relay() -> int:
    """Announce everything new; return how many messages. 0 also while another worker does it.

    The first call only marks where announcing begins. Raises database errors, and then nothing was
    announced. Locks: the relay's row.
    """
    with transaction.atomic():
        state = Relay.objects.select_for_update(skip_locked=True).first()
        if state is None:
            _begin()
            return 0
        _follow_server(state)
        hearers = _hearers()
        if not hearers:
            if timezone.now() - state.read_at >= _MOVE_EVERY:
                state.position = _here()[0]
                _save(state)
            return 0
        return _announce(state, hearers)


def _announce(state: Relay, hearers: list[Hearer]) -> int:
    outgoing = Outgoing(hearers)
    touched: set[UUID] = set()
    position = state.position
    for read in read_since(state.position, state.floor_at):
        position = read.position
        if read.message is None:
            continue
        if read.message.performance_id is not None:
            touched.add(read.message.performance_id)
        if read.message.kind in _KINDS:
            outgoing.add(read.message)
    now = timezone.now()
    _tell_levels(outgoing, touched, now)
    outgoing.write()
    if touched or outgoing.messages or now - state.read_at >= _MOVE_EVERY:
        state.position = position
        _save(state)
    return outgoing.messages


def _tell_levels(outgoing: Outgoing, touched: Iterable[UUID], now: datetime.datetime) -> None:
    for message in level_messages(list(touched), now):
        outgoing.add(message)


def _begin() -> None:
    position, server, _ = _here()
    row = Relay(position=position, server=server, read_at=timezone.now())
    Relay.objects.bulk_create([row], ignore_conflicts=True)


def _follow_server(state: Relay) -> None:
    """After a restore into another server: read by time what by number means nothing here."""
    _, server, xmax = _here()
    ahead = int(state.position.split(":")[1]) > xmax
    if server != state.server or ahead:
        state.position = _FROM_THE_START
        state.floor_at = state.read_at - OVERLAP
        state.server = server
        _save(state)


def _save(state: Relay) -> None:
    state.read_at = timezone.now()
    state.save()


def _here() -> tuple[str, str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_HERE)
        row = cursor.fetchone()
    if row is None:
        raise AssertionError("the server did not say where it is")
    return row[0], row[1], row[2]


def _hearers() -> list[Hearer]:
    endpoints = WebhookEndpoint.objects.filter(enabled=True).prefetch_related("events")
    return [
        Hearer(
            each.pk,
            each.created_at,
            frozenset(each.event_types),
            frozenset(event.pk for event in each.events.all()),
        )
        for each in endpoints
    ]
