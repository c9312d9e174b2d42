"""Manage who may sell what: places of sales channels, limits and sales windows."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status

from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import MANAGE, Key, documented, own_performance, said
from fullhouse.api.manage_schemas import house as shapes
from fullhouse.api.routes.manage_house import kept_one, places
from fullhouse.api.routes.naming import Names
from fullhouse.events.models import SalesRule
from fullhouse.events.services.channels import allot_channel, change_channel, release_channel
from fullhouse.events.services.sales_rules import drop_rule, set_rule

router = Router(tags=["manage"], auth=MANAGE)
PERFORMANCE = "performances/{uuid:performance_id}"


@router.post(
    f"{PERFORMANCE}/channels",
    response=documented(201, shapes.KeptRow),
    summary="Set places aside for a sales channel",
    operation_id="manage_allot_channel",
)
def post_channel(
    request: ApiRequest, performance_id: UUID, body: shapes.AllotIn, key: Key = None
) -> Any:
    """Let only one channel sell places, until a time or until they are released."""
    own_performance(request, performance_id)
    made = allot_channel(
        performance_id=performance_id,
        channel=body.channel,
        **places(performance_id, body),
        release_at=body.release_at,
        owner=body.owner,
        **said(request, body.reason, key),
    )
    return Status(201, kept_one(performance_id, made.reservation_id))


@router.post(
    f"{PERFORMANCE}/channels/release",
    response=documented(200, shapes.ChannelReleasedOut),
    summary="Release a sales channel",
    operation_id="manage_release_channel",
)
def post_release(
    request: ApiRequest, performance_id: UUID, body: shapes.ReleaseChannelIn, key: Key = None
) -> shapes.ChannelReleasedOut:
    """Make all that a channel has set aside everybody's, now."""
    own_performance(request, performance_id)
    done = release_channel(
        performance_id=performance_id, channel=body.channel, **said(request, body.reason, key)
    )
    return shapes.ChannelReleasedOut(
        channel=done.channel, reservations=done.reservations, places=done.places
    )


@router.patch(
    f"{PERFORMANCE}/channels/{{uuid:reservation_id}}",
    response=documented(200, shapes.KeptRow),
    summary="Change a channel's release time",
    operation_id="manage_change_channel",
)
def patch_channel(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: shapes.ChannelTimeIn,
    key: Key = None,
) -> shapes.KeptRow:
    """Give places of a channel another release time, or none."""
    own_performance(request, performance_id)
    change_channel(
        performance_id=performance_id,
        reservation_id=reservation_id,
        release_at=body.release_at,
        **said(request, body.reason, key),
    )
    return kept_one(performance_id, reservation_id)


@router.get(
    f"{PERFORMANCE}/rules",
    response=documented(200, shapes.RuleRows),
    summary="Limits and sales windows",
    operation_id="manage_list_rules",
)
def list_rules(request: ApiRequest, performance_id: UUID) -> shapes.RuleRows:
    """List the rules of a performance."""
    own_performance(request, performance_id)
    rows = SalesRule.objects.filter(performance=performance_id).order_by("id")
    return shapes.RuleRows(items=[_out(row) for row in rows])


@router.put(
    f"{PERFORMANCE}/rules",
    response=documented(200, shapes.RuleRow),
    summary="Set a limit or a sales window",
    operation_id="manage_set_rule",
)
def put_rule(
    request: ApiRequest, performance_id: UUID, body: shapes.RuleIn, key: Key = None
) -> shapes.RuleRow:
    """Set the rule of a ticket type or of the whole order, in place of the one before."""
    own_performance(request, performance_id)
    values = body.dict(exclude={"reason", "ticket_type"})
    done = set_rule(
        performance_id=performance_id,
        ticket_type_id=_type(performance_id, body.ticket_type),
        **values,
        **said(request, body.reason, key),
    )
    return shapes.RuleRow(id=done.rule_id, ticket_type=done.ticket_type_id, **values)


@router.delete(
    f"{PERFORMANCE}/rules",
    response=documented(204, None),
    summary="Take a rule away",
    operation_id="manage_drop_rule",
)
def delete_rule(
    request: ApiRequest,
    performance_id: UUID,
    ticket_type: Annotated[
        str | None, Query(max_length=100, description="left out: of the whole order")
    ] = None,
    reason: Annotated[str, Query(max_length=255)] = "",
    key: Key = None,
) -> Any:
    """Take the rule of a ticket type, or of the whole order, away."""
    own_performance(request, performance_id)
    drop_rule(
        performance_id=performance_id,
        ticket_type_id=_type(performance_id, ticket_type),
        **said(request, reason, key),
    )
    return Status(204, None)


def _type(performance_id: UUID, text: str | None) -> UUID | None:
    return None if text is None else Names(performance_id).ticket_type(text)


def _out(row: SalesRule) -> shapes.RuleRow:
    return shapes.RuleRow(
        id=row.pk,
        ticket_type=row.ticket_type_id,
        sales_open_at=row.sales_open_at,
        sales_close_at=row.sales_close_at,
        min_per_order=row.min_per_order,
        max_per_order=row.max_per_order,
        max_per_customer=row.max_per_customer,
    )
