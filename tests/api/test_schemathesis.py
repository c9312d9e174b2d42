"""The running server keeps its contract whatever it is asked: schemathesis from its own OpenAPI.

No 5xx, no status or media type that is not documented, every answer of the shape it promises; and
after all of it the house adds up. The same requests each time.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, Final
from uuid import uuid4

import pytest
import schemathesis
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from scratch import Scratch

from fullhouse.api.keys import create_key

from .conftest import API, Hall
from .test_authorisation import Ground
from .test_authorisation import ground as ground  # the house, by the names of the addresses
from .test_authorisation import taken_over as taken_over

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# FULLHOUSE_EXPLORE=1 looks for new requests, and for more.
EXPLORE: Final = "FULLHOUSE_EXPLORE" in os.environ
EXAMPLES: Final = 40 if EXPLORE else 4
LEGACY: Final = "/api/legacy"
# A stream does not end by itself.
LEFT_OUT: Final = "/stream"
PATIENCE_SECONDS: Final = 60


@pytest.fixture
def server(db_committed: None) -> Iterator[str]:
    """`fullhouse serve` over the test's database; returns its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name = connection.settings_dict["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "django", "serve", "--port", str(port)],
        env={
            **os.environ,
            "DATABASE_URL": Scratch(str(name)).url,
            "FULLHOUSE_LEGACY_SCHEMA": "archived",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert "Serving" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def ask(operation: Any, mode: GenerationMode, ids: dict[str, str], headers: dict[str, str]) -> None:
    """Ask some examples of one operation, as the contract says or as it does not."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not EXPLORE,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def examples(case: Any) -> None:
        for name in case.path_parameters or {}:
            case.path_parameters[name] = ids[name]
        for name in ids.keys() & (case.query or {}).keys():
            case.query[name] = ids[name]
        response = case.call(headers=headers, timeout=PATIENCE_SECONDS)
        case.validate_response(response, checks=CHECKS)

    with suppress(Unsatisfiable):  # what has no parameter cannot be asked wrongly
        examples()


def test_the_server_keeps_its_contract(server: str, hall: Hall, ground: Ground) -> None:
    _, text = create_key(name=f"fuzz {uuid4()}", scopes=["admin"], requests_per_minute=1_000_000)
    headers = {"Authorization": f"Bearer {text}"}
    contracts = [
        schemathesis.openapi.from_url(f"{server}{where}/openapi.json") for where in (API, LEGACY)
    ]
    asked, broken = 0, []
    for found in chain.from_iterable(one.get_all_operations() for one in contracts):
        operation = found.ok()
        if operation.path.endswith(LEFT_OUT):
            continue
        ids = dict(ground.ids)
        if "/house/" in operation.path or "/channels/" in operation.path:
            ids["reservation_id"] = ground.ids["kept"]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                ask(operation, mode, ids, headers)
            except BaseExceptionGroup as failures:
                broken += [f"{operation.label}: {each}" for each in failures.exceptions]
        asked += 1
    assert asked > 70
    assert not broken, "\n\n".join(broken)
