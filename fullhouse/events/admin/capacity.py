"""Sections, allocations, seats: their counters are read; sizes change by the services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import ACTOR_MOST, Counters, EngineOwned, HasFreePlaces, ReadOnly
from fullhouse.events.admin.capacity_forms import (
    ReallocateForm,
    ResizeAllocationForm,
    ResizeSectionForm,
)
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.admin.money import priced
from fullhouse.events.admin.readings import ALLOCATION_STORY, SEAT_STORY, ReadingAdmin
from fullhouse.events.admin.scale import ByEvening
from fullhouse.events.models import EventSection, Seat, SectionAlias, SectionTicketType
from fullhouse.events.services.seats_bulk import SeatEdit, edit_seats
from fullhouse.events.staff_groups import MANAGE_STRUCTURE
from fullhouse.language.fields import in_both_digits


@admin.register(EventSection)
class SectionAdmin(Counters, EngineOwned, DeskAdmin):
    list_display = (
        "name",
        "total_capacity",
        "available",
        "reserved",
        "sold",
        "base_price",
        "currency",
        "performance",
    )
    list_select_related = ("performance__event",)
    list_filter = (HasFreePlaces, "currency")
    search_fields = ("name", "performance__event__title")
    fields = (
        "performance",
        "name",
        "position",
        ("base_price", "currency"),
        ("orphan_rule", "focal_row_rank", "focal_seat_rank"),
        ("total_capacity", "available", "reserved", "sold"),
    )
    readonly_fields = (
        "performance",
        "total_capacity",
        "currency",
        "available",
        "reserved",
        "sold",
    )
    desks = (Desk("resize", _("Resize"), ResizeSectionForm, MANAGE_STRUCTURE),)


@admin.register(SectionTicketType)
class AllocationAdmin(Counters, EngineOwned, ReadingAdmin, DeskAdmin):
    list_display = (
        "__str__",
        "section",
        "allocated_capacity",
        "available",
        "reserved",
        "sold",
        "price",
        "performance",
    )
    list_select_related = ("section", "ticket_type", "performance__event")
    list_filter = (HasFreePlaces,)
    search_fields = ("section__name", "ticket_type__name", "performance__event__title")
    fields = (
        ("performance", "section", "ticket_type"),
        ("price_modifier", "price"),
        ("allocated_capacity", "available", "unseated_available", "reserved", "sold"),
    )
    readonly_fields = (
        "performance",
        "section",
        "ticket_type",
        "price",
        "allocated_capacity",
        "available",
        "unseated_available",
        "reserved",
        "sold",
    )
    desks = (
        Desk("resize", _("Resize"), ResizeAllocationForm, MANAGE_STRUCTURE),
        Desk(
            "reallocate", _("Move places to another ticket type"), ReallocateForm, MANAGE_STRUCTURE
        ),
    )
    readings = (ALLOCATION_STORY,)

    @admin.display(description=_("price"))
    def price(self, row: SectionTicketType) -> str:
        return priced(row.final_price, row.section.currency)


@admin.register(Seat)
class SeatAdmin(ByEvening, EngineOwned, ReadingAdmin):
    readings = (SEAT_STORY,)
    list_display = ("__str__", "status", "section", "price", "is_accessible", "performance")
    list_select_related = ("section", "performance__event", "allocation__ticket_type")
    evening_filters = (
        "status",
        "is_accessible",
        "is_companion",
        "is_premium",
        "has_restricted_view",
    )
    search_fields = ("=row_number", "=seat_number", "section__name")
    search_help_text = _("A seat (A-12), an id, or an event's title; in one evening a section too.")
    ordering = ("performance_id", "section_id", "row_rank", "seat_rank")
    fields = (
        ("performance", "section", "allocation"),
        ("row_number", "seat_number"),
        "status",
        "price",
        ("is_accessible", "is_companion", "is_premium", "has_restricted_view"),
        ("row_rank", "seat_rank", "x", "y"),
    )
    readonly_fields = (
        "performance",
        "section",
        "allocation",
        "row_number",
        "seat_number",
        "status",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """`A-12` is a seat everywhere; in one evening words name rows, numbers and sections."""
        if "-" in search_term and not ByEvening.is_id(search_term):
            return self.by_label(queryset, search_term.strip()), False
        return super().get_search_results(request, queryset, search_term)

    def by_label(self, queryset: Any, term: str) -> Any:
        """Go through the sections, so that each is asked by the index of its labels."""
        row, _dash, number = term.rpartition("-")
        return queryset.filter(
            performance=F("section__performance"),
            row_number__in=in_both_digits(row) | in_both_digits(row.upper()),
            seat_number__in=in_both_digits(number),
        )

    def save_model(self, request: HttpRequest, obj: Seat, form: Any, change: bool) -> None:
        """Edit the seat as many seats are edited; a note says who did."""
        values = {name: getattr(obj, name) for name in form.values_changed()}
        if values:
            edit_seats(
                performance_id=obj.performance_id,
                edits=[SeatEdit([obj.pk], values)],
                actor=request.user.get_username()[:ACTOR_MOST],
                reason=form.cleaned_data["reason"],
            )


@admin.register(SectionAlias)
class SectionAliasAdmin(ReadOnly):
    list_display = ("spelling", "section", "performance")
    list_select_related = ("section", "performance__event")
    search_fields = ("spelling", "section__name")
