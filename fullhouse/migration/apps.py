"""The takeover of a legacy database as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MigrationConfig(AppConfig):
    """Runs, decisions and anomalies of capacity migrations."""

    name = "fullhouse.migration"
    label = "capacity_migration"
    verbose_name = _("Takeovers")
    default_auto_field = "django.db.models.BigAutoField"
