"""Makes an event and its performances, all or nothing; looked at beforehand like every action."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from fullhouse.events.admin.base import explained
from fullhouse.events.admin.desk import USED
from fullhouse.events.admin.problems import in_words
from fullhouse.events.domain.configuration import HousePlan, SectionPlan
from fullhouse.events.domain.errors import CapacityError, InvalidRequest, Refusal
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.engine.failures import failure
from fullhouse.events.models import Event, EventPerformance, EventSection, TicketType, Venue
from fullhouse.events.services.catalogue import create as create_row
from fullhouse.events.services.new_performance import new_performance
from fullhouse.events.services.once import once
from fullhouse.events.services.plans import apply_plan
from fullhouse.events.staff_groups import MANAGE_STRUCTURE
from fullhouse.language.writing import filled
from fullhouse.web.console.access import console_page
from fullhouse.web.console.copying import house_of, types_like
from fullhouse.web.console.create_forms import CreateForm


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, or would be: places are of each performance.

    `done` is the answer that is kept, {} where it was taken back.
    """

    event: Event | None = None
    performances: tuple[EventPerformance, ...] = ()
    places: int = 0
    sections: int = 0
    done: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A name of what would be made: the same for the same days, sections and places."""
        event, days = self.event, [(one.date, one.start_time) for one in self.performances]
        named = (event and (event.title, event.venue.name), days, self.places, self.sections)
        return sha256(repr(named).encode()).hexdigest()[:32]


@require_http_methods(["GET", "HEAD", "POST"])
@console_page(MANAGE_STRUCTURE)
def create(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST look (`step` look) or make it (`step` do)."""
    form = CreateForm(request.POST or None, initial=_asked(request))
    looked: Made | None = None
    doing = request.POST.get("step") == "do"
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "") if doing else None
        looked = _attempt(form, request.user.get_username(), seen=seen)
        if looked and looked.done:
            messages.success(request, form.told_of(looked.done))
            return redirect("web:console:the-performance", looked.done["performance"])
    context = {
        "form": form,
        "made": looked,
        "stale": doing and looked is not None,
        "refused": request.method == "POST" and not looked,
    }
    return render(request, "fullhouse/console/create.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return what the address asks for, and what the last house was in: its zone, its currency."""
    found = {name: request.GET[name] for name in ("event", "like", "plan") if name in request.GET}
    rows = EventPerformance._base_manager.filter(max_capacity__gt=0).select_related("event__venue")
    if (last := rows.order_by("-created_at").first()) is not None:
        currencies = EventSection._base_manager.filter(performance=last)
        found["currency"] = currencies.values_list("currency", flat=True)[0]
        found["time_zone"] = last.event.venue.time_zone
    return found


def _attempt(form: CreateForm, actor: str, *, seen: str | None) -> Made | None:
    """Make it, once for each sending; kept if it is what was `seen` ('': whatever it is).

    Else all of it is taken back. A refusal becomes an error of the form.
    """
    made: Made | None = None

    def act() -> dict[str, Any]:
        nonlocal made
        made = _make(form.cleaned_data, form.dates, actor, alike=seen is None)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        count = len(made.performances)
        said = ngettext(
            "Made: %(count)d performance of %(places)d places.",
            "Made: %(count)d performances of %(places)d places each.",
            count,
        )
        told = filled(said, {"count": count, "places": made.places})
        return {"told": told, "performance": str(made.performances[0].pk)}

    try:
        with transaction.atomic():
            body = {"by": actor, "sent": form.sent}
            done = once("console.create", body, act, idempotency_key=form.key)
            if made is None:  # an earlier sending made it
                return Made(done=done)
            if seen in ("", made.digest):
                return replace(made, done=done)
            transaction.set_rollback(True)
            return made
    except Refusal as refusal:
        form.add_error(None, USED if refusal.code == "key_reused" else explained(refusal))
    except InvalidRequest as invalid:
        known = invalid.argument in form.fields
        form.add_error(invalid.argument if known else None, in_words(invalid))
    except CapacityError as error:
        form.add_error(None, str(error))
    except Error as error:
        form.add_error(None, str(failure(error)))
    return None


def _make(
    data: dict[str, Any], dates: list[datetime.date], actor: str, *, alike: bool = False
) -> Made:
    """Make the event and its performances; `alike`: the house of the first stands for all."""
    event = data["event"] or _event(data)
    there = set(event.ticket_types.values_list("name", flat=True))
    for name, modifier in data["types"]:
        if name not in there:
            there.add(name)
            create_row(TicketType, {"event_id": event.pk, "name": name, "price_modifier": modifier})
    ids = [
        _built(event, date, data, actor, house=number == 0 or not alike)
        for number, date in enumerate(dates)
    ]
    rows = EventPerformance._base_manager.filter(pk__in=ids).order_by("date")
    sections = EventSection._base_manager.filter(performance=ids[0]).count()
    performances = tuple(rows)
    return Made(event, performances, performances[0].max_capacity, sections)


def _event(data: dict[str, Any]) -> Event:
    venue_id = data["venue"].pk if data["venue"] else _venue(data)
    # Titles repeat over the years; addresses may not.
    slug = f"{slugify(data['title'], allow_unicode=True)[:200]}-{str(uuid7())[-12:]}"
    values = {"venue_id": venue_id, "title": data["title"], "slug": slug}
    made = create_row(Event, values)
    return Event.objects.select_related("venue").get(pk=made.row_id)


def _venue(data: dict[str, Any]) -> UUID:
    values = {
        "name": data["venue_name"],
        "total_capacity": data["venue_capacity"],
        "time_zone": data["time_zone"],
    }
    return create_row(Venue, values).row_id


def _built(
    event: Event, date: datetime.date, data: dict[str, Any], actor: str, *, house: bool
) -> UUID:
    reason = gettext("a new performance")
    values = {
        "event_id": event.pk,
        "date": date,
        "start_time": data["start_time"],
        "status": data["status"],
    }
    if house and not data["plan"]:
        plan = _house(event, data)
        return new_performance(values=values, plan=plan, actor=actor, reason=reason).row_id
    made = new_performance(values=values, actor=actor, reason=reason).row_id
    if house:
        terms = Terms(price=data["price"], currency=data["currency"])
        apply_plan(performance_id=made, kept=data["plan"], terms=terms, actor=actor, reason=reason)
    return made


def _house(event: Event, data: dict[str, Any]) -> HousePlan:
    if data["like"]:
        like = data["like"]
        return house_of(like.pk, types_like(like.event_id, event.pk))
    section = SectionPlan(
        name=gettext("General admission"),
        base_price=data["price"] or Decimal(0),
        total_capacity=data["places"],
        currency=data["currency"],
    )
    return HousePlan((section,))
