"""The capacity model and its engine as a Django app."""

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from fullhouse.events.staff_groups import make_groups


class EventsConfig(AppConfig):
    """App label `events`: `dumpdata events`, `sqlmigrate events 0002` work as expected."""

    name = "fullhouse.events"
    label = "events"
    verbose_name = _("Venues, events and places")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the schema before the first `migrate`, and the staff groups after each."""
        pre_migrate.connect(_create_schema, dispatch_uid="fullhouse.events.schema")
        # After `django.contrib.auth`, which makes the permissions that the groups hold.
        post_migrate.connect(make_groups, dispatch_uid="fullhouse.events.staff_groups")


def _create_schema(using: str = DEFAULT_DB_ALIAS, **_: object) -> None:
    from fullhouse.events.engine.sql_files import schema

    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(schema())}")
