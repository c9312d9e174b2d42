"""What the management calls share: who may, what is theirs, who says why, which version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypedDict
from uuid import UUID

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Query
from ninja.security.http import HttpAuthBase

from fullhouse.api import schemas
from fullhouse.api.cursor import MAX_LIMIT
from fullhouse.api.edge import ApiRequest
from fullhouse.api.models import Scope
from fullhouse.api.problems import Forbidden
from fullhouse.api.routes import answers
from fullhouse.events.models import EventPerformance

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="your name for this request: sent again, it gets the same answer",
        min_length=1,
        max_length=150,
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="the `ETag` you read: refused with 412 where the row has changed since",
        max_length=500,
    ),
]
Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
# A key that is limited to some events does not change what others share with them.
ALL_EVENTS: Final = "manage, for all events"


class NeedsScope(HttpAuthBase):
    """Lets only keys with a scope in; everybody else is told which scope it would take."""

    openapi_scheme = "bearer"

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        """Return who asks. Raises Forbidden."""
        caller = getattr(request, "caller", None)
        if caller is None or not caller.may(self.scope):
            raise Forbidden(self.scope)
        return caller


MANAGE: Final = NeedsScope(Scope.MANAGE)
ADMIN: Final = NeedsScope(Scope.ADMIN)


class Said(TypedDict):
    """Who, why, and under which name, as every writing service takes them."""

    actor: str
    reason: str
    idempotency_key: str | None


def said(request: ApiRequest, reason: str, key: str | None) -> Said:
    """Return what a service is told beside the request itself."""
    return Said(actor=request.caller.actor, reason=reason, idempotency_key=own_key(request, key))


def own_key(request: ApiRequest, key: str | None) -> str | None:
    """Return the idempotency key as it is kept: each caller has keys of its own."""
    return None if key is None else request.caller.own_key(key)


def sees(request: ApiRequest, event_id: UUID) -> bool:
    """Tell whether the event is one of the key's."""
    return request.caller.covers(event_id)


def own_performance(request: ApiRequest, performance_id: UUID) -> UUID:
    """Return the event of a performance of the key's. Raises Http404 for any other."""
    rows = EventPerformance._base_manager.filter(pk=performance_id)
    event_id = rows.values_list("event_id", flat=True).first()
    if event_id is None or not sees(request, event_id):
        raise Http404
    return event_id


def for_all_events(request: ApiRequest) -> None:
    """Refuse a key that is limited to some events. Raises Forbidden."""
    if request.caller.event_ids:
        raise Forbidden(ALL_EVENTS)


def documented(status: int, schema: Any) -> Mapping[Any, Any]:
    """Return the answers of an operation; 412 is of changes with If-Match."""
    return {**answers.with_problems(status, schema), 412: schemas.Problem}


def tag(response: HttpResponse, version: str) -> None:
    """Name the version of the row in the answer."""
    response["ETag"] = f'"{version}"'


def expected(if_match: str | None) -> str | None:
    """Return the version in an If-Match header; None where any will do.

    A tag made weak by compression on its way is taken for the strong one that it was.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    return if_match.strip().removeprefix("W/").strip('"')


def required(model: type[Model], performance_id: UUID, row_id: UUID) -> None:
    """Raise Http404 unless a row of this performance has the id that the address names."""
    if not model._base_manager.filter(performance=performance_id, pk=row_id).exists():
        raise Http404
