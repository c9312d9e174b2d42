"""Seat maps: the plan, which never changes in a version, and the states, which do."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from ninja import Query, Router

from fullhouse.api import schemas
from fullhouse.api.edge import ApiRequest
from fullhouse.api.routes import answers
from fullhouse.api.routes.reading import require_visible
from fullhouse.api.seat_cache import changed_since, plan_of, states_of
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventPerformance
from fullhouse.events.services.seat_maps import Offer, SeatStates

router = Router(tags=["read"])
DRAFT = EventPerformance.Status.DRAFT


@router.get(
    "performances/{uuid:performance_id}/seats",
    response=answers.with_problems(200, schemas.SeatStatesOut),
    summary="States of all numbered seats",
    operation_id="get_seats",
)
def get_seats(
    request: ApiRequest,
    performance_id: UUID,
    since: Annotated[
        str | None, Query(description="a `version`: only what changed since", max_length=16)
    ] = None,
) -> schemas.SeatStatesOut:
    """Return a letter a seat, or only what changed since a version."""
    found = states_of(performance_id)
    if found.status == DRAFT:
        require_visible(request, performance_id)
    ordinals = changed_since(found, since) if since else None
    return schemas.SeatStatesOut(**states_facts(found, ordinals))


@router.get(
    "performances/{uuid:performance_id}/plans/{int:plan_version}",
    response=answers.with_problems(200, schemas.SeatPlanOut),
    summary="The numbered seats in their order",
    operation_id="get_plan",
)
def get_plan(
    request: ApiRequest, performance_id: UUID, plan_version: int, response: HttpResponse
) -> schemas.SeatPlanOut:
    """Return the seats by column; kept by every cache, as a version never changes."""
    status = require_visible(request, performance_id)
    try:
        found = plan_of(performance_id, plan_version)
    except Refusal as refusal:
        raise Http404 from refusal
    shared = "private" if status == DRAFT else "public"
    response["Cache-Control"] = f"{shared}, max-age=31536000, immutable"
    return schemas.SeatPlanOut(
        performance=performance_id,
        plan_version=found.plan_version,
        sections=[
            schemas.PlanSectionOut(id=each.section_id, name=each.name, seats=each.seats)
            for each in found.sections
        ],
        ids=list(found.ids),
        rows=list(found.rows),
        numbers=list(found.numbers),
        row_ranks=list(found.row_ranks),
        seat_ranks=list(found.seat_ranks),
        xs=list(found.xs),
        ys=list(found.ys),
        flags=found.flags,
    )


def states_facts(found: SeatStates, ordinals: list[int] | None) -> dict[str, Any]:
    """Return the states of all seats, or of those that changed, in the order of SeatStatesOut."""
    whole = ordinals is None
    return {
        "performance": found.performance_id,
        "plan_version": found.plan_version,
        "version": found.version,
        "status": found.status,
        "states": found.states
        if ordinals is None
        else "".join(map(found.states.__getitem__, ordinals)),
        "ordinals": ordinals,
        "offers": [_offer(each) for each in found.offers] if whole else None,
        "offer_runs": [(offer, len(list(run))) for offer, run in groupby(found.offer_of)]
        if whole
        else None,
    }


def _offer(found: Offer) -> dict[str, Any]:
    return {
        "allocation": found.allocation_id,
        "section": found.section_id,
        "ticket_type": found.ticket_type_id,
        "price": str(found.price),
        "currency": found.currency,
        "places_per_ticket": found.places_per_ticket,
    }
