"""Performances: their counters, and the desks that build, sweep and keep places."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import Counters, HasFreePlaces, counter
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.admin.performance_forms import ExpireForm, HouseForm, OpenForm
from fullhouse.events.models import EventPerformance


@admin.register(EventPerformance)
class PerformanceAdmin(Counters, DeskAdmin):
    """`max_capacity` grows with the sections; it is never typed in."""

    list_display = (
        "event",
        "date",
        "start_time",
        "status",
        "max_capacity",
        "available",
        "reserved",
        "sold",
    )
    list_select_related = ("event",)
    list_filter = ("status", HasFreePlaces, "date")
    date_hierarchy = "date"
    search_fields = ("event__title", "event__venue__name")
    autocomplete_fields = ("event",)
    fields = (
        "event",
        ("date", "start_time"),
        "status",
        ("sales_open_at", "sales_close_at"),
        ("max_capacity", "available", "reserved", "sold", "current"),
    )
    readonly_fields = ("max_capacity", "available", "reserved", "sold", "current")
    current = counter("current_capacity", _("reserved and sold"))
    desks = (
        Desk("open", _("Build sections"), OpenForm),
        Desk("house", _("Keep places for the house"), HouseForm),
        Desk("expire", _("End overdue holds"), ExpireForm),
    )
