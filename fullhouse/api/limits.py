"""How often one caller may ask: fixed windows of a minute, counted in this process.

With several worker processes each counts for itself, so that the real limit is up to that many
times higher: it is there to stop a loop or a scraper, not to bill anybody.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from fullhouse.api.caller import Caller

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_WINDOW_SECONDS: Final = 60.0
# Some 20 MB. Beyond it windows that have ended are forgotten, then the oldest.
_MOST_WINDOWS: Final = 100_000


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


class Windows:
    """Counts by name; a window begins with the first request and lasts a minute."""

    def __init__(self, most: int = _MOST_WINDOWS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], tuple[float, int]] = {}

    def hit(self, name: tuple[str, str], limit: int, now: float) -> Allowance:
        """Count one request at `now` (seconds of a steady clock)."""
        with self._lock:
            ends, count = self._open.get(name, (0.0, 0))
            if ends <= now:
                self._open.pop(name, None)  # so that the order is that of the windows' ends
                ends, count = now + _WINDOW_SECONDS, 0
                self._make_room(now)
            granted = count < limit
            count += granted
            self._open[name] = ends, count
        return Allowance(granted, limit, limit - count, max(1, math.ceil(ends - now)))

    def forget(self) -> None:
        """Start every window anew."""
        with self._lock:
            self._open.clear()

    def _make_room(self, now: float) -> None:
        while self._open:
            oldest = next(iter(self._open))
            if self._open[oldest][0] > now and len(self._open) < self._most:
                return
            del self._open[oldest]


_windows = Windows()


def take(caller: Caller, method: str) -> Allowance:
    """Count one request of the caller and say what is left of its minute.

    A key has one limit of its own; the public has one for reading and one for writing, by address.
    """
    if caller.key is not None:
        name, limit = ("key", caller.key.prefix), caller.key.requests_per_minute
    elif method in _SAFE:
        name, limit = ("read", caller.address), settings.FULLHOUSE_PUBLIC_READS_PER_MINUTE
    else:
        name, limit = ("write", caller.address), settings.FULLHOUSE_PUBLIC_WRITES_PER_MINUTE
    return _windows.hit(name, limit, time.monotonic())


def forget() -> None:
    """Start every window anew."""
    _windows.forget()
