"""book_capacity and release_capacity: sales of places without numbers, and their way back.

A sale is a hold and its confirmation in one transaction, on record as kind `sale`, channel
`compat`. Only such sales are given back: other people's holds are nobody's to free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fullhouse.compat.fullhouse_side.house import (
    ACTOR,
    ATTEMPTS,
    SOLD_HERE,
    House,
    sellable,
)
from fullhouse.compat.words import say
from fullhouse.events.domain.errors import Conflict, Refusal
from fullhouse.events.domain.references import new_reference
from fullhouse.events.engine.calls import as_json

_REASON: Final = "book_capacity"
# The confirmation follows in the same transaction.
_TTL_SECONDS: Final = 60

_OWN_LINES: Final = """
    SELECT l.id, l.reservation_id, l.allocation_id, l.quantity
    FROM {fh}.events_reservation AS r
    JOIN {fh}.events_reservationline AS l
        ON l.performance_id = r.performance_id AND l.reservation_id = r.id
    WHERE r.performance_id = %s AND r.channel = %s AND r.reason = %s AND r.kind = 'sale'
      AND r.status = 'sold' AND l.status = 'sold' AND l.seat_id IS NULL AND NOT l.overbooked
    ORDER BY r.created_at DESC, l.id DESC
"""
_LOCK_RESERVATIONS: Final = """
    SELECT id FROM {fh}.events_reservation WHERE performance_id = %s AND id = ANY (%s)
        ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_ALLOCATIONS: Final = """
    SELECT id FROM {fh}.events_sectiontickettype WHERE performance_id = %s AND id = ANY (%s)
        ORDER BY id FOR NO KEY UPDATE
"""


@dataclass(frozen=True, slots=True)
class _Own:
    """`quantity` places of one sold line of compat's own."""

    line_id: UUID
    reservation_id: UUID
    allocation_id: UUID
    quantity: int


class _GoneMeanwhile(Exception):  # noqa: N818 - takes an attempt back
    """Another release took these places while the locks were waited for."""


class Sales(House):
    """Locks: the performance; then those of reserve_v1, confirm_v1, refund_v1."""

    def book(self, performance: UUID, count: int) -> None:
        """Sell `count` places. Raises Refusal: sold_out, closed, unknown; Conflict.

        The places are chosen by a look without locks; when sellers outside of compat took them
        meanwhile, the attempt is taken back and they are chosen anew. Places of several
        currencies become one sale each, in the order of the currencies' names.
        """
        self.queue(performance)
        for _ in range(ATTEMPTS):
            chosen = self._choose(performance, count)
            try:
                with self.savepoint():
                    for currency in sorted({part["currency"] for part in chosen}):
                        self._sell(performance, [p for p in chosen if p["currency"] == currency])
                return
            except Refusal as refusal:
                if refusal.code != "sold_out":
                    raise
        raise Conflict(say("others_faster", times=ATTEMPTS))

    def release(self, performance: UUID, count: int) -> None:
        """Refund `count` places that `book` sold, the latest first.

        Raises Refusal: not_ours {wanted, ours}, unknown; Conflict.
        """
        self.queue(performance)
        for _ in range(ATTEMPTS):
            wanted = _latest(self._own(performance), count)
            try:
                with self.savepoint():
                    self._lock(performance, wanted)
                    for key in sorted({own.reservation_id for own in wanted}):
                        self._refund(performance, [o for o in wanted if o.reservation_id == key])
                return
            except _GoneMeanwhile:
                continue
        raise Conflict(say("others_faster", times=ATTEMPTS))

    def _lock(self, performance: UUID, wanted: Sequence[_Own]) -> None:
        """Lock all that several refunds need, in the order of docs/adr/0002-lock-order.md."""
        reservations = sorted({own.reservation_id for own in wanted})
        self.rows(_LOCK_RESERVATIONS, performance, reservations)
        left = {own.line_id: own.quantity for own in self._own(performance)}
        if any(left.get(own.line_id, 0) < own.quantity for own in wanted):
            raise _GoneMeanwhile
        allocations = sorted({own.allocation_id for own in wanted})
        self.rows(_LOCK_ALLOCATIONS, performance, allocations)

    def _choose(self, performance: UUID, count: int) -> list[dict[str, Any]]:
        _, offered = self.offer(performance)
        parts = sellable(self.availability(performance), offered)
        left = sum(part["unseated_available"] for part in parts)
        if left < count:
            raise Refusal("sold_out", {"wanted": count, "left": left})
        chosen = []
        for part in parts:
            taken = min(part["unseated_available"], count)
            chosen.append(part | {"quantity": taken})
            count -= taken
            if not count:
                break
        return chosen

    def _sell(self, performance: UUID, parts: Sequence[dict[str, Any]]) -> None:
        requests = [
            {"allocation_id": part["allocation_id"], "quantity": part["quantity"]} for part in parts
        ]
        held = self.ask(
            "granted",
            "reserve_v1",
            performance,
            requests=as_json(requests),
            ttl_seconds=_TTL_SECONDS,
            kind="sale",
            reference=new_reference(),
            token_hash=None,
            customer="",
            channel=SOLD_HERE,
            actor=ACTOR,
            reason=_REASON,
        )
        self.ask(
            "confirmed",
            "confirm_v1",
            performance,
            reservation=UUID(held["reservation_id"]),
            actor=ACTOR,
            reason=_REASON,
        )

    def _own(self, performance: UUID) -> list[_Own]:
        rows = self.rows(_OWN_LINES, performance, SOLD_HERE, _REASON)
        return [_Own(*row) for row in rows]

    def _refund(self, performance: UUID, lines: Sequence[_Own]) -> None:
        self.ask(
            "refunded",
            "refund_v1",
            performance,
            reservation=lines[0].reservation_id,
            lines=as_json(
                [{"line_id": str(own.line_id), "quantity": own.quantity} for own in lines]
            ),
            actor=ACTOR,
            reason="release_capacity",
        )


def _latest(own: Sequence[_Own], count: int) -> list[_Own]:
    """Return the lines, the last one in part, that make up `count` places."""
    ours = sum(line.quantity for line in own)
    if ours < count:
        raise Refusal("not_ours", {"wanted": count, "ours": ours})
    wanted = []
    for line in own:
        taken = min(line.quantity, count)
        wanted.append(_Own(line.line_id, line.reservation_id, line.allocation_id, taken))
        count -= taken
        if not count:
            break
    return wanted
