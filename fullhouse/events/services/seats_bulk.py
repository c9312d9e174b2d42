"""Gives many seats other flags, ranks, coordinates or prices in one step.

Under it: `edit_seats_v1`. What is held or sold keeps the price it was sold at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.configuration import PRICE_MOST
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.structural import SEATS_MOST, check_reason, listed

FLAGS: Final = ("is_accessible", "is_companion", "is_premium", "has_restricted_view")
RANKS: Final = ("row_rank", "seat_rank")
COORDINATES: Final = ("x", "y")
EDITS_MOST: Final = 1000
RANK_MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SeatEdit:
    """Seats and what they get: any of `price` (None: the allocation's), FLAGS, RANKS, x, y."""

    seat_ids: Sequence[UUID]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeatsEdited:
    """How many seats were named, and the plan version after it."""

    seats: int
    plan_version: int
    replayed: bool


def edit_seats(
    *,
    performance_id: UUID,
    edits: Sequence[SeatEdit],
    reason: str,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> SeatsEdited:
    """Edit seats in the order given, all or nothing; a note keeps how many got what.

    At most 1,000 edits of 10,000 seats together. Flags, ranks and coordinates raise the plan's
    version. Raises Refusal `unknown`, `key_reused`; InvalidRequest, Conflict, EngineFault.
    Locks: performance, seats by id.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    if not 1 <= len(edits) <= EDITS_MOST:
        raise InvalidRequest("edits", f"1 to {EDITS_MOST}, not {len(edits)}")
    body = [_edit(number, edit) for number, edit in enumerate(edits)]
    if sum(len(edit["seats"]) for edit in body) > SEATS_MOST:
        raise InvalidRequest("edits", f"at most {SEATS_MOST} seats in one call")
    facts = granted(
        call(
            "edit_seats_v1",
            performance_id,
            using=using,
            edits=as_json(body),
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("edit_seats", {"edits": body, "reason": reason})
            if idempotency_key
            else None,
        ),
        "edited",
    )
    return SeatsEdited(facts["seats"], facts["plan_version"], replayed(facts))


def _edit(number: int, edit: SeatEdit) -> dict[str, Any]:
    where = f"edits.{number}"
    seats = listed(f"{where}.seats", edit.seat_ids)
    if not seats or not edit.values:
        raise InvalidRequest(where, "name at least one seat and one value")
    values = {name: _value(f"{where}.values", name, value) for name, value in edit.values.items()}
    return {"seats": [str(seat) for seat in seats], "values": values}


def _value(where: str, name: str, value: Any) -> Any:
    if name in FLAGS and isinstance(value, bool):
        return value
    if name in RANKS and isinstance(value, int) and 0 <= value <= RANK_MOST:
        return value
    if name in COORDINATES and (
        value is None or (isinstance(value, int | float) and math.isfinite(value))
    ):
        return value
    if name == "price" and value is None:
        return None
    if name == "price" and isinstance(value, Decimal) and _is_price(value):
        return str(value)
    raise InvalidRequest(f"{where}.{name}", f"cannot be {value!r}")


def _is_price(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= PRICE_MOST and value == round(value, 2)
