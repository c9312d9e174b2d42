"""Every call of the contract x every role: who is let in, and what a stranger is told.

The calls are read from the running API, so that a new one without a line here fails.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from fullhouse.api.keys import create_key
from fullhouse.api.legacy.urls import api as legacy_api
from fullhouse.api.models import ApiKey
from fullhouse.api.urls import api
from fullhouse.events.domain.plans import formats
from fullhouse.events.models import Event, EventPerformance, SectionTicketType
from fullhouse.events.services.house import house
from fullhouse.events.services.plans import keep_plan
from fullhouse.events.services.reserve import Places, reserve
from fullhouse.events.services.waiting_list import join_waiting_list
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.phases import State

from .conftest import Hall

# One for all: each has middleware of its own, which takes longer to load than a call.
BROWSER: Final = Client()
P: Final = "/api/v1/performances/{performance_id}"
R: Final = f"{P}/reservations/{{reservation_id}}"
L: Final = "/api/legacy"
M: Final = "/api/v1/manage"
MP: Final = f"{M}/performances/{{performance_id}}"
LET_IN: Final = "let in"
#: Who asks. A "limited" key has every scope, but for another event alone.
ROLES: Final = (
    "nobody",
    "foreign token",
    "own token",
    "read key",
    "sell key",
    "manage key",
    "admin key",
    "limited key",
    "ended key",
)
# What each is told, in the order of ROLES.
OPEN: Final = (*[LET_IN] * 8, 401)
DRAFT: Final = (404, 404, 404, 404, 404, LET_IN, LET_IN, 404, 401)
BUYER: Final = (404, 404, LET_IN, 404, LET_IN, 404, LET_IN, 404, 401)
MANAGER: Final = (403, 403, 403, 403, 403, LET_IN, LET_IN, 404, 401)
# Lists show a limited key its own; what is shared by all events it may not change.
LISTED: Final = (403, 403, 403, 403, 403, LET_IN, LET_IN, LET_IN, 401)
SHARED: Final = (403, 403, 403, 403, 403, LET_IN, LET_IN, 403, 401)
ADMIN: Final = (403, 403, 403, 403, 403, 403, LET_IN, 404, 401)
# The old hold is made by programs of the house; nobody else learns what is theirs.
TILL: Final = (403, 403, 403, 403, LET_IN, LET_IN, LET_IN, 404, 401)
WHY: Final = {"reason": "test"}


@dataclass(frozen=True, slots=True)
class Call:
    """What each role is told, and a body and query with which the call would do something."""

    told: tuple[str | int, ...]
    body: dict[str, Any] | str | None = None
    query: str = ""
    draft: tuple[str | int, ...] | None = None
    ids: dict[str, str] = field(default_factory=dict)


_ITEM = {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 1}]}
_SEATS = {"seats": [{"section": "Stalls", "row": "R0", "number": "1"}], **WHY}
_EVENING = {"date": "2027-03-29", "start_time": "20:00"}
_VENUE = {"name": "x", "total_capacity": 1}
_KEPT = {"reservation_id": "kept"}
CALLS: Final[dict[tuple[str, str], Call]] = {
    ("get", "/api/v1/events"): Call(OPEN),
    ("get", "/api/v1/events/{event_id}"): Call(OPEN),
    ("get", "/api/v1/problems"): Call(OPEN),
    ("get", "/api/v1/performances"): Call(OPEN),
    ("get", P): Call(OPEN, draft=DRAFT),
    ("get", f"{P}/availability"): Call(OPEN, draft=DRAFT),
    ("get", f"{P}/seats"): Call(OPEN, draft=DRAFT),
    ("get", f"{P}/plans/{{plan_version}}"): Call(OPEN, draft=DRAFT),
    ("get", f"{P}/stream"): Call(OPEN, draft=DRAFT),
    ("post", f"{P}/reservations"): Call(OPEN, _ITEM, draft=DRAFT),
    ("get", R): Call(BUYER),
    ("post", f"{R}/confirm"): Call(BUYER, {}),
    ("post", f"{R}/extend"): Call(BUYER, {"ttl_seconds": 900}),
    ("post", f"{R}/exchange"): Call(BUYER, _ITEM),
    ("post", f"{R}/release"): Call(BUYER, {}),
    ("post", f"{R}/refund"): Call(BUYER, {}),
    ("get", f"{L}/capacity/{{performance_id}}/summary/"): Call(OPEN, draft=DRAFT),
    ("get", f"{L}/performances/{{performance_id}}/capacity-summary/"): Call(OPEN, draft=DRAFT),
    ("get", f"{L}/capacity/{{performance_id}}/available_seats/"): Call(OPEN, draft=DRAFT),
    ("get", f"{L}/performances/{{performance_id}}/seats/"): Call(OPEN, draft=DRAFT),
    ("get", f"{L}/sections/"): Call(OPEN, query="performance_id=performance_id", draft=DRAFT),
    ("get", f"{L}/section-ticket-types/"): Call(OPEN, query="section_id=section_id", draft=DRAFT),
    ("post", f"{L}/capacity/{{performance_id}}/reserve_seats/"): Call(
        TILL, {"ticket_type_id": "ticket_type_id", "section_name": "Stalls", "count": 1}
    ),
    ("get", f"{M}/venues"): Call(LISTED),
    ("post", f"{M}/venues"): Call(SHARED, _VENUE),
    ("get", f"{M}/venues/{{venue_id}}"): Call(MANAGER),
    ("patch", f"{M}/venues/{{venue_id}}"): Call(MANAGER, WHY),
    ("delete", f"{M}/venues/{{venue_id}}"): Call(SHARED),
    ("get", f"{M}/events"): Call(LISTED),
    ("post", f"{M}/events"): Call(SHARED, {"venue": "venue_id", "title": "x", "slug": "slug"}),
    ("get", f"{M}/events/{{event_id}}"): Call(MANAGER),
    ("patch", f"{M}/events/{{event_id}}"): Call(MANAGER, WHY),
    ("delete", f"{M}/events/{{event_id}}"): Call(SHARED),
    ("get", f"{M}/events/{{event_id}}/ticket-types"): Call(MANAGER),
    ("post", f"{M}/events/{{event_id}}/ticket-types"): Call(MANAGER, {"name": "Senior"}),
    ("get", f"{M}/ticket-types/{{ticket_type_id}}"): Call(MANAGER),
    ("patch", f"{M}/ticket-types/{{ticket_type_id}}"): Call(MANAGER, WHY),
    ("delete", f"{M}/ticket-types/{{ticket_type_id}}"): Call(MANAGER),
    ("get", f"{M}/performances"): Call(LISTED),
    ("post", f"{M}/performances"): Call(MANAGER, {"event": "event_id", **_EVENING}),
    ("get", MP): Call(MANAGER),
    ("patch", MP): Call(MANAGER, WHY),
    ("delete", MP): Call(MANAGER),
    ("post", f"{MP}/postpone"): Call(MANAGER, WHY),
    ("post", f"{MP}/resume"): Call(MANAGER, WHY),
    ("get", f"{MP}/refunds-due"): Call(MANAGER),
    ("post", f"{MP}/cancel"): Call(MANAGER, WHY),
    ("get", f"{MP}/sections"): Call(MANAGER),
    ("post", f"{MP}/sections"): Call(
        MANAGER, {"sections": [{"name": "Box", "base_price": "1", "total_capacity": 1}]}
    ),
    ("get", f"{MP}/sections/{{section_id}}"): Call(MANAGER),
    ("patch", f"{MP}/sections/{{section_id}}"): Call(MANAGER, WHY),
    ("post", f"{MP}/sections/{{section_id}}/resize"): Call(MANAGER, {"capacity": 30}),
    ("patch", f"{MP}/allocations/{{allocation_id}}"): Call(MANAGER, {"price_modifier": 1}),
    ("post", f"{MP}/allocations/{{allocation_id}}/resize"): Call(MANAGER, {"capacity": 30}),
    ("post", f"{MP}/allocations/{{allocation_id}}/reallocate"): Call(
        MANAGER, {"to_ticket_type": None, "quantity": 1}
    ),
    ("patch", f"{MP}/seats"): Call(
        MANAGER, {"edits": [{"seats": _SEATS["seats"], "values": {"is_premium": True}}], **WHY}
    ),
    ("get", f"{M}/plans"): Call(LISTED),
    ("post", f"{M}/plans"): Call(SHARED, "section,row,seat\nBox,A,1\n", "name=box&format=csv"),
    ("get", f"{M}/plans/{{plan_id}}"): Call(MANAGER),
    ("get", f"{M}/plans/{{plan_id}}/export"): Call(MANAGER),
    ("post", f"{MP}/plan"): Call(MANAGER, {"plan": "plan_id", "price": 1}),
    ("put", f"{MP}/plan"): Call(MANAGER, {"plan": "plan_id", "price": 1, "dry_run": True}),
    ("get", f"{MP}/house"): Call(MANAGER),
    ("post", f"{MP}/house"): Call(MANAGER, _SEATS),
    ("get", f"{MP}/house/{{reservation_id}}"): Call(MANAGER, ids=_KEPT),
    ("patch", f"{MP}/house/{{reservation_id}}"): Call(MANAGER, {"owner": "x", **WHY}, ids=_KEPT),
    ("post", f"{MP}/house/{{reservation_id}}/give-back"): Call(MANAGER, {}, ids=_KEPT),
    ("post", f"{MP}/house/{{reservation_id}}/hand-over"): Call(
        MANAGER, {"kind": "kill", **WHY}, ids=_KEPT
    ),
    ("post", f"{MP}/comps"): Call(MANAGER, _SEATS),
    ("post", f"{MP}/channels"): Call(MANAGER, {"channel": "app", **_SEATS}),
    ("post", f"{MP}/channels/release"): Call(MANAGER, {"channel": "app"}),
    ("patch", f"{MP}/channels/{{reservation_id}}"): Call(MANAGER, {"release_at": None}, ids=_KEPT),
    ("get", f"{MP}/rules"): Call(MANAGER),
    ("put", f"{MP}/rules"): Call(MANAGER, {"max_per_order": 9}),
    ("delete", f"{MP}/rules"): Call(MANAGER),
    ("get", f"{MP}/waiting"): Call(MANAGER),
    ("post", f"{MP}/waiting"): Call(MANAGER, {"quantity": 1}),
    ("post", f"{MP}/waiting/offer"): Call(MANAGER, {}),
    ("post", f"{MP}/waiting/{{entry_id}}/offer"): Call(MANAGER, WHY),
    ("post", f"{MP}/waiting/{{entry_id}}/skip"): Call(MANAGER, WHY),
    ("post", f"{MP}/waiting/{{entry_id}}/withdraw"): Call(MANAGER, {}),
    ("post", f"{MP}/waiting/{{entry_id}}/take"): Call(MANAGER, {}),
    ("get", f"{MP}/at"): Call(MANAGER),
    ("get", f"{MP}/story"): Call(MANAGER, query="reservation=reservation_id"),
    ("get", f"{M}/audit"): Call(ADMIN, query="performance=performance_id"),
    ("get", f"{M}/ledger"): Call(MANAGER, query="performance=performance_id"),
}


def contract() -> set[tuple[str, str]]:
    documents = (one.get_openapi_schema()["paths"] for one in (api, legacy_api))
    return {
        (method, path)
        for paths in documents
        for path, methods in paths.items()
        for method in methods
    }


@dataclass(frozen=True, slots=True)
class Ground:
    """Ids by the names that addresses and bodies use, and each role's headers."""

    ids: dict[str, str]
    headers: dict[str, dict[str, str]]


@pytest.fixture
def taken_over(db_committed: None, settings: Any) -> Iterator[None]:
    """A takeover that is done: the old addresses answer for Fullhouse's own rows."""
    settings.FULLHOUSE_COMPAT = {"legacy_schema": "archived"}
    run = MigrationRun.objects.create(
        source="events", legacy_schema="archived", state=State.CONTRACTED
    )
    yield
    run.delete()


@pytest.fixture
def ground(hall: Hall, make_stage: Callable[..., Any], taken_over: None) -> Ground:
    evening = EventPerformance.objects.select_related("event").get(pk=hall.performance_id)
    one = {"performance_id": hall.performance_id}
    places = [Places(1, section_id=hall.section_id, ticket_type_id=hall.student)]
    hold = reserve(**one, requests=places)
    stranger = reserve(**one, requests=places)
    kept = house(**one, seat_ids=hall.pool_seats[:1], reason="press")
    entry = join_waiting_list(**one, quantity=1)
    plan = formats.read("section,row,seat\nBox,A,1\n", "csv")
    ids: dict[str, UUID | int] = {
        "event_id": hall.event_id,
        "venue_id": evening.event.venue_id,
        "performance_id": hall.performance_id,
        "section_id": hall.section_id,
        "ticket_type_id": hall.adult,
        "allocation_id": SectionTicketType.objects.get(ticket_type=hall.adult).pk,
        "reservation_id": hold.reservation_id,
        "kept": kept.reservation_id,
        "entry_id": entry.entry_id,
        "plan_id": keep_plan(plan=plan, name=f"box {uuid4()}").plan_id,
        "plan_version": evening.plan_version,
    }
    other = Event.objects.get(pk=make_stage().event_id)

    def key(*scopes: str, **options: Any) -> dict[str, str]:
        made, text = create_key(name="till", scopes=scopes, **options)
        if "ended" in scopes or options.get("requests_per_minute") == 1:
            ApiKey.objects.filter(pk=made.pk).update(expires_at=timezone.now())
        return {"Authorization": f"Bearer {text}"}

    headers = {
        "nobody": {},
        "foreign token": {"Reservation-Token": stranger.token},
        "own token": {"Reservation-Token": hold.token},
        **{f"{scope} key": key(scope) for scope in ("read", "sell", "manage", "admin")},
        "limited key": key("read", "sell", "manage", "admin", events=[other]),
        "ended key": key("admin", requests_per_minute=1),
    }
    return Ground({name: str(value) for name, value in ids.items()}, headers)


def told_to(ground: Ground, role: str, method: str, path: str, call: Call) -> str | int:
    """Return what the role is told: the status of a refusal, or that it was let in."""
    ids = {**ground.ids, **{name: ground.ids[other] for name, other in call.ids.items()}}
    query = call.query
    for name, value in ids.items():
        query = query.replace(f"={name}", f"={value}")
    if isinstance(call.body, dict):
        body = {
            name: ids.get(value, value) if isinstance(value, str) else value
            for name, value in call.body.items()
        }
        body |= {"slug": f"x-{uuid4()}"} if "slug" in body else {}
        sent, kind = json.dumps(body), "application/json"
    else:
        sent, kind = call.body or "", "text/csv"
    answer = BROWSER.generic(
        method.upper(),
        f"{path.format(**ids)}?{query}",
        sent,
        content_type=kind,
        headers=ground.headers[role],
    )
    answer.close()
    assert answer.status_code < 500, (role, method, path, answer)
    refused = answer.status_code in (401, 403, 404)
    return answer.status_code if refused else LET_IN


def test_every_call_has_a_line() -> None:
    assert contract() == set(CALLS)


@pytest.mark.parametrize(("method", "path"), sorted(CALLS), ids=lambda part: part)
def test_who_is_let_in(ground: Ground, method: str, path: str) -> None:
    call = CALLS[method, path]
    # Refused roles first: what they ask for must still be there to be refused.
    order = sorted(ROLES, key=lambda role: call.told[ROLES.index(role)] == LET_IN)
    told = {role: told_to(ground, role, method, path, call) for role in order}
    assert told == dict(zip(ROLES, call.told, strict=True))
    if "{performance_id}" in path:
        # Of a performance that never was, all are told what a stranger is told.
        nowhere = Ground({**ground.ids, "performance_id": str(uuid4())}, ground.headers)
        for role in ("admin key", "limited key"):
            assert told_to(nowhere, role, method, path, call) == 404
    if call.draft is not None:
        EventPerformance.objects.filter(pk=ground.ids["performance_id"]).update(status="draft")
        told = {role: told_to(ground, role, method, path, call) for role in ROLES}
        assert told == dict(zip(ROLES, call.draft, strict=True))
