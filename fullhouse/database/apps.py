"""The Django app that carries the `database` command; it has no models."""

from __future__ import annotations

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    """Registers `fullhouse database ...`."""

    name = "fullhouse.database"
    label = "database"
    verbose_name = "Fullhouse database"
