"""How often one caller may ask: fixed windows of a minute, counted in this process.

With several worker processes each counts for itself, so that the real limit is up to that many
times higher: it is there to stop a loop or a scraper, not to bill anybody.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from fullhouse.api.caller import Caller

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_storage = MemoryStorage()
_windows = FixedWindowRateLimiter(_storage)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window; `resets_in` is whole seconds, at least 1."""

    granted: bool
    limit: int
    remaining: int
    resets_in: int

    @property
    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers (version 06)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.resets_in),
            "RateLimit-Policy": f"{self.limit};w=60",
        }


def take(caller: Caller, method: str) -> Allowance:
    """Count one request of the caller and say what is left of its minute.

    A key has one limit of its own; the public has one for reading and one for writing, by address.
    """
    kind = "read" if method in _SAFE else "write"
    if caller.key is not None:
        limit, names = caller.key.requests_per_minute, ("key", caller.key.prefix)
    else:
        limit = getattr(settings, f"FULLHOUSE_PUBLIC_{kind.upper()}S_PER_MINUTE")
        names = (kind, caller.address)
    item = RateLimitItemPerMinute(limit)
    granted = _windows.hit(item, *names)
    window = _windows.get_window_stats(item, *names)
    seconds = max(1, math.ceil(window.reset_time - time.time()))
    return Allowance(granted, limit, window.remaining, seconds)


def forget() -> None:
    """Start every window anew."""
    _storage.reset()
