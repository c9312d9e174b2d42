"""How often one caller of the API may ask; counted in this process (doors/windows.py)."""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings

from fullhouse.api.caller import Caller
from fullhouse.doors.address import counted_as
from fullhouse.doors.windows import Allowance, Windows

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_windows = Windows()


def take(caller: Caller, method: str) -> Allowance:
    """Count one request of the caller and say what is left of its minute.

    A key has one limit of its own; the public has one for reading and one for writing, by address.
    """
    if caller.key is not None:
        name, limit = ("key", caller.key.prefix), caller.key.requests_per_minute
    else:
        reads = method in _SAFE
        name = "read" if reads else "write", counted_as(caller.address)
        limit = (
            settings.FULLHOUSE_PUBLIC_READS_PER_MINUTE
            if reads
            else settings.FULLHOUSE_PUBLIC_WRITES_PER_MINUTE
        )
    return _windows.hit(name, limit, time.monotonic())


def forget() -> None:
    """Start every window anew."""
    _windows.forget()
