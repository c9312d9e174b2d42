"""Reservations with their lines: read only; what happens to them goes through the services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.after_sale_forms import ExchangeForm, ReseatForm, TransferForm
from fullhouse.events.admin.base import ReadOnly
from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.admin.hold_forms import ConfirmLateForm, ExtendForm, ReleaseForm
from fullhouse.events.admin.house_forms import AmendForm, HandOverForm
from fullhouse.events.admin.readings import RESERVATION_STORY, ReadingAdmin
from fullhouse.events.admin.reservation_forms import (
    ConfirmForm,
    GiveBackForm,
    RefundForm,
)
from fullhouse.events.admin.scale import IN, ByEvening
from fullhouse.events.admin.sharing_forms import ChannelTimeForm
from fullhouse.events.admin.widgets import TabularInline
from fullhouse.events.models import Reservation, ReservationLine
from fullhouse.events.staff_groups import MANAGE_HOUSE, REFUND, SELL

LINES_SHOWN = 200


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


class Channel(admin.SimpleListFilter):
    """The sales channels of one evening, by their own index."""

    title = _("sales channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kept = Reservation.objects.filter(**{IN: request.GET[IN]}, kind=Reservation.Kind.CHANNEL)
        names = set(kept.order_by().values_list("channel", flat=True).distinct())
        # One that is gone stays chosen: a filter without choices would be no filter.
        return [(name, name) for name in sorted(names | {self.value() or ""} - {""})]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(channel=self.value()) if self.value() else queryset


@admin.register(Reservation)
class ReservationAdmin(ByEvening, ReadOnly, ReadingAdmin, DeskAdmin):
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
    evening_filters = ("kind", "status", Channel)
    search_fields = ("=reference", "=customer", "reason")
    search_help_text = _("A reference, an id or an event's title; in one evening a customer too.")
    label = ("performance", "reference")
    ordering = ("-id",)
    exclude = ("token_hash",)
    readonly_fields = ("all_lines",)
    desks = (
        Desk("confirm", _("Confirm the sale"), ConfirmForm, SELL),
        Desk("extend", _("Give more time"), ExtendForm, SELL),
        Desk("release", _("Release the hold"), ReleaseForm, SELL),
        Desk("confirm-late", _("Confirm after the deadline"), ConfirmLateForm, SELL),
        Desk("give-back", _("Give places back"), GiveBackForm, MANAGE_HOUSE),
        Desk("hand-over", _("Pass places on"), HandOverForm, MANAGE_HOUSE),
        Desk("amend", _("Amend what is kept"), AmendForm, MANAGE_HOUSE),
        Desk("release-time", _("Change the release time"), ChannelTimeForm, MANAGE_HOUSE),
        Desk("refund", _("Refund"), RefundForm, REFUND),
        Desk("exchange", _("Exchange"), ExchangeForm, SELL),
        Desk("reseat", _("Move to other seats"), ReseatForm, SELL),
        Desk("transfer", _("Transfer to another customer"), TransferForm, SELL),
    )
    readings = (RESERVATION_STORY,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reservation]:
        rows: QuerySet[Reservation] = super().get_queryset(request)
        lines = ReservationLine.objects.filter(
            performance=OuterRef("performance"), reservation=OuterRef("pk")
        )
        places = lines.order_by().values("reservation").annotate(places=Sum("quantity"))
        return rows.annotate(line_places=Subquery(places.values("places")))

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A page holds so many lines; the rest are one link away."""
        few = obj is None or obj.lines.all()[: LINES_SHOWN + 1].count() <= LINES_SHOWN
        return [LineInline] if few else []

    @admin.display(description=_("reservation lines"))
    def all_lines(self, row: Reservation) -> str:
        return format_html(
            '<a href="{}?performance={}&amp;reservation={}">{}</a>',
            reverse("admin:events_reservationline_changelist"),
            row.performance_id,
            row.pk,
            gettext("Show them"),
        )

    @admin.display(description=_("places"), ordering="line_places")
    def places(self, row: Reservation) -> int:
        return getattr(row, "line_places", None) or 0


@admin.register(ReservationLine)
class LineAdmin(ByEvening, ReadOnly):
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
    evening_filters = ("status", "overbooked")
    search_fields = ("=reservation__reference",)
    search_help_text = _("A reference, an id or an event's title.")
    label = ("reservation__performance", "reservation__reference")
    ordering = ("-id",)
