"""The ledger, its notes and the remembered answers: read only, newest first."""

from __future__ import annotations

from django.contrib import admin

from fullhouse.events.admin.base import ReadOnly
from fullhouse.events.models import Movement, Note, Operation


@admin.register(Movement)
class MovementAdmin(ReadOnly):
    list_display = (
        "at",
        "performance",
        "operation",
        "quantity",
        "from_state",
        "to_state",
        "actor",
        "reason",
    )
    list_select_related = ("performance__event",)
    list_filter = ("operation", "from_state", "to_state")
    search_fields = ("=actor", "reason", "performance__event__title")
    ordering = ("-id",)


@admin.register(Note)
class NoteAdmin(ReadOnly):
    list_display = ("at", "performance", "operation", "actor", "reason")
    list_select_related = ("performance__event",)
    list_filter = ("operation",)
    search_fields = ("=actor", "reason", "performance__event__title")
    ordering = ("-id",)


@admin.register(Operation)
class OperationAdmin(ReadOnly):
    list_display = ("created_at", "performance", "operation", "key")
    list_select_related = ("performance__event",)
    list_filter = ("operation",)
    search_fields = ("=key",)
    ordering = ("-id",)
    exclude = ("digest",)
