"""Who may see and do what with a performance or a reservation, whichever server asks."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings

from fullhouse.api.caller import Caller
from fullhouse.api.models import Scope
from fullhouse.api.problems import Forbidden
from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.reservations import ReservationState

# A stranger's key must not be guessed: it brings the buyer's token back.
SHORTEST_PUBLIC_KEY: Final = 16


def sees(caller: Caller, status: str, event_id: UUID) -> bool:
    """Tell whether the caller may see a performance: a draft is there only for its managers."""
    return status != EventPerformance.Status.DRAFT or caller.may(Scope.MANAGE, event_id)


def opened(
    caller: Caller, reservation_id: UUID, found: ReservationState | None, token: str | None
) -> ReservationState:
    """Return the reservation if the caller has its token or a key for it.

    Raises the same Refusal `unknown` whether it is not there or not theirs.
    """
    if found is not None:
        if caller.may(Scope.SELL, found.event_id):
            return found
        if token is not None and found.opens_with(token):
            return found
    raise Refusal("unknown", {"what": "reservation", "id": str(reservation_id)})


def require_allowed(caller: Caller, found: ReservationState, verb: str) -> None:
    """Raise Forbidden unless the caller may do this to a reservation that is open to them."""
    if verb not in settings.FULLHOUSE_BUYERS_MAY and not caller.may(Scope.SELL, found.event_id):
        raise Forbidden(Scope.SELL)


def require_modest(caller: Caller, places: int, ttl_seconds: int | None = None) -> None:
    """Raise InvalidRequest where somebody without a key for it wants much, or wants it for long."""
    if caller.may(Scope.SELL):
        return
    most, longest = settings.FULLHOUSE_PUBLIC_HOLD_PLACES, settings.FULLHOUSE_PUBLIC_HOLD_SECONDS
    if places > most:
        raise InvalidRequest("items", f"at most {most} places without a key")
    if ttl_seconds is not None and ttl_seconds > longest:
        raise InvalidRequest("ttl_seconds", f"at most {longest} without a key")


def engine_key(caller: Caller, key: str | None) -> str | None:
    """Return an Idempotency-Key as the engine keeps it. Raises InvalidRequest: easily guessed."""
    if key is None:
        return None
    if caller.key is None and len(key) < SHORTEST_PUBLIC_KEY:
        raise InvalidRequest("Idempotency-Key", f"at least {SHORTEST_PUBLIC_KEY} characters")
    return caller.own_key(key)
