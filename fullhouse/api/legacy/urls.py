"""`/api/legacy/`: the old addresses and their contract."""

from __future__ import annotations

from django.urls import path

from fullhouse.api.contract import Contract
from fullhouse.api.legacy.headers import deprecated
from fullhouse.api.legacy.problems import handle_legacy_problems
from fullhouse.api.legacy.routes import router
from fullhouse.api.urls import CompactJson

DESCRIPTION = """
The old system's addresses, for programs that cannot be changed yet. `/api/v1/` replaces them.
"""

api = Contract(
    title="Fullhouse, the old system's calls",
    version="legacy",
    description=DESCRIPTION,
    urls_namespace="api-legacy",
    docs_url=None,
    openapi_url="openapi.json",
    renderer=CompactJson(),
)
api.add_decorator(deprecated, mode="view")
handle_legacy_problems(api)
api.add_router("", router)

urlpatterns = [api.published("openapi.json"), path("", api.urls)]
