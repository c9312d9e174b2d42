"""How the routes change and delete rows of the catalogue, with the version that was read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import Http404
from ninja.responses import Status

from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import expected, own_key, said
from fullhouse.api.manage_schemas.kinds import Why
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.services import catalogue


def change_row(
    request: ApiRequest,
    model: type[Model],
    row_id: UUID,
    body: Why,
    key: str | None,
    if_match: str | None,
) -> None:
    """Change what the body names; its reason says why."""
    changes = columns(body.dict(exclude_unset=True, exclude={"reason"}))
    catalogue.change(
        model, row_id, changes, expected=expected(if_match), **said(request, body.reason, key)
    )


def remove_row(
    request: ApiRequest, model: type[Model], row_id: UUID, key: str | None, if_match: str | None
) -> Any:
    """Delete a row on which nothing hangs. Raises Http404 where it is not there."""
    try:
        catalogue.remove(
            model, row_id, expected=expected(if_match), idempotency_key=own_key(request, key)
        )
    except Refusal as refusal:
        if refusal.code == "unknown":
            raise Http404 from refusal
        raise
    return Status(204, None)


def columns(values: dict[str, Any]) -> dict[str, Any]:
    """Name foreign keys as their columns are named."""
    named = {"venue": "venue_id", "event": "event_id"}
    return {named.get(name, name): value for name, value in values.items()}
