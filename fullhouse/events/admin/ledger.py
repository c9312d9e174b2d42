"""The ledger, its notes and the remembered answers: read only, newest first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import ModelAdmin, ReadOnly
from fullhouse.events.admin.scale import ByEvening, known
from fullhouse.events.domain import stories
from fullhouse.events.models import Movement, Note, Notice, Operation
from fullhouse.events.services.once import CATALOGUE


def _operations() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(name, stories.operation_name(name, language)) for name in stories.OPERATIONS]


class InWords(ModelAdmin):
    """What was done, as the stories call it."""

    readonly_fields = ("done",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [each for each in super().get_fields(request, obj) if each != "done"]
        return ["done" if each == "operation" else each for each in fields]

    @admin.display(description=_("operation"), ordering="operation")
    def done(self, row: Any) -> str:
        return stories.operation_name(row.operation, get_language() or "en")


OPERATION = known("operation", _("operation"), _operations)


@admin.register(Movement)
class MovementAdmin(InWords, ByEvening, ReadOnly):
    list_display = (
        "at",
        "performance",
        "done",
        "quantity",
        "from_state",
        "to_state",
        "actor",
        "reason",
    )
    list_select_related = ("performance__event",)
    evening_filters = (OPERATION, "from_state", "to_state")
    search_fields = ("=actor", "reason")
    search_help_text = _("An id or an event's title; in one evening an actor or a reason.")
    ordering = ("-id",)


@admin.register(Note)
class NoteAdmin(InWords, ByEvening, ReadOnly):
    list_display = ("at", "performance", "done", "actor", "reason")
    list_select_related = ("performance__event",)
    evening_filters = (OPERATION,)
    search_fields = ("=actor", "reason")
    search_help_text = MovementAdmin.search_help_text
    ordering = ("-id",)


@admin.register(Operation)
class OperationAdmin(InWords, ByEvening, ReadOnly):
    list_display = ("created_at", "performance", "done", "key")
    list_select_related = ("performance__event",)
    evening_filters = (OPERATION,)
    search_fields = ("=key",)
    search_help_text = _("A key, an id or an event's title.")
    label = ("performance", "key")
    ordering = ("-id",)
    exclude = ("digest",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operation]:
        """Leave out what belongs to no performance."""
        return super().get_queryset(request).exclude(performance_id=CATALOGUE)


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """What is announced beside the ledger; the worker takes old ones away."""

    list_display = ("at", "kind", "performance_id")
    ordering = ("-id",)
    sortable_by = ()
