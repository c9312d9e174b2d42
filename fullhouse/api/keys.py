"""Make, find and revoke API keys. A key is shown once and reads `fh_<prefix>_<secret>`."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from typing import Final

from django.utils import timezone

from fullhouse.api.models import ApiKey, Scope
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.models import Event

_PREFIX_BYTES: Final = 6
_SECRET_BYTES: Final = 32
# Compared with where no key has the prefix, so that the answer takes as long.
_NOBODYS_HASH: Final = hashlib.sha256(b"").digest()
_USE_IS_NOTED_EVERY: Final = datetime.timedelta(minutes=1)


def create_key(
    *,
    name: str,
    scopes: Sequence[str],
    events: Collection[Event] = (),
    expires_at: datetime.datetime | None = None,
    requests_per_minute: int = 6000,
) -> tuple[ApiKey, str]:
    """Return a new key and its text, which is never shown again.

    Raises InvalidRequest: a blank name, no or unknown scopes, an end that is past.
    """
    if not name.strip() or len(name) > 100:
        raise InvalidRequest("name", "1 to 100 characters")
    if unknown := set(scopes) - set(Scope.values):
        raise InvalidRequest("scopes", f"unknown: {', '.join(sorted(unknown))}")
    if not scopes:
        raise InvalidRequest("scopes", f"at least one of {', '.join(Scope.values)}")
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidRequest("expires_at", "must be in the future")
    if requests_per_minute < 1:
        raise InvalidRequest("requests_per_minute", "at least 1")
    prefix, secret = secrets.token_hex(_PREFIX_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey.objects.create(
        name=name.strip(),
        prefix=prefix,
        secret_hash=_hash(secret),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
        requests_per_minute=requests_per_minute,
    )
    key.events.set(events)
    return key, f"fh_{prefix}_{secret}"


def find_key(text: str) -> ApiKey | None:
    """Return the live key with this text, compared in constant time; None for any other."""
    prefix = prefix_of(text)
    found = ApiKey.objects.filter(prefix=prefix).first() if prefix else None
    now = timezone.now()
    if not opens(found, text, now) or found is None:
        return None
    if use_is_news(found, now):
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def prefix_of(text: str) -> str:
    """Return the public half of a key's text; '' where it is none of ours."""
    mark, _, rest = text.partition("_")
    return rest.partition("_")[0] if mark == "fh" else ""


def opens(key: ApiKey | None, text: str, now: datetime.datetime) -> bool:
    """Tell in constant time whether `text` is that key's, and the key lives at `now` (aware)."""
    secret = text.partition("_")[2].partition("_")[2]
    stored = bytes(key.secret_hash) if key else _NOBODYS_HASH
    matches = hmac.compare_digest(_hash(secret), stored)
    return key is not None and matches and key.is_live(now)


def use_is_news(key: ApiKey, now: datetime.datetime) -> bool:
    """Tell whether `last_used_at` is to be written; it is right to the minute."""
    return key.last_used_at is None or now - key.last_used_at > _USE_IS_NOTED_EVERY


def revoke_key(key: ApiKey) -> None:
    """End a key at once; a second time changes nothing."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def _hash(secret: str) -> bytes:
    # A fast hash is enough: the secret has 256 random bits.
    return hashlib.sha256(secret.encode()).digest()
