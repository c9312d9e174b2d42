"""How often somebody may ask: fixed windows of a minute, counted in this process.

With several worker processes each counts for itself, so that the real limit is up to that many
times higher: it is there to stop a loop or a scraper, not to bill anybody.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Final

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

    @property
    def refusal_headers(self) -> dict[str, str]:
        """What an answer says to whoever came too often: the same, and when to come back."""
        return self.headers | {"Retry-After": str(self.resets_in)}


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
