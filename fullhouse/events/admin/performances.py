"""Performances: their counters, and the desks that build, sweep and keep places."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fullhouse.events.admin.base import Counters, HasFreePlaces, KeptByService, counter
from fullhouse.events.admin.cancel_forms import (
    CancelForm,
    PostponeForm,
    ResumeForm,
    StatusForm,
)
from fullhouse.events.admin.days import Days
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.admin.house_forms import CompForm, HouseForm
from fullhouse.events.admin.performance_forms import ExpireForm, OpenForm
from fullhouse.events.admin.plan_forms import PlanForm
from fullhouse.events.admin.proof_forms import RepairForm
from fullhouse.events.admin.readings import AT_INSTANT, ReadingAdmin
from fullhouse.events.admin.sales_rules import RuleInline
from fullhouse.events.admin.seat_choice_forms import BestSeatsForm
from fullhouse.events.admin.sharing_forms import ChannelForm, ReleaseChannelForm, RuleForm
from fullhouse.events.admin.waiting_forms import OfferNextForm
from fullhouse.events.models import EventPerformance, WaitingEntry
from fullhouse.events.staff_groups import MANAGE_HOUSE, MANAGE_STRUCTURE, REPAIR, SELL
from fullhouse.language.writing import filled


@admin.register(EventPerformance)
class PerformanceAdmin(Counters, KeptByService, ReadingAdmin, DeskAdmin):
    """`max_capacity` grows with the sections; it is never typed in."""

    form = StatusForm
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
    list_filter = ("status", HasFreePlaces, Days)
    search_fields = ("event__title", "event__venue__name")
    autocomplete_fields = ("event",)
    fields = (
        "event",
        ("date", "start_time"),
        "status",
        ("sales_open_at", "sales_close_at"),
        "accessible_release_at",
        ("waiting_list_first", "waiting_list"),
        ("max_capacity", "available", "reserved", "sold", "current"),
    )
    readonly_fields = (
        "max_capacity",
        "available",
        "reserved",
        "sold",
        "current",
        "waiting_list",
    )
    inlines = (RuleInline,)
    current = counter("current_capacity", _("reserved and sold"))
    desks = (
        Desk("open", _("Build sections"), OpenForm, MANAGE_STRUCTURE),
        Desk("plan", _("Seating plan"), PlanForm, MANAGE_STRUCTURE),
        Desk("best-seats", _("Hold best seats"), BestSeatsForm, SELL),
        Desk("house", _("Keep places for the house"), HouseForm, MANAGE_HOUSE),
        Desk("comp", _("Give places away"), CompForm, MANAGE_HOUSE),
        Desk("offer", _("Offer to the waiting list"), OfferNextForm, SELL),
        Desk("rule", _("Limits and sales window"), RuleForm, MANAGE_STRUCTURE),
        Desk("channel", _("Places for a sales channel"), ChannelForm, MANAGE_HOUSE),
        Desk("release-channel", _("Release a sales channel"), ReleaseChannelForm, MANAGE_HOUSE),
        Desk("expire", _("End overdue holds"), ExpireForm, SELL),
        Desk("postpone", _("Postpone"), PostponeForm, MANAGE_STRUCTURE),
        Desk("resume", _("Put on sale again"), ResumeForm, MANAGE_STRUCTURE),
        Desk("cancel", _("Cancel the performance"), CancelForm, MANAGE_STRUCTURE),
        Desk("repair", _("Repair"), RepairForm, REPAIR),
    )
    readings = (AT_INSTANT,)

    @admin.display(description=_("waiting list"))
    def waiting_list(self, row: EventPerformance) -> str:
        waiting = row.waiting.filter(status=WaitingEntry.Status.WAITING).count()
        return format_html(
            '<a href="{}?performance={}">{}</a>',
            reverse("admin:events_waitingentry_changelist"),
            row.pk,
            filled(ngettext("%d party is waiting", "%d parties are waiting", waiting), waiting),
        )
