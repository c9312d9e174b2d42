"""The takeovers in the admin: read only; their console and the command line move them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import ReadOnly
from fullhouse.events.admin.scale import known
from fullhouse.migration.kinds import KINDS
from fullhouse.migration.models import (
    Anomaly,
    MigrationRun,
    MigrationUnit,
    RunEvent,
)
from fullhouse.web.templatetags.fullhouse_text import term


def _worded(field: str, title: Any, order: str | None = None) -> Any:
    """Return a column of codes of a takeover, in words."""

    @admin.display(description=title, ordering=order)
    def column(_self: Any, row: Any) -> str:
        return term(getattr(row, field))

    return column


@admin.register(MigrationRun)
class RunAdmin(ReadOnly):
    list_display = ("legacy_schema", "source", "state", "split", "created_at", "updated_at")
    list_filter = ("state",)
    fields = (
        ("source", "legacy_schema"),
        ("state", "split"),
        "plan_sha",
        "backup_path",
        ("lease_holder", "lease_until", "epoch"),
        ("created_at", "updated_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MigrationRun]:
        return super().get_queryset(request).defer("plan", "report", "decisions", "legacy_hashes")


@admin.register(RunEvent)
class RunEventAdmin(ReadOnly):
    list_display = ("at", "run", "in_phase", "before", "after", "actor")
    in_phase = _worded("phase", _("phase"))
    before = _worded("from_state", _("state before"))
    after = _worded("to_state", _("state after"))
    list_select_related = ("run",)
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Anomaly)
class AnomalyAdmin(ReadOnly):
    list_display = ("what", "subject", "count", "run", "proposed", "decided", "decided_by")
    what = _worded("kind", _("kind"))
    proposed = _worded("proposal", _("proposal"))
    decided = _worded("decision", _("decision"))
    list_select_related = ("run",)
    list_filter = (
        known("kind", _("kind"), lambda: [(name, term(name)) for name in KINDS]),
        "policy",
    )
    search_fields = ("subject",)
    ordering = ("-id",)
    sortable_by = ()


@admin.register(MigrationUnit)
class UnitAdmin(ReadOnly):
    list_display = ("performance_id", "run", "seats", "done_at", "error")
    list_select_related = ("run",)
    ordering = ("id",)
    sortable_by = ()


class AsItIs(ReadOnly):
    """Rows in the order of their keys, which needs no sorting."""

    ordering = ("-pk",)
    sortable_by = ()


def _register_the_others() -> None:
    """Show every other table of a takeover as it is, so that none is out of sight."""
    for model in apps.get_app_config(MigrationRun._meta.app_label).get_models():
        if not admin.site.is_registered(model):
            admin.site.register(model, AsItIs)


_register_the_others()
