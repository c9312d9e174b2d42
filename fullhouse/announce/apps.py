"""Webhooks and the worker as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnounceConfig(AppConfig):
    """Endpoints, deliveries, the relay from the ledger to them."""

    name = "fullhouse.announce"
    label = "announce"
    verbose_name = _("webhooks")
    default_auto_field = "django.db.models.BigAutoField"
