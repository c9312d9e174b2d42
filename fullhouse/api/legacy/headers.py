"""What every answer says of itself: deprecated since, there until, replaced by.

Deprecation: RFC 9745. Sunset: RFC 8594. Link relation successor-version: RFC 5829.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

# The day on which /api/v1/ was there to replace it.
DEPRECATED_AT: Final = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
_ROOT: Final = "/api/v1/"
_PERFORMANCE: Final = "/api/v1/performances/{}{}"

View = Callable[..., HttpResponse]


def deprecated(view: View) -> View:
    """Add the headers, also to a refusal."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Deprecation"] = f"@{int(DEPRECATED_AT.timestamp())}"
        sunset: datetime.date | None = settings.FULLHOUSE_LEGACY_SUNSET
        if sunset is not None:
            day = datetime.datetime.combine(sunset, datetime.time(), datetime.UTC)
            response["Sunset"] = http_date(day.timestamp())
        response["Link"] = f'<{_successor(request, kwargs)}>; rel="successor-version"'
        return response

    return told


def _successor(request: HttpRequest, given: dict[str, Any]) -> str:
    performance = given.get("performance_id")
    if performance is None:
        return _ROOT + "performances"
    path = request.path
    if path.endswith("/reserve_seats/"):
        return _PERFORMANCE.format(performance, "/reservations")
    if path.endswith("seats/"):
        return _PERFORMANCE.format(performance, "/seats")
    return _PERFORMANCE.format(performance, "/availability")
