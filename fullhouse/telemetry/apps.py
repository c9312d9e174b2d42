"""Telemetry as a Django app: it starts tracing where that is asked for."""

from django.apps import AppConfig

from fullhouse.telemetry import tracing


class TelemetryConfig(AppConfig):
    """Has no tables."""

    name = "fullhouse.telemetry"
    label = "telemetry"

    def ready(self) -> None:
        """Start tracing, before any middleware is loaded."""
        if tracing.is_wanted():
            tracing.start()
