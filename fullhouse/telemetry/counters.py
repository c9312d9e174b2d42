"""Requests and outcomes, counted in every worker process and added up where they are told.

Whoever answers requests calls `observe`, Django and the gate alike. Labels are route templates and
codes, never ids: their number is bounded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY: Final = CollectorRegistry()
UNMATCHED: Final = "unmatched"
DONE: Final = "done"

_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# The gate answers in a millisecond, an import of a plan in seconds.
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_VERBS: Final = frozenset({"confirm", "extend", "release", "refund", "exchange"})
_RESERVATIONS: Final = "/reservations"

_requests = Counter(
    "fullhouse_http_requests",
    "Requests answered, by method, route template and status.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
_seconds = Histogram(
    "fullhouse_http_request_seconds",
    "Seconds until an answer began, by method and route template.",
    ("method", "route"),
    buckets=_SECONDS,
    registry=REGISTRY,
)
_outcomes = Counter(
    "fullhouse_outcomes",
    "What became of calls that sell: done, or the code of the problem.",
    ("operation", "outcome"),
    registry=REGISTRY,
)


def observe(method: str, route: str, status: int, seconds: float, problem: str = "") -> None:
    """Count one answered request.

    `route` is the template as Django has it (`/api/v1/performances/<uuid:performance_id>/seats`),
    `problem` the code of a problem that was the answer.
    """
    requests, histogram, outcomes = _of(method, route, status, problem)
    requests.inc()
    histogram.observe(seconds)
    if outcomes is not None:
        outcomes.inc()


# Looking labels up costs more than counting.
@lru_cache(maxsize=4096)
def _of(
    method: str, route: str, status: int, problem: str
) -> tuple[Counter, Histogram, Counter | None]:
    verb = method if method in _METHODS else "OTHER"
    operation = _operation(verb, route)
    outcome = problem or (DONE if status < 400 else str(status))
    return (
        _requests.labels(verb, route, str(status)),
        _seconds.labels(verb, route),
        _outcomes.labels(operation, outcome) if operation else None,
    )


def _operation(method: str, route: str) -> str:
    """Return what a route does to reservations, '' for any other."""
    if method != "POST" or _RESERVATIONS not in route:
        return ""
    last = route.rsplit("/", 1)[-1]
    return last if last in _VERBS else "reserve" if route.endswith(_RESERVATIONS) else ""
