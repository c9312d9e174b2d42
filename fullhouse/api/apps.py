"""The HTTP API as a Django app: its keys are stored, everything else is the engine's."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Keys, problem details, addresses under `/api/`."""

    name = "fullhouse.api"
    label = "api"
    verbose_name = _("HTTP API")
    default_auto_field = "django.db.models.BigAutoField"
