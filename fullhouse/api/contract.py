"""The contract as it is published: OpenAPI 3.1, made once a process, and true of every answer.

Django Ninja knows what a function returns. What the edge adds is said here: problems by their media
type, headers, the answer to `If-None-Match`, and that a key may be sent where none is needed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from fullhouse.api.problems import MEDIA_TYPE

_PROBLEM: Final = "#/components/schemas/Problem"
_JSON: Final = "application/json"
_SCHEME: Final = "ApiKey"
_MANAGE: Final = "/manage/"
_SCHEMES: Final = {
    _SCHEME: {"type": "http", "scheme": "bearer", "description": "`fullhouse apikey create`"}
}
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-ID": {
        "description": "yours if you sent one, else a new one; logs name it",
        "schema": {"type": "string"},
    },
    "RateLimit-Limit": {"description": "requests a minute", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "left of it", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "seconds until it is full", "schema": {"type": "integer"}},
    "ETag": {"description": "for `If-None-Match`", "schema": {"type": "string"}},
    "Retry-After": {"description": "seconds", "schema": {"type": "integer"}},
}
_EVERYWHERE: Final = ("X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_LATER: Final = frozenset({"429", "503"})
_IF_NONE_MATCH: Final = {
    "in": "header",
    "name": "If-None-Match",
    "description": "the `ETag` that you have: 304 where nothing changed",
    "schema": {"type": "string"},
    "required": False,
}


class Contract(NinjaAPI):
    """An API whose document says what is true of its answers."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the document."""
        document = super().get_openapi_schema(**options)
        parts = document["components"]
        parts |= {"headers": _HEADERS, "securitySchemes": _SCHEMES, "responses": {}}
        for address, operations in document["paths"].items():
            for method, operation in operations.items():
                key: dict[str, list[str]] = {_SCHEME: []}
                operation["security"] = [key] if _MANAGE in address else [{}, key]
                _complete(operation, parts["responses"], reads=method == "get")
        return document

    def published(self, address: str) -> URLPattern:
        """Return the view of the document; it is made once, as it is the same for everybody."""

        @lru_cache(maxsize=1)
        def document() -> bytes:
            return msgspec.json.encode(self.get_openapi_schema())

        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse(document(), content_type=_JSON)

        return path(address, view)


def _complete(operation: dict[str, Any], shared: dict[str, Any], *, reads: bool) -> None:
    answers: dict[str, Any] = {str(key): value for key, value in operation["responses"].items()}
    if reads:
        answers.pop("412", None)
    for status, answer in answers.items():
        headers = [*_EVERYWHERE, "Retry-After"] if status in _LATER else list(_EVERYWHERE)
        if reads and status == "200" and _JSON in answer.get("content", {}):
            operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
            headers.append("ETag")
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
        content = answer.get("content", {})
        if content.get(_JSON, {}).get("schema", {}).get("$ref") == _PROBLEM:
            content[MEDIA_TYPE] = content.pop(_JSON)
            shared[status] = answer
            answers[status] = {"$ref": f"#/components/responses/{status}"}
    if any("ETag" in answer.get("headers", ()) for answer in answers.values()):
        answers["304"] = {"description": "Not Modified"}
    operation["responses"] = answers
