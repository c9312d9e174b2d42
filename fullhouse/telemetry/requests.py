"""The outermost middleware: names each request, times it, counts it, logs it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from fullhouse.api.edge import request_id as fitting_id
from fullhouse.telemetry import logs
from fullhouse.telemetry.counters import UNMATCHED, observe

_HEADER: Final = "X-Request-ID"


class Observed:
    """Everything that Django answers passes here; the gate observes its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        asked = fitting_id(str(request.META.get("HTTP_X_REQUEST_ID", "")))
        # What is inside takes the same name.
        request.META["HTTP_X_REQUEST_ID"] = asked
        token = logs.request_id.set(asked)
        try:
            response = self._answer(request)
        finally:
            logs.request_id.reset(token)
        response.headers.setdefault(_HEADER, asked)
        tell(
            method=request.method or "",
            route=_route(request),
            status=response.status_code,
            seconds=time.perf_counter() - begun,
            request_id=asked,
            key=_key(request),
            problem=getattr(response, "problem_code", ""),
        )
        return response


def tell(
    *,
    method: str,
    route: str,
    status: int,
    seconds: float,
    request_id: str,
    key: str | None,
    problem: str = "",
) -> None:
    """Count and log one answered request; `key` is the public prefix of the caller's API key."""
    observe(method, route, status, seconds, problem)
    logs.log_access(
        method=method,
        route=route,
        status=status,
        seconds=seconds,
        request_id=request_id,
        key=key,
    )


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    # Django Ninja has a converter of its own for the same ids.
    return f"/{match.route}".replace("<uuidstr:", "<uuid:") if match else UNMATCHED


def _key(request: HttpRequest) -> str | None:
    caller = getattr(request, "caller", None)
    return caller.key.prefix if caller is not None and caller.key else None
