"""OpenTelemetry, where it is asked for: a span a request and a span a statement.

What Django answers is the span that its statements hang on. What the gate answers is told when the
answer is out; its statements serve many requests at once and are spans of their own.

The packages are those of the extra `telemetry`; nothing imports them unless an endpoint is set.
Statements are sent with their placeholders, never with values.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Tracer

_OURS: Final = "FULLHOUSE_OTEL_ENDPOINT"
_STANDARD: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_NAME: Final = "fullhouse"
_tracer: Tracer | None = None


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
    global _tracer
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: _NAME}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(processor or _sender())
    DjangoInstrumentor().instrument(tracer_provider=provider)
    PsycopgInstrumentor().instrument(tracer_provider=provider, skip_dep_check=True)
    _tracer = provider.get_tracer(_NAME)


def is_on() -> bool:
    """Tell whether this process traces."""
    return _tracer is not None


def answered(
    *,
    method: str,
    route: str,
    status: int,
    seconds: float,
    request_id: str,
    header: Callable[[bytes], str | None],
) -> None:
    """Make the span of a request that was answered before Django. Only where `is_on`.

    It ends now and began `seconds` ago. `header` gives the request's headers: a trace that the
    caller began is gone on with.
    """
    if _tracer is None:
        raise AssertionError("traces are off")
    from opentelemetry import propagate
    from opentelemetry.trace import SpanKind, Status, StatusCode

    fields = propagate.get_global_textmap().fields
    carried = {name: value for name in fields if (value := header(name.encode()))}
    ended = time.time_ns()
    span = _tracer.start_span(
        f"{method} {route.lstrip('/')}",
        context=propagate.extract(carried),
        kind=SpanKind.SERVER,
        start_time=ended - int(seconds * 1e9),
        attributes={
            # Both generations of the convention's names, as collectors know one or the other.
            "http.method": method,
            "http.request.method": method,
            "http.route": route,
            "http.status_code": status,
            "http.response.status_code": status,
            "http.request.header.x-request-id": request_id,
        },
    )
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))
    span.end(ended)


def _sender() -> SpanProcessor:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    ours = os.environ.get(_OURS)
    endpoint = f"{ours.rstrip('/')}/v1/traces" if ours else None
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint))
