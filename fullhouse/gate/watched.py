"""Counts, logs and traces what the gate answers, as the middleware does what Django answers."""

from __future__ import annotations

import time
from typing import Final

from fullhouse.gate.asked import Asked, Headers
from fullhouse.telemetry import tracing
from fullhouse.telemetry.requests import tell

_PERFORMANCE: Final = "/api/v1/performances/<uuid:performance_id>"
_RESERVATION: Final = f"{_PERFORMANCE}/reservations/<uuid:reservation_id>"


def watched(call: Asked, status: int, headers: Headers, problem: str = "") -> None:
    """Tell of an answer that has begun; `problem` is the code where it is one."""
    above = _RESERVATION if call.reservation_id else _PERFORMANCE
    names = (value for name, value in headers if name == b"x-request-id")
    route, named = f"{above}/{call.verb}", next(names, b"").decode("latin-1")
    seconds = time.perf_counter() - call.begun
    tell(
        method=call.method,
        route=route,
        status=status,
        seconds=seconds,
        request_id=named,
        key=call.key,
        problem=problem,
    )
    if tracing.is_on():
        tracing.answered(
            method=call.method,
            route=route,
            status=status,
            seconds=seconds,
            request_id=named,
            header=call.header,
        )
