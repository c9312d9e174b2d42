"""Who asks: the public from an address, or an API key."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest

from fullhouse.api.keys import find_key
from fullhouse.api.models import ApiKey
from fullhouse.doors.address import address_of

KEY_SCHEME = "bearer"


class UnknownKeyError(Exception):
    """An Authorization header that is no live key of ours."""


@dataclass(frozen=True, slots=True)
class Caller:
    """`key` None is the public; `event_ids` empty is every event."""

    address: str
    key: ApiKey | None = None
    event_ids: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def actor(self) -> str:
        """How the ledger names the caller. No personal data: an address is none of its business."""
        return f"key {self.key.name}"[:100] if self.key else "public"

    def may(self, scope: str, event_id: UUID | None = None) -> bool:
        """Tell whether the caller's key has the scope, for that event."""
        if self.key is None or not self.key.may(scope):
            return False
        return event_id is None or self.covers(event_id)

    def covers(self, event_id: UUID) -> bool:
        """Tell whether the event is one that the caller's key is for."""
        return not self.event_ids or event_id in self.event_ids

    def own_key(self, idempotency_key: str) -> str:
        """Return the idempotency key as the engine keeps it: each caller has keys of its own."""
        return f"{self.key.prefix}:{idempotency_key}" if self.key else f"public:{idempotency_key}"


def caller_of(request: HttpRequest) -> Caller:
    """Return who asks. Raises UnknownKeyError where a key is given that is not one."""
    address = address_of(request)
    given = request.headers.get("Authorization")
    if given is None:
        return Caller(address)
    text = key_text(given)
    key = find_key(text) if text is not None else None
    if key is None:
        raise UnknownKeyError
    return Caller(address, key, frozenset(key.events.values_list("pk", flat=True)))


def key_text(authorization: str) -> str | None:
    """Return the key in an Authorization header; None where it is of another scheme."""
    scheme, _, text = authorization.partition(" ")
    return text.strip() if scheme.lower() == KEY_SCHEME else None
