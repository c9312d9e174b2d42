"""Manage seating plans: import, export, build a house from one, change it beside its sales."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router
from ninja.responses import Status

from fullhouse.api.cursor import DEFAULT_LIMIT, page_after
from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import (
    MANAGE,
    Cursor,
    Key,
    Limit,
    documented,
    for_all_events,
    own_key,
    own_performance,
    said,
)
from fullhouse.api.manage_schemas import plans as shapes
from fullhouse.api.manage_schemas.structure import OpenedOut
from fullhouse.api.routes.naming import Names
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans import formats
from fullhouse.events.domain.plans.document import BYTES_MOST
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.models import Event, SeatingPlan, Venue
from fullhouse.events.services.once import once
from fullhouse.events.services.plans import apply_plan, change_plan, document_of, keep_plan

router = Router(tags=["manage"], auth=MANAGE)
PERFORMANCE = "performances/{uuid:performance_id}"
_MEDIA: Final = {"csv": "text/csv; charset=utf-8"}
_FILE: Final = {"type": "string"}
_UPLOAD: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {}} for kind in ("application/json", "text/csv")},
    }
}
_DOWNLOAD: Final[dict[str, Any]] = {
    "responses": {
        200: {
            "description": "The file. `Fullhouse-Lost`: how many kinds of thing it cannot hold.",
            "content": {kind: {"schema": {}} for kind in ("application/json", "text/csv")},
        }
    }
}
Format = Literal["fullhouse", "pretix", "csv"]


@router.get(
    "plans",
    response=documented(200, shapes.PlanRows),
    summary="Seating plans",
    operation_id="manage_list_plans",
)
def list_plans(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> shapes.PlanRows:
    """List the versions of plans; a key for some events sees those of its houses."""
    rows, following = page_after(_plans(request), ("name", "version", "id"), cursor, limit)
    return shapes.PlanRows(items=[_out(row) for row in rows], next=following)


@router.post(
    "plans",
    response=documented(201, shapes.PlanRow),
    summary="Import a seating plan",
    operation_id="manage_import_plan",
    openapi_extra=_UPLOAD,
)
def import_plan(
    request: ApiRequest,
    name: Annotated[str, Query(min_length=1, max_length=200)],
    format: Annotated[Format | None, Query(description="left out: told by the file")] = None,
    venue: Annotated[UUID | None, Query()] = None,
    key: Key = None,
) -> Any:
    """Keep the file in the body (our JSON, pretix or CSV) as the name's next version.

    The same plan as the last version is that version again. Needs a key for all events.
    """
    for_all_events(request)
    text = _body(request)
    chosen = format or formats.guessed(_file_name(request), text)
    if venue is not None and not Venue.objects.filter(pk=venue).exists():
        raise InvalidRequest("venue", "there is no such venue")

    def act() -> dict[str, Any]:
        kept = keep_plan(
            plan=formats.read(text, chosen),
            name=name,
            venue_id=venue,
            source_format=chosen,
            actor=request.caller.actor,
        )
        return {"id": str(kept.plan_id), "new": kept.new}

    asked = {"text": text, "name": name, "format": chosen, "venue": venue}
    done = once("import_plan", asked, act, idempotency_key=own_key(request, key))
    row = SeatingPlan.objects.defer("document").get(pk=done["id"])
    return Status(201, _out(row, new=done["new"]))


@router.get(
    "plans/{uuid:plan_id}",
    response=documented(200, shapes.PlanRow),
    summary="One version of a plan",
    operation_id="manage_get_plan",
)
def get_plan(request: ApiRequest, plan_id: UUID) -> shapes.PlanRow:
    """Return what a version is of; `export` returns the plan itself."""
    return _out(_own_plan(request, plan_id))


@router.get(
    "plans/{uuid:plan_id}/export",
    response=documented(200, None),
    summary="A plan as a file",
    operation_id="manage_export_plan",
    openapi_extra=_DOWNLOAD,
)
def export_plan(
    request: ApiRequest, plan_id: UUID, format: Annotated[Format, Query()] = "fullhouse"
) -> HttpResponse:
    """Return the plan as a file; `Fullhouse-Lost` counts what its format cannot hold."""
    kept = _own_plan(request, plan_id)
    text, lost = formats.write(document_of(kept), format)
    file = f"plan-v{kept.version}-{format}{formats.FORMATS[format].ending}"
    told = "; ".join(loss.told("en") for loss in lost)
    return HttpResponse(
        text,
        content_type=_MEDIA.get(format, "application/json"),
        headers={
            "Content-Disposition": f'attachment; filename="{file}"',
            "Fullhouse-Lost": told,
            "Content-Language": get_language() or "en",
        },
    )


@router.post(
    f"{PERFORMANCE}/plan",
    response=documented(201, OpenedOut),
    summary="Build a performance from a plan",
    operation_id="manage_apply_plan",
)
def post_apply(
    request: ApiRequest, performance_id: UUID, body: shapes.ApplyIn, key: Key = None
) -> Any:
    """Build the sections of a version of a plan, all or nothing."""
    own_performance(request, performance_id)
    done = apply_plan(
        performance_id=performance_id,
        kept=_named_plan(request, body.plan),
        terms=_terms(performance_id, body),
        **said(request, body.reason, key),
    )
    made = OpenedOut(
        performance=performance_id,
        capacity=done.max_capacity,
        sections=[each.section_id for each in done.sections],
    )
    return Status(201, made)


@router.put(
    f"{PERFORMANCE}/plan",
    response=documented(200, shapes.ChangedPlanOut),
    summary="Change a performance to another version",
    operation_id="manage_change_plan",
)
def put_plan(
    request: ApiRequest, performance_id: UUID, body: shapes.ChangePlanIn, key: Key = None
) -> shapes.ChangedPlanOut:
    """Change the house beside its sales; `would_orphan` names every place that would vanish."""
    own_performance(request, performance_id)
    done = change_plan(
        performance_id=performance_id,
        kept=_named_plan(request, body.plan),
        terms=_terms(performance_id, body),
        dry_run=body.dry_run,
        **said(request, body.reason, key),
    )
    return shapes.ChangedPlanOut(
        performance=performance_id,
        added=done.added,
        removed=done.removed,
        updated=done.updated,
        unseated=[
            shapes.UnseatedChange(section=one.section, change=one.change) for one in done.unseated
        ],
        new_sections=list(done.new_sections),
        emptied_sections=list(done.emptied_sections),
        capacity=done.max_capacity,
        dry_run=done.dry_run,
    )


def _plans(request: ApiRequest) -> QuerySet[SeatingPlan]:
    rows = SeatingPlan.objects.defer("document")
    allowed = request.caller.event_ids
    if not allowed:
        return rows
    own = Event.objects.filter(pk__in=allowed)
    used = rows.filter(performances__event__in=allowed).values("pk")
    return rows.filter(Q(venue__in=own.values("venue")) | Q(pk__in=used))


def _own_plan(request: ApiRequest, plan_id: UUID) -> SeatingPlan:
    found = _plans(request).filter(pk=plan_id).first()
    if found is None:
        raise Http404
    return found


def _named_plan(request: ApiRequest, plan_id: UUID) -> SeatingPlan:
    found = _plans(request).filter(pk=plan_id).first()
    if found is None:
        raise InvalidRequest("plan", "there is no such plan")
    return found


def _terms(performance_id: UUID, body: shapes.ApplyIn) -> Terms:
    names = Names(performance_id)
    return Terms(
        prices=body.prices,
        price=body.price,
        currency=body.currency,
        ticket_types={
            category: names.ticket_type(kind) for category, kind in body.ticket_types.items()
        },
    )


def _file_name(request: ApiRequest) -> str:
    """Return a name that tells the format, by what the body says that it is."""
    return "plan.csv" if (request.content_type or "").startswith("text/csv") else "plan.json"


def _body(request: ApiRequest) -> str:
    """Return the file in the body, which the edge has found not to be too large."""
    data = request.read(BYTES_MOST)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest("body", f"byte {error.start} is not UTF-8") from error


def _out(row: SeatingPlan, *, new: bool = False) -> shapes.PlanRow:
    return shapes.PlanRow(
        id=row.pk,
        name=row.name,
        version=row.version,
        digest=row.digest,
        seats=row.seats,
        places=row.places,
        venue=row.venue_id,
        source_format=row.source_format,
        created_at=row.created_at,
        new=new,
    )
