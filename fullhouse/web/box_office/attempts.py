"""How often one address may try to find a reservation, counted in this process."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

# A person mistypes a few times. 50 bits at ten a minute last longer than any evening.
BY_ADDRESS: Final = RateLimitItemPerMinute(10, namespace="find")
BY_REFERENCE: Final = RateLimitItemPerMinute(10, namespace="find-reference")

_storage = MemoryStorage()
_windows = FixedWindowRateLimiter(_storage)


def may_try(request: HttpRequest, reference: str) -> bool:
    """Count an attempt and tell whether it may be made: by who asks, and by what is asked for."""
    by_address = _windows.hit(BY_ADDRESS, address_of(request))
    by_reference = _windows.hit(BY_REFERENCE, reference.upper()[:100])
    return by_address and by_reference


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address: behind n trusted proxies, the n-th from the right."""
    proxies: int = settings.FULLHOUSE_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(told) >= proxies and told[-proxies]:
        return told[-proxies]
    return str(request.META.get("REMOTE_ADDR") or "unknown")


def forget() -> None:
    """Start every window anew."""
    _storage.reset()
