"""The waiting list: read in order of joining; offers and the rest go through the services."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import ReadOnly
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.admin.scale import ByEvening
from fullhouse.events.admin.waiting_forms import (
    LetBackForm,
    OfferForm,
    SkipForm,
    TakeOfferForm,
    WithdrawForm,
)
from fullhouse.events.models import WaitingEntry
from fullhouse.events.staff_groups import SELL


@admin.register(WaitingEntry)
class WaitingEntryAdmin(ByEvening, ReadOnly, DeskAdmin):
    """Personal data are seen here and in no other list."""

    list_display = (
        "joined_at",
        "status",
        "quantity",
        "section",
        "ticket_type",
        "together",
        "customer",
        "contact",
        "performance",
    )
    list_select_related = ("performance__event", "section", "ticket_type")
    evening_filters = ("status",)
    search_fields = ("=customer", "=contact")
    search_help_text = _("An id or an event's title; in one evening a customer or a contact.")
    ordering = ("id",)  # ids follow the order of joining
    exclude = ("token_hash",)
    desks = (
        Desk("offer", _("Offer places out of turn"), OfferForm, SELL),
        Desk("take", _("Sell what is offered"), TakeOfferForm, SELL),
        Desk("skip", _("Pass over"), SkipForm, SELL),
        Desk("back", _("Let back in line"), LetBackForm, SELL),
        Desk("withdraw", _("Withdraw or erase"), WithdrawForm, SELL),
    )
