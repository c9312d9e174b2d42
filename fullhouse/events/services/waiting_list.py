"""The waiting list of a performance: join it, leave it, be passed over by staff.

Offers are in `waiting_offers`. Who waits, and how to reach them, is in the entry alone, never in
ledger or notes, and is erased on request.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.references import token_hash
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
    moment,
    replayed,
)
from fullhouse.events.services.reserve import MAX_QUANTITY, hold_token
from fullhouse.events.services.structural import check_reason

DEFAULT_OFFER_SECONDS: Final = 3600
# Less is over before a message is read; longer is not an offer but places kept for somebody.
MIN_OFFER_SECONDS: Final = 60
MAX_OFFER_SECONDS: Final = 604_800
_TEXT_MOST: Final = 255  # the columns' size


@dataclass(frozen=True, slots=True)
class Joined:
    """The party's place: `ahead` entries wait before it.

    `token` is the party's secret for taking an offer or leaving; an answer that is repeated under
    an idempotency key tells the same.
    """

    entry_id: UUID
    token: str
    ahead: int
    joined_at: datetime
    replayed: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The entry's `status` now, and the `places` of its offer that were given up."""

    entry_id: UUID
    status: str
    places: int
    erased: bool
    replayed: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """`status` is skipped (passed over) or waiting again."""

    entry_id: UUID
    status: str
    replayed: bool


def join_waiting_list(
    *,
    performance_id: UUID,
    quantity: int,
    section_id: UUID | None = None,
    ticket_type_id: UUID | None = None,
    together: bool = True,
    customer: str = "",
    contact: str = "",
    offer_seconds: int = DEFAULT_OFFER_SECONDS,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Joined:
    """Wait for `quantity` places of one section, all or none, behind those who came before.

    Section and ticket type None: any. `together`: numbered seats only side by side. An offer will
    hold the places for `offer_seconds` (60 to 604800).
    Raises Refusal: unknown, closed, not_on_offer, not_whole_tickets, party_too_large,
    already_waiting (same customer, section and type), key_reused; InvalidRequest, Conflict,
    EngineFault. Moves no place.
    """
    check_ids(performance_id=performance_id)
    wish = {"section_id": section_id, "ticket_type_id": ticket_type_id}
    check_ids(**{name: value for name, value in wish.items() if value is not None})
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_quantity("quantity", quantity, MAX_QUANTITY)
    check_offer_seconds(offer_seconds)
    if not isinstance(together, bool):
        raise InvalidRequest("together", f"true or false, not {together!r}")
    for name, text in (("customer", customer), ("contact", contact)):
        if not isinstance(text, str) or "\x00" in text or len(text) > _TEXT_MOST:
            raise InvalidRequest(name, f"text of at most {_TEXT_MOST} characters")
    asked: dict[str, object] = {
        **wish,
        "quantity": quantity,
        "together": together,
        "customer": customer,
        "contact": contact,
        "offer_seconds": offer_seconds,
    }
    digest = request_digest("join_waiting", asked) if idempotency_key else None
    token = hold_token(performance_id, idempotency_key, digest)
    outcome = call(
        "join_waiting_v1",
        performance_id,
        section=section_id,
        ticket_type=ticket_type_id,
        quantity=quantity,
        together=together,
        customer=customer,
        contact=contact,
        offer_seconds=offer_seconds,
        token_hash=token_hash(token),
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=digest,
        using=using,
    )
    done = granted(outcome, "joined")
    return Joined(
        entry_id=UUID(done["entry_id"]),
        token=token,
        ahead=done["ahead"],
        joined_at=moment(done["joined_at"]),
        replayed=replayed(done),
    )


def withdraw_waiting(
    *,
    performance_id: UUID,
    entry_id: UUID,
    token: str | None = None,
    erase: bool = False,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Withdrawn:
    """Leave the list, or decline an offer: its places go to the next whom they suffice.

    `token` is the party's secret; None is for staff. `erase` deletes customer, contact and
    secret, also of an entry that has ended. Raises Refusal: unknown, wrong_token, not_waiting,
    key_reused; InvalidRequest, Conflict, EngineFault.
    Locks: performance, offer, entry, seats, allocations.
    """
    check_ids(performance_id=performance_id, entry_id=entry_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    if not isinstance(erase, bool):
        raise InvalidRequest("erase", f"true or false, not {erase!r}")
    outcome = call(
        "withdraw_waiting_v1",
        performance_id,
        entry=entry_id,
        token_hash=hash_of(token),
        erase=erase,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("withdraw_waiting", {"entry": entry_id, "erase": erase})
        if idempotency_key
        else None,
        using=using,
    )
    done = granted(outcome, "withdrawn")
    return Withdrawn(entry_id, done["status"], done["places"], done["erased"], replayed(done))


def skip_waiting(
    *,
    performance_id: UUID,
    entry_id: UUID,
    reason: str,
    skip: bool = True,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Skipped:
    """Pass an entry over until it is let back (`skip` False) to the place it had. For staff.

    Raises Refusal: unknown, not_waiting, key_reused; InvalidRequest, Conflict, EngineFault.
    Locks: performance, entry.
    """
    check_ids(performance_id=performance_id, entry_id=entry_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    if not isinstance(skip, bool):
        raise InvalidRequest("skip", f"true or false, not {skip!r}")
    asked: dict[str, object] = {"entry": entry_id, "skip": skip, "reason": reason}
    outcome = call(
        "skip_waiting_v1",
        performance_id,
        entry=entry_id,
        skip=skip,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("skip_waiting", asked) if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "skipped")
    return Skipped(entry_id, done["status"], replayed(done))


def check_offer_seconds(seconds: object) -> None:
    """Check how long an offer holds places. Raises InvalidRequest."""
    whole = isinstance(seconds, int) and not isinstance(seconds, bool)
    if not whole or not MIN_OFFER_SECONDS <= seconds <= MAX_OFFER_SECONDS:  # type: ignore[operator]
        raise InvalidRequest(
            "offer_seconds", f"{MIN_OFFER_SECONDS} to {MAX_OFFER_SECONDS}, not {seconds!r}"
        )


def hash_of(token: str | None) -> bytes | None:
    """Return what is stored of a party's secret. Raises InvalidRequest for what is no text."""
    if token is None:
        return None
    if not isinstance(token, str) or not token:
        raise InvalidRequest("token", "must be the text told on joining, or None for staff")
    return token_hash(token)
