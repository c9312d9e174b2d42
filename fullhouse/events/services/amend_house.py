"""Change for whom, why or until when places are set aside, with a note of before and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.house import check_moment, check_owner
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, moment, replayed
from fullhouse.events.services.structural import check_reason


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Stands for a value that an amendment leaves as it is."""


UNCHANGED: Final = Unchanged()


@dataclass(frozen=True, slots=True)
class Amended:
    """For whom, why and until when places are set aside now."""

    reservation_id: UUID
    owner: str
    purpose: str
    release_at: datetime | None
    replayed: bool


def amend_house(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    reason: str,
    owner: str | Unchanged = UNCHANGED,
    purpose: str | Unchanged = UNCHANGED,
    release_at: datetime | Unchanged | None = UNCHANGED,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Amended:
    """Change for whom (`owner`), why (`purpose`) or until when places are set aside.

    `reason` says why it is changed; a note keeps before and after. `release_at` None: no scheduled
    release. Raises Refusal: unknown, not_house, not_reserved, expired (released by now),
    key_reused; InvalidRequest, Conflict, EngineFault. Locks: reservation.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    changes: dict[str, object] = {}
    if not isinstance(owner, Unchanged):
        check_owner(owner)
        changes["owner"] = owner
    if not isinstance(purpose, Unchanged):
        check_texts(reason=purpose)
        check_reason(purpose)
        changes["reason"] = purpose
    if not isinstance(release_at, Unchanged):
        check_moment("release_at", release_at)
        changes["release_at"] = release_at.isoformat() if release_at else None
    if not changes:
        raise InvalidRequest("owner", "change owner, purpose or release_at, at least one of them")
    body: dict[str, object] = {"reservation": reservation_id, "changes": changes, "reason": reason}
    facts = granted(
        call(
            "amend_house_v1",
            performance_id,
            using=using,
            reservation=reservation_id,
            changes=as_json(changes),
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("amend_house", body) if idempotency_key else None,
        ),
        "amended",
    )
    return Amended(
        reservation_id=reservation_id,
        owner=facts["owner"],
        purpose=facts["reason"],
        release_at=moment(facts["release_at"]) if facts["release_at"] else None,
        replayed=replayed(facts),
    )
