"""Places set aside for a sales channel: allot them, move their release time, release them.

The sale itself is `reserve(channel=...)`, which takes a channel's places before the free ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
    moment,
)
from fullhouse.events.services.sales_rules import check_moment

MAX_QUANTITY: Final = 100_000  # no house is larger
_LENGTHS: Final = {"channel": 50, "owner": 100}


@dataclass(frozen=True, slots=True)
class Allotted:
    """`quantity` places that only this channel sells until `release_at` (None: until released)."""

    reservation_id: UUID
    reference: str
    channel: str
    quantity: int
    release_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelReleased:
    """`places` of so many `reservations` of the channel are everybody's again."""

    channel: str
    reservations: int
    places: int


def allot_channel(
    *,
    performance_id: UUID,
    channel: str,
    reason: str,
    quantities: Mapping[UUID, int] | None = None,
    seat_ids: Sequence[UUID] = (),
    release_at: datetime | None = None,
    owner: str = "",
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Allotted:
    """Set places aside for a channel until `release_at` (aware, in the future), all or nothing.

    `quantities`: allocation id to places without a seat. A channel may be allotted several times.
    Raises Refusal `sold_out`, `seat_taken`, `unknown`, `closed` (cancelled), `key_reused`;
    InvalidRequest, Conflict, EngineFault. Locks: performance, seats, allocations.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    _check_label("channel", channel, needed=True)
    _check_label("owner", owner)
    if not reason.strip():
        raise InvalidRequest("reason", "say why, in 1 to 255 characters")
    places = _places(dict(quantities or {}), seat_ids)
    check_moment("release_at", release_at)
    asked: dict[str, Any] = {"channel": channel, "release_at": release_at, "owner": owner, **places}
    outcome = call(
        "allot_channel_v1",
        performance_id,
        **asked,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("allot_channel", {**asked, "reason": reason})
        if idempotency_key
        else None,
        using=using,
    )
    done = granted(outcome, "set_aside")
    until = done["expires_at"]
    return Allotted(
        reservation_id=UUID(done["reservation_id"]),
        reference=done["reference"],
        channel=channel,
        quantity=done["quantity"],
        release_at=moment(until) if until else None,
    )


def change_channel(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    release_at: datetime | None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> None:
    """Give a channel's places another release time; None: until they are released by hand.

    Raises Refusal `unknown`, `not_channel`, `not_reserved`, `expired` (they are everybody's
    already), `key_reused`; InvalidRequest, Conflict, EngineFault. Locks: reservation.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_moment("release_at", release_at)
    asked: dict[str, Any] = {"reservation": reservation_id, "release_at": release_at}
    outcome = call(
        "change_channel_v1",
        performance_id,
        **asked,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("change_channel", asked) if idempotency_key else None,
        using=using,
    )
    granted(outcome, "changed")


def release_channel(
    *,
    performance_id: UUID,
    channel: str,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> ChannelReleased:
    """Make all that a channel has set aside everybody's, now.

    Raises Refusal `unknown` (also where the channel has nothing), `key_reused`; InvalidRequest,
    Conflict, EngineFault. Locks: performance, reservations, seats, allocations.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    _check_label("channel", channel, needed=True)
    outcome = call(
        "release_channel_v1",
        performance_id,
        channel=channel,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("release_channel", {"channel": channel}) if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "released")
    return ChannelReleased(channel, done["reservations"], done["places"])


def _places(quantities: Mapping[UUID, int], seat_ids: Sequence[UUID]) -> dict[str, Any]:
    for allocation_id, quantity in quantities.items():
        check_ids(allocation_id=allocation_id)
        check_quantity("quantity", quantity, MAX_QUANTITY)
    for seat_id in seat_ids:
        check_ids(seat_id=seat_id)
    if not quantities and not seat_ids:
        raise InvalidRequest("seats", "name at least one place")
    return {
        "allocations": list(quantities),
        "quantities": list(quantities.values()),
        "seats": list(seat_ids),
    }


def _check_label(name: str, text: object, *, needed: bool = False) -> None:
    if not isinstance(text, str) or "\x00" in text:
        raise InvalidRequest(name, "must be text without NUL characters")
    if needed and not text.strip():
        raise InvalidRequest(name, "must not be blank")
    if len(text) > _LENGTHS[name]:
        raise InvalidRequest(name, f"at most {_LENGTHS[name]} characters, not {len(text)}")
