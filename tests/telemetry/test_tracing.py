"""OpenTelemetry: spans where it is asked for, nothing imported where it is not."""

import json
import os
import subprocess
import sys

import pytest

from fullhouse.telemetry.tracing import is_wanted

TRACED = """
import json, django
django.setup()
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from fullhouse.telemetry import tracing
kept = InMemorySpanExporter()
tracing.start(SimpleSpanProcessor(kept))
from django.test import Client
assert Client().get("/readyz", headers={"Host": "localhost"}).status_code == 200
spans = kept.get_finished_spans()
print(json.dumps([
    {"name": each.name, "kind": each.kind.name, "trace": each.context.trace_id,
     "service": each.resource.attributes["service.name"]}
    for each in spans
]))
"""
PLAIN = """
import sys, django
django.setup()
from django.test import Client
assert Client().get("/livez", headers={"Host": "localhost"}).status_code == 200
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


def run(program: str) -> str:
    without = {name: value for name, value in os.environ.items() if "OTEL" not in name}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=without,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_request_and_its_statements_are_one_trace(db_committed: None) -> None:
    spans = json.loads(run(TRACED))
    assert {each["service"] for each in spans} == {"fullhouse"}
    [request] = [each for each in spans if each["kind"] == "SERVER"]
    assert request["name"] == "GET readyz"
    statements = [each for each in spans if each["kind"] == "CLIENT"]
    assert statements
    assert {each["trace"] for each in statements} == {request["trace"]}


def test_unasked_nothing_of_it_is_imported() -> None:
    assert run(PLAIN).strip() == "[]"


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"FULLHOUSE_OTEL_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, True),
        ({"FULLHOUSE_OTEL_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_an_endpoint_asks_for_it(environment: dict[str, str], wanted: bool) -> None:
    assert is_wanted(environment) is wanted


AT_THE_GATE = """
import json, django
django.setup()
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from fullhouse.gate.asked import asked
from fullhouse.gate.watched import watched
from fullhouse.telemetry import tracing
kept = InMemorySpanExporter()
tracing.start(SimpleSpanProcessor(kept))
path = "/api/v1/performances/0193f6a2-7c1e-7aaa-8000-000000000001/availability"
parent = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
call = asked({"path": path, "method": "GET", "query_string": b"", "client": ("127.0.0.1", 1),
              "headers": [(b"traceparent", parent)]})
watched(call, 503, [(b"x-request-id", b"r-1")], "busy")
[span] = kept.get_finished_spans()
print(json.dumps({
    "name": span.name, "kind": span.kind.name, "status": span.status.status_code.name,
    "trace": f"{span.context.trace_id:032x}", "parent": f"{span.parent.span_id:016x}",
    "code": span.attributes["http.status_code"], "lasted": span.end_time >= span.start_time,
}))
"""


def test_a_call_that_the_gate_answers_is_a_span_of_the_callers_trace() -> None:
    assert json.loads(run(AT_THE_GATE)) == {
        "name": "GET api/v1/performances/<uuid:performance_id>/availability",
        "kind": "SERVER",
        "status": "ERROR",
        "trace": "4bf92f3577b34da6a3ce929d0e0e4736",
        "parent": "00f067aa0ba902b7",
        "code": 503,
        "lasted": True,
    }
