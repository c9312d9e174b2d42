"""OpenTelemetry, where it is asked for: a span a request and a span a statement.

The packages are those of the extra `telemetry`; nothing imports them unless an endpoint is set.
Statements are sent with their placeholders, never with values.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

_OURS: Final = "FULLHOUSE_OTEL_ENDPOINT"
_STANDARD: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_NAME: Final = "fullhouse"


def is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether an endpoint is set, and OTEL_SDK_DISABLED does not say no."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    return any(environment.get(name) for name in (_OURS, *_STANDARD))


def start(processor: SpanProcessor | None = None) -> None:
    """Trace this process. Call it before the middleware is loaded.

    `processor` instead of the one that sends to the endpoint. Raises ImproperlyConfigured where
    the packages are not installed.
    """
    try:
        from opentelemetry.instrumentation.django import DjangoInstrumentor
        from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
    except ImportError as error:
        raise ImproperlyConfigured(
            'Tracing needs packages that are not there: pip install "fullhouse[telemetry]"'
        ) from error
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: _NAME}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(processor or _sender())
    DjangoInstrumentor().instrument(tracer_provider=provider)
    PsycopgInstrumentor().instrument(tracer_provider=provider, skip_dep_check=True)


def _sender() -> SpanProcessor:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    ours = os.environ.get(_OURS)
    endpoint = f"{ours.rstrip('/')}/v1/traces" if ours else None
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint))
