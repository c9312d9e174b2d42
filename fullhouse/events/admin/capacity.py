"""Sections, allocations, seats: their counters are read; sizes change by the services."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import Counters, EngineOwned, HasFreePlaces, ReadOnly
from fullhouse.events.admin.capacity_forms import (
    ReallocateForm,
    ResizeAllocationForm,
    ResizeSectionForm,
)
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.models import EventSection, Seat, SectionAlias, SectionTicketType


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
    desks = (Desk("resize", _("Resize"), ResizeSectionForm),)


@admin.register(SectionTicketType)
class AllocationAdmin(Counters, EngineOwned, DeskAdmin):
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
        Desk("resize", _("Resize"), ResizeAllocationForm),
        Desk("reallocate", _("Move places to another ticket type"), ReallocateForm),
    )

    @admin.display(description=_("price"))
    def price(self, row: SectionTicketType) -> str:
        return f"{row.final_price} {row.section.currency}"


@admin.register(Seat)
class SeatAdmin(EngineOwned):
    list_display = ("__str__", "status", "section", "price", "is_accessible", "performance")
    list_select_related = ("section", "performance__event", "allocation__ticket_type")
    list_filter = ("status", "is_accessible", "is_companion", "is_premium", "has_restricted_view")
    search_fields = ("=row_number", "=seat_number", "section__name", "performance__event__title")
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


@admin.register(SectionAlias)
class SectionAliasAdmin(ReadOnly):
    list_display = ("spelling", "section", "performance")
    list_select_related = ("section", "performance__event")
    search_fields = ("spelling", "section__name")
