"""Where the old system is, and whether there is one at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404

from fullhouse.api.edge import ApiRequest
from fullhouse.api.models import Scope
from fullhouse.api.problems import Forbidden
from fullhouse.compat.sides import Side, on_authority
from fullhouse.compat.where import Where
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.runs import CLOSED, OVER

DEFAULT_SCHEMA: Final = "public"
T = TypeVar("T")


class NoLegacySourceError(Exception):
    """There is no old system in this database, and never was."""


class LegacyGoneError(Exception):
    """An old system was to be taken over; its tables are not there, and Fullhouse does not sell."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        super().__init__(schema)


def place() -> Where:
    """Return where the old tables are or were.

    FULLHOUSE_COMPAT says it, else it is the schema of the latest takeover, open ones first, else
    `public`. Raises NoLegacySourceError, LegacyGoneError.
    """
    named: str = getattr(settings, "FULLHOUSE_COMPAT", {}).get("legacy_schema", "")
    runs = MigrationRun.objects.order_by("-created_at")
    if named:
        runs = runs.filter(legacy_schema=named)
    run = runs.exclude(state__in=CLOSED).first() or runs.first()
    try:
        where = Where.of(
            legacy_schema=named or (run.legacy_schema if run else DEFAULT_SCHEMA),
        )
    except ImproperlyConfigured as error:
        raise NoLegacySourceError from error
    there = where.rows(
        "SELECT to_regclass(format('%%I.events_eventperformance', %s)) IS NOT NULL",
        where.legacy_schema,
    )
    if there[0][0] or (run and run.state in OVER):
        return where
    raise LegacyGoneError(where.legacy_schema) if run else NoLegacySourceError


def look(request: ApiRequest, performance: UUID, act: Callable[[Side], T]) -> T:
    """Read on the side that is authoritative. A draft is there for `manage` keys alone.

    Raises Http404; Refusal, Conflict, EngineFault.
    """

    def seen(side: Side) -> T:
        home = side.home(performance)
        if home.is_draft and not request.caller.may(Scope.MANAGE, home.event_id):
            raise Http404
        return act(side)

    return on_authority(place(), seen)


def change(request: ApiRequest, performance: UUID, act: Callable[[Side], T]) -> T:
    """Change on the side that is authoritative, with a `sell` or `manage` key for the event.

    Raises Forbidden before anything is told of the performance, Http404 for one of another's;
    Refusal, Conflict, EngineFault.
    """
    where = place()
    if not any(request.caller.may(scope) for scope in (Scope.SELL, Scope.MANAGE)):
        raise Forbidden(Scope.SELL)

    def allowed(side: Side) -> T:
        event = side.home(performance).event_id
        if not any(request.caller.may(scope, event) for scope in (Scope.SELL, Scope.MANAGE)):
            raise Http404
        return act(side)

    return on_authority(where, allowed)
