"""Makes an event and its performances, all or nothing; looked at beforehand like every action."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fullhouse.events.admin.base import explained
from fullhouse.events.domain.configuration import HousePlan, SectionPlan
from fullhouse.events.domain.errors import CapacityError, InvalidRequest, Refusal
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.engine.failures import failure
from fullhouse.events.models import Event, EventPerformance, EventSection, TicketType, Venue
from fullhouse.events.services.catalogue import create as create_row
from fullhouse.events.services.new_performance import new_performance
from fullhouse.events.services.plans import apply_plan
from fullhouse.events.staff_groups import MANAGE_STRUCTURE
from fullhouse.web.console.access import console_page
from fullhouse.web.console.copying import house_of, types_like
from fullhouse.web.console.create_forms import CreateForm


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, or would be: places are of each performance."""

    event: Event
    performances: tuple[EventPerformance, ...]
    places: int
    sections: int


@require_http_methods(["GET", "HEAD", "POST"])
@console_page(MANAGE_STRUCTURE)
def create(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST look (`step` look) or make it (`step` do)."""
    form = CreateForm(request.POST or None, initial=_asked(request))
    looked: Made | None = None
    if request.method == "POST" and form.is_valid():
        doing = request.POST.get("step") == "do"
        looked = _attempt(form, request.user.get_username(), keep=doing)
        if looked and doing:
            said = gettext("Made: %(count)d performances of %(places)d places each.")
            told = said % {"count": len(looked.performances), "places": looked.places}
            messages.success(request, told)
            return redirect("web:console:the-performance", looked.performances[0].pk)
    context = {"form": form, "made": looked, "refused": request.method == "POST" and not looked}
    return render(request, "fullhouse/console/create.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("event", "like", "plan") if name in request.GET}


def _attempt(form: CreateForm, actor: str, *, keep: bool) -> Made | None:
    """Make it; without `keep` all of it is taken back. A refusal becomes an error of the form."""
    try:
        with transaction.atomic():
            made = _make(form.cleaned_data, form.dates, actor)
            if not keep:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                transaction.set_rollback(True)
            return made
    except Refusal as refusal:
        form.add_error(None, explained(refusal))
    except InvalidRequest as invalid:
        field = invalid.argument if invalid.argument in form.fields else None
        form.add_error(field, invalid.problem)
    except CapacityError as error:
        form.add_error(None, str(error))
    except Error as error:
        form.add_error(None, str(failure(error)))
    return None


def _make(data: dict[str, Any], dates: list[Any], actor: str) -> Made:
    event = data["event"] or _event(data)
    there = set(event.ticket_types.values_list("name", flat=True))
    for name, modifier in data["types"]:
        if name not in there:
            there.add(name)
            create_row(TicketType, {"event_id": event.pk, "name": name, "price_modifier": modifier})
    ids = [_built(event, date, data, actor) for date in dates]
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


def _built(event: Event, date: datetime.date, data: dict[str, Any], actor: str) -> UUID:
    reason = gettext("a new performance")
    values = {
        "event_id": event.pk,
        "date": date,
        "start_time": data["start_time"],
        "status": data["status"],
    }
    if not data["plan"]:
        plan = _house(event, data)
        return new_performance(values=values, plan=plan, actor=actor, reason=reason).row_id
    made = new_performance(values=values, actor=actor, reason=reason).row_id
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
