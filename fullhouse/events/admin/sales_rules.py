"""Sales rules: seen here; set and dropped at the desk of their performance, with a reason."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from fullhouse.events.admin.base import ReadOnly
from fullhouse.events.admin.widgets import TabularInline
from fullhouse.events.models import SalesRule


class RuleInline(TabularInline):
    model = SalesRule
    fields = (
        "ticket_type",
        "sales_open_at",
        "sales_close_at",
        "min_per_order",
        "max_per_order",
        "max_per_customer",
    )
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(SalesRule)
class SalesRuleAdmin(ReadOnly):
    list_display = ("performance", "__str__", *RuleInline.fields[1:])
    list_select_related = ("performance__event", "ticket_type")
    search_fields = ("performance__event__title", "ticket_type__name")
