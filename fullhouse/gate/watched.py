"""Counts and logs what the gate answers, as Django's middleware does for everything else."""

from __future__ import annotations

import time
from typing import Final

from fullhouse.gate.asked import Asked, Headers
from fullhouse.telemetry.requests import tell

_PERFORMANCE: Final = "/api/v1/performances/<uuid:performance_id>"
_RESERVATION: Final = f"{_PERFORMANCE}/reservations/<uuid:reservation_id>"


def watched(call: Asked, status: int, headers: Headers, problem: str = "") -> None:
    """Tell of an answer that has begun; `problem` is the code where it is one."""
    above = _RESERVATION if call.reservation_id else _PERFORMANCE
    names = (value for name, value in headers if name == b"x-request-id")
    tell(
        method=call.method,
        route=f"{above}/{call.verb}",
        status=status,
        seconds=time.perf_counter() - call.begun,
        request_id=next(names, b"").decode("latin-1"),
        key=call.key,
        problem=problem,
    )
