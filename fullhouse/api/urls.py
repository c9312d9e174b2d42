"""The API's addresses: `/api/v1/`, its contract and its readable pages."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest
from django.urls import path
from ninja.renderers import BaseRenderer

from fullhouse.api.contract import Contract
from fullhouse.api.problems import handle_problems
from fullhouse.api.routes import manage_all, problems, reading, seats, selling, stream
from fullhouse.api.webhooks import webhooks

DESCRIPTION = """
Capacity that adds up: read what is left, hold places, sell them, take them back.

- **Keys**: `Authorization: Bearer fh_...`. Reading and holding need none; whoever made a hold has
  its token and sends it as `Reservation-Token`.
- **Again, safely**: every write takes an `Idempotency-Key`; the same key gives the same answer, and
  with another body it is refused.
- **Errors** are problem details (RFC 9457) with a stable `code` and the `facts`; sentences follow
  `Accept-Language` (English, Persian).
- **Places**: a bare `quantity` is places; prices are exact decimals as text.
"""


class CompactJson(BaseRenderer):
    """JSON without blanks, Persian as Persian: a third of the bytes, a tenth of the time."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return the answer's bytes."""
        return msgspec.json.encode(data)


api = Contract(
    title="Fullhouse",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api-v1",
    docs_url="docs",
    openapi_url="openapi.json",
    renderer=CompactJson(),
    openapi_extra={"webhooks": webhooks()},
)
handle_problems(api)
api.add_router("", reading.router)
api.add_router("", seats.router)
api.add_router("", stream.router)
api.add_router("", selling.router)
api.add_router("", problems.router)
for router in manage_all.ROUTERS:
    api.add_router(manage_all.PREFIX, router)

urlpatterns = [api.published("v1/openapi.json"), path("v1/", api.urls)]
