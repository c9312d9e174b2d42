"""The capacity model and its engine as a Django app."""

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import pre_migrate


class EventsConfig(AppConfig):
    """App label `events`: `dumpdata events`, `sqlmigrate events 0002` work as expected."""

    name = "fullhouse.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the schema before the first `migrate` writes its own table into it."""
        pre_migrate.connect(_create_schema, dispatch_uid="fullhouse.events.schema")


def _create_schema(using: str = DEFAULT_DB_ALIAS, **_: object) -> None:
    from fullhouse.events.engine.sql_files import schema

    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(schema())}")
