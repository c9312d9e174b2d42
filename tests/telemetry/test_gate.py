"""What the gate answers is counted under the same names as what Django answers."""

from uuid import uuid4

import pytest
from django.urls import resolve

from fullhouse.gate.asked import asked
from fullhouse.gate.watched import watched
from fullhouse.telemetry.counters import REGISTRY


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", "availability"),
        ("GET", "seats"),
        ("GET", "stream"),
        ("POST", "reservations"),
        ("POST", f"reservations/{uuid4()}/confirm"),
        ("POST", f"reservations/{uuid4()}/release"),
        ("POST", f"reservations/{uuid4()}/extend"),
    ],
)
def test_routes_are_those_of_django(method: str, rest: str) -> None:
    path = f"/api/v1/performances/{uuid4()}/{rest}"
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
    call = asked(
        {
            "path": path,
            "method": method,
            "query_string": b"",
            "client": ("127.0.0.1", 1),
            "headers": headers if method == "POST" else [],
        }
    )
    assert call is not None
    route = f"/{resolve(path).route}".replace("<uuidstr:", "<uuid:")
    labels = {"method": method, "route": route, "status": "418"}

    def count() -> float:
        return REGISTRY.get_sample_value("fullhouse_http_requests_total", labels) or 0.0

    before = count()
    watched(call, 418, [(b"x-request-id", b"r-1")], "teapot")
    assert count() == before + 1
