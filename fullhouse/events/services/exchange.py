"""Lines of a hold or a sale go for other places, in one transaction.

In the same performance one engine function does it. Across performances it is composed here: keys,
then performances, each in the order of their ids, are claimed before anything inside one of them,
so that two exchanges that go opposite ways wait for each other, never both ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fullhouse.events.domain.references import new_reference, token_hash
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.models import Reservation
from fullhouse.events.services.lines import LinePart, checked_lines
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.performances import together
from fullhouse.events.services.refund import (
    LineAmount,
    line_amounts,
)
from fullhouse.events.services.reserve import (
    HeldLine,
    Places,
    SeatRequest,
    as_request,
    checked_requests,
    held_line,
    hold_token,
)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The reservation that has the new places, and the money between old and new.

    `difference` is `total - given_up`: to be paid when positive, given back when negative.
    `origin_id` and `token` are those of a new reservation, where the places are in another
    performance; else None: the reservation is the same, and so are its reference and its secret.
    """

    performance_id: UUID
    reservation_id: UUID
    reference: str
    status: str
    gone: tuple[LineAmount, ...]
    lines: tuple[HeldLine, ...]
    currency: str
    given_up: Decimal
    total: Decimal
    difference: Decimal
    origin_id: UUID | None
    token: str | None
    replayed: bool


def exchange(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    requests: Sequence[Places | SeatRequest],
    lines: Sequence[LinePart] | None = None,
    to_performance_id: UUID | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Exchanged:
    """Give up `lines` (None: every live line) for the places of `requests`, all or nothing.

    In `to_performance_id` where given, else in the same performance, where seats that are given up
    may be asked for again. New places cost what they cost now, and are held until the same
    deadline or sold, as the old ones were. Raises Refusal `not_live`, `expired`, `kept_by_house`,
    `too_many`, `part_of_ticket`, `unknown`, `key_reused` and those of reserve: nothing has moved
    then; InvalidRequest, Conflict, EngineFault.
    Locks: performances, reservations, seats, allocations, each by id; the call is one transaction.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    wanted = [as_request(request) for request in checked_requests(requests)]
    asked: dict[str, object] = {
        "reservation": reservation_id,
        "lines": checked_lines(lines),
        "requests": wanted,
        "to": to_performance_id or performance_id,
    }
    step = _Exchange(
        performance_id,
        reservation_id,
        checked_lines(lines),
        wanted,
        actor,
        reason,
        idempotency_key,
        request_digest("exchange", asked) if idempotency_key else None,
        using,
    )
    if to_performance_id is None or to_performance_id == performance_id:
        return step.within()
    check_ids(to_performance_id=to_performance_id)
    return step.across(to_performance_id)


@dataclass(frozen=True, slots=True)
class _Exchange:
    """What was asked, checked and in the engine's form."""

    performance_id: UUID
    reservation_id: UUID
    lines: list[dict[str, object]] | None
    requests: list[dict[str, Any]]
    actor: str
    reason: str
    key: str | None
    digest: bytes | None
    using: str

    def within(self) -> Exchanged:
        outcome = self._call(
            "exchange_v1",
            self.performance_id,
            reservation=self.reservation_id,
            lines=None if self.lines is None else as_json(self.lines),
            requests=as_json(self.requests),
            key=self.key,
            digest=self.digest,
        )
        return _exchanged(granted(outcome, "exchanged"), self.performance_id, None)

    def across(self, target: UUID) -> Exchanged:
        """Compose both halves; a refusal of either ends the transaction by its exception."""
        customer = (
            Reservation.objects.using(self.using)
            .filter(performance=self.performance_id, pk=self.reservation_id)
            .values_list("customer", flat=True)
            .first()
        )
        token, reference = hold_token(target, self.key, self.digest), new_reference()
        with together(
            {self.performance_id: None, target: self.requests},
            operation="exchange",
            customer=customer or "",
            key=self.key,
            digest=self.digest,
            using=self.using,
        ) as part:
            if part.answers:
                return _exchanged(granted(part.answers[target], "exchanged"), target, token)
            gone = self._give_up(target, reference)
            taken = self._take(target, gone, reference, token)
            outcome = _told(gone, taken, self.reservation_id)
            part.remember({self.performance_id: {"outcome": "exchanged"}, target: outcome})
        return _exchanged(outcome, target, token)

    def _give_up(self, target: UUID, reference: str) -> dict[str, Any]:
        outcome = self._call(
            "exchange_out_v1",
            self.performance_id,
            reservation=self.reservation_id,
            lines=None if self.lines is None else as_json(self.lines),
            to_performance=target,
            reference=reference,
        )
        return granted(outcome, "given_up")

    def _take(
        self, target: UUID, gone: dict[str, Any], reference: str, token: str
    ) -> dict[str, Any]:
        outcome = self._call(
            "exchange_in_v1",
            target,
            requests=as_json(self.requests),
            sold=gone["status"] == "sold",
            ttl_seconds=int(gone["seconds_left"]),
            kind="comp" if gone["kind"] == "comp" else "sale",
            reference=reference,
            token_hash=token_hash(token),
            customer=gone["customer"],
            channel=gone["channel"],
            currency=gone["currency"],
            origin=self.reservation_id,
            from_performance=self.performance_id,
        )
        return granted(outcome, "granted")

    def _call(self, name: str, performance_id: UUID, **arguments: object) -> dict[str, Any]:
        return call(
            name,
            performance_id,
            using=self.using,
            actor=self.actor,
            reason=self.reason,
            **arguments,
        )


def _told(gone: dict[str, Any], taken: dict[str, Any], origin: UUID) -> dict[str, Any]:
    """Return both halves as one outcome, in the form of exchange_v1.sql; no personal data."""
    difference = Decimal(taken["total"]) - Decimal(gone["amount"])
    return {
        "outcome": "exchanged",
        "reservation_id": taken["reservation_id"],
        "reference": taken["reference"],
        "status": gone["status"],
        "gone": gone["lines"],
        "lines": taken["lines"],
        "currency": taken["currency"],
        "given_up": gone["amount"],
        "total": taken["total"],
        "difference": str(difference),
        "origin_id": str(origin),
    }


def _exchanged(outcome: dict[str, Any], performance_id: UUID, token: str | None) -> Exchanged:
    origin = outcome.get("origin_id")
    return Exchanged(
        performance_id=performance_id,
        reservation_id=UUID(outcome["reservation_id"]),
        reference=outcome["reference"],
        status=outcome["status"],
        gone=line_amounts(outcome["gone"]),
        lines=tuple(map(held_line, outcome["lines"])),
        currency=outcome["currency"],
        given_up=Decimal(outcome["given_up"]),
        total=Decimal(outcome["total"]),
        difference=Decimal(outcome["difference"]),
        origin_id=UUID(origin) if origin else None,
        token=token,
        replayed=replayed(outcome),
    )
