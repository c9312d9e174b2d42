"""The takeovers in the admin: read only; their console and the command line move them."""

from __future__ import annotations

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
    list_display = ("at", "run", "phase", "from_state", "to_state", "actor")
    list_select_related = ("run",)
    ordering = ("-id",)
    sortable_by = ()


@admin.register(Anomaly)
class AnomalyAdmin(ReadOnly):
    list_display = ("kind", "subject", "count", "run", "proposal", "decision", "decided_by")
    list_select_related = ("run",)
    list_filter = (known("kind", _("kind"), lambda: [(name, name) for name in KINDS]), "policy")
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
