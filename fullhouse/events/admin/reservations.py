"""Reservations with their lines: read only; what happens to them goes through the services."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.after_sale_forms import ExchangeForm, ReseatForm, TransferForm
from fullhouse.events.admin.base import ReadOnly, TabularInline
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.admin.hold_forms import ConfirmLateForm, ExtendForm, ReleaseForm
from fullhouse.events.admin.house_forms import AmendForm, HandOverForm
from fullhouse.events.admin.reservation_forms import (
    ConfirmForm,
    GiveBackForm,
    RefundForm,
)
from fullhouse.events.admin.sharing_forms import ChannelTimeForm
from fullhouse.events.models import Reservation, ReservationLine


class LineInline(TabularInline):
    model = ReservationLine
    fields = (
        "allocation",
        "ticket_type",
        "seat",
        "quantity",
        "places_per_ticket",
        "unit_price",
        "status",
        "overbooked",
    )
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReservationLine]:
        rows = super().get_queryset(request)
        return rows.select_related("allocation__ticket_type", "ticket_type", "seat")


@admin.register(Reservation)
class ReservationAdmin(ReadOnly, DeskAdmin):
    list_display = (
        "reference",
        "kind",
        "status",
        "places",
        "performance",
        "expires_at",
        "reason",
        "created_at",
    )
    list_select_related = ("performance__event",)
    list_filter = ("kind", "status", "channel")
    search_fields = ("=reference", "reason", "performance__event__title")
    ordering = ("-id",)
    exclude = ("token_hash",)
    inlines = (LineInline,)
    desks = (
        Desk("confirm", _("Confirm the sale"), ConfirmForm),
        Desk("extend", _("Give more time"), ExtendForm),
        Desk("release", _("Release the hold"), ReleaseForm),
        Desk("confirm-late", _("Confirm after the deadline"), ConfirmLateForm),
        Desk("give-back", _("Give places back"), GiveBackForm),
        Desk("hand-over", _("Pass places on"), HandOverForm),
        Desk("amend", _("Amend what is kept"), AmendForm),
        Desk("release-time", _("Change the release time"), ChannelTimeForm),
        Desk("refund", _("Refund"), RefundForm),
        Desk("exchange", _("Exchange"), ExchangeForm),
        Desk("reseat", _("Move to other seats"), ReseatForm),
        Desk("transfer", _("Transfer to another customer"), TransferForm),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reservation]:
        rows: QuerySet[Reservation] = super().get_queryset(request)
        return rows.annotate(line_places=Sum("lines__quantity"))

    @admin.display(description=_("places"), ordering="line_places")
    def places(self, row: Reservation) -> int:
        return getattr(row, "line_places", None) or 0


@admin.register(ReservationLine)
class LineAdmin(ReadOnly):
    list_display = (
        "__str__",
        "reservation",
        "performance",
        "seat",
        "unit_price",
        "status",
        "overbooked",
    )
    list_select_related = (
        "reservation",
        "performance__event",
        "seat",
        "ticket_type",
        "allocation__ticket_type",
    )
    list_filter = ("status", "overbooked")
    search_fields = ("=reservation__reference",)
    ordering = ("-id",)
