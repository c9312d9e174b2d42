"""Reads what was committed since a position, as messages, in the order in which it happened.

Order: rows are read by what became visible since the last look, and sorted by their turn, a number
taken while the row's locks were held. Who built on another's change has the later turn, whichever
of the two transactions began, or committed, first. Numbers and clocks alone would lose rows: a
transaction that commits late has an early number (docs/adr/0007-outbox.md).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from fullhouse.announce.kinds import kind_of
from fullhouse.announce.messages import Message
from fullhouse.events.engine.sql_files import schema

#: More rows than that are counted in the message and not listed.
MOST_PLACES: Final = 1000
_CHUNK: Final = 500

# {since}: rows that the position does not see and this statement does; no row of another server's
# numbers; none from before a restore. Position and rows are of the same snapshot.
_FRESH: Final = """
    {alias}.txid >= pg_snapshot_xmin(%(since)s::pg_snapshot)
    AND {alias}.txid < pg_snapshot_xmax(pg_current_snapshot())
    AND NOT pg_visible_in_snapshot({alias}.txid, %(since)s::pg_snapshot)
    AND (%(floor)s::timestamptz IS NULL OR {alias}.at >= %(floor)s::timestamptz)
"""
_READ: Final = """
WITH operation AS (
    SELECT m.txid, m.performance_id, m.reservation_id, m.operation, min(m.turn) AS turn,
           min(m.id::text) AS id, max(m.at) AS at, count(*) AS pieces,
           array_remove(array_agg(DISTINCT m.from_state::text), NULL) AS lost,
           array_remove(array_agg(DISTINCT m.to_state::text), NULL) AS gained,
           coalesce(sum(m.quantity) FILTER (WHERE m.to_state IS NOT NULL), 0) AS entered,
           coalesce(sum(m.quantity) FILTER (WHERE m.from_state IS NOT NULL), 0) AS quitted,
           CASE WHEN count(*) <= {most} THEN jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
               'section', a.section_id, 'allocation', m.allocation_id, 'seat', m.seat_id,
               'quantity', m.quantity, 'from', m.from_state, 'to', m.to_state)) ORDER BY m.turn)
           END AS places
    FROM {schema}.events_movement AS m
    LEFT JOIN {schema}.events_sectiontickettype AS a
        ON a.performance_id = m.performance_id AND a.id = m.allocation_id
    WHERE m.migration_run_id IS NULL AND {fresh_movement}
    GROUP BY m.txid, m.performance_id, m.reservation_id, m.operation
), fresh AS (
    SELECT o.turn, o.id, o.at, o.performance_id, p.event_id, o.operation, o.lost, o.gained,
           CASE WHEN o.reservation_id IS NULL THEN jsonb_build_object('operation', o.operation,
               'change', o.entered - o.quitted, 'places', o.places)
           ELSE jsonb_build_object('operation', o.operation, 'reservation', o.reservation_id,
               'reference', r.reference, 'kind', r.kind, 'channel', r.channel,
               'quantity', greatest(o.entered, o.quitted), 'places', o.places) END AS data
    FROM operation AS o
    LEFT JOIN {schema}.events_eventperformance AS p ON p.id = o.performance_id
    LEFT JOIN {schema}.events_reservation AS r
        ON r.performance_id = o.performance_id AND r.id = o.reservation_id
    UNION ALL
    -- Prices of fifty sections that change together are one change.
    SELECT min(n.turn), min(n.id::text), max(n.at), n.performance_id, p.event_id, n.kind,
           NULL, NULL, n.facts
    FROM {schema}.events_notice AS n
    LEFT JOIN {schema}.events_eventperformance AS p ON p.id = n.performance_id
    WHERE {fresh_notice}
    GROUP BY n.txid, n.performance_id, p.event_id, n.kind, n.facts
)
SELECT s.position, f.id, f.at, f.performance_id, f.event_id, f.operation, f.lost, f.gained, f.data
FROM (SELECT pg_current_snapshot()::text AS position) AS s
LEFT JOIN fresh AS f ON true
ORDER BY f.turn
"""


@dataclass(frozen=True, slots=True)
class Read:
    """A message, or None where nothing is new; `position` is that of the whole look."""

    position: str
    message: Message | None


def read_since(position: str, floor_at: datetime.datetime | None) -> Iterator[Read]:
    """Yield what was committed since `position` (one `Read` without a message if nothing was).

    Rows come through a server-side cursor, so that a long absence fits into memory; call it in a
    transaction. Raises database errors. Locks nothing.
    """
    sql = _READ.format(
        schema=schema(),
        most=MOST_PLACES,
        fresh_movement=_FRESH.format(alias="m"),
        fresh_notice=_FRESH.format(alias="n"),
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {"since": position, "floor": floor_at})
        while rows := cursor.fetchmany(_CHUNK):
            for row in rows:
                yield Read(row[0], _message(*row[1:]) if row[1] is not None else None)


def _message(
    row_id: str,
    at: datetime.datetime,
    performance_id: Any,
    event_id: Any,
    operation: str,
    lost: list[str] | None,
    gained: list[str] | None,
    data: Any,
) -> Message:
    facts: dict[str, Any] = json.loads(data) if isinstance(data, str) else data
    if lost is None or gained is None:
        kind: str = operation  # a notice says itself what it is
    else:
        kind = kind_of(operation, of_reservation="reservation" in facts, lost=lost, gained=gained)
    return Message(f"msg_{row_id}", kind, at, performance_id, event_id, facts)
