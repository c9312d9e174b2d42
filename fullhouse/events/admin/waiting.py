"""The waiting list: read in order of joining; offers and the rest go through the services."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import ReadOnly
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.admin.waiting_forms import (
    LetBackForm,
    OfferForm,
    SkipForm,
    TakeOfferForm,
    WithdrawForm,
)
from fullhouse.events.models import WaitingEntry


@admin.register(WaitingEntry)
class WaitingEntryAdmin(ReadOnly, DeskAdmin):
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
    list_filter = ("status",)
    search_fields = ("=customer", "=contact", "performance__event__title")
    ordering = ("joined_at", "id")
    exclude = ("token_hash",)
    desks = (
        Desk("offer", _("Offer places out of turn"), OfferForm),
        Desk("take", _("Sell what is offered"), TakeOfferForm),
        Desk("skip", _("Pass over"), SkipForm),
        Desk("back", _("Let back in line"), LetBackForm),
        Desk("withdraw", _("Withdraw or erase"), WithdrawForm),
    )
