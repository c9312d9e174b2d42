"""The contract as it is published: OpenAPI 3.1, problems by their own media type."""

from __future__ import annotations

from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from fullhouse.api.problems import MEDIA_TYPE

_PROBLEM: Final = "#/components/schemas/Problem"
_JSON: Final = "application/json"


class Contract(NinjaAPI):
    """An API whose document says what is true of its errors."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the document; Django Ninja gives every answer the media type of JSON."""
        document = super().get_openapi_schema(**options)
        for path in document["paths"].values():
            for operation in path.values():
                for answer in operation["responses"].values():
                    _name_problem(answer)
        return document


def _name_problem(answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if content.get(_JSON, {}).get("schema", {}).get("$ref") == _PROBLEM:
        content[MEDIA_TYPE] = content.pop(_JSON)
