"""The messages that webhooks send, as a part of the contract (OpenAPI 3.1, `webhooks`)."""

from __future__ import annotations

from typing import Any, Final

from fullhouse.announce.kinds import Kind

_WHEN: Final[dict[Kind, str]] = {
    Kind.LOW: "few places are left",
    Kind.SOLD_OUT: "no place is left",
    Kind.BACK: "there are places again after it was sold out",
    Kind.CHANGED: "its status or times, its plan or its prices changed",
    Kind.RESERVED: "places are held",
    Kind.EXTENDED: "a hold has more time",
    Kind.CONFIRMED: "places are sold",
    Kind.RELEASED: "held places are free again",
    Kind.EXPIRED: "held places are free again, because the time was over",
    Kind.REFUNDED: "sold places are free again",
    Kind.EXCHANGED: "other places instead",
    Kind.TRANSFERRED: "another holder",
    Kind.CAPACITY: "places were made, taken away or moved between allocations",
    Kind.AUDIT_FAILED: "an audit found something",
    Kind.PHASE_CHANGED: "a takeover's run has another state",
}
_TEXT: Final = {"type": "string"}
_HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


def webhooks() -> dict[str, Any]:
    """Return the messages by type."""
    return {kind.value: {"post": _message(kind)} for kind in Kind}


def _message(kind: Kind) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": kind.value},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object"},
        },
    }
    return {
        "operationId": f"webhook_{kind.value.replace('.', '_')}",
        "summary": _WHEN[kind],
        "description": "Signed by the Standard Webhooks scheme; at least once, in order for each "
        "performance.",
        "tags": ["webhooks"],
        "security": [],
        "parameters": [
            {"in": "header", "name": name, "schema": _TEXT, "required": True} for name in _HEADERS
        ],
        "requestBody": {"content": {"application/json": {"schema": body}}, "required": True},
        "responses": {
            "2XX": {"description": "accepted; anything else is tried again"},
            "410": {"description": "never again: the endpoint is disabled"},
        },
    }
