"""One old evening, sold by its own tables or, after the cut-over, by Fullhouse."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as project
from django.db import connection

from tests.migration.builders import House

from . import old_system

HOST = Path(__file__).parent / "host"
ROOT = Path(__file__).parents[2]
Program = Callable[..., "subprocess.Popen[str]"]


@dataclass(frozen=True, slots=True)
class Evening:
    """`seats` are numbered, in section VIP in two spellings; the hall holds 100 places."""

    schema: str
    performance: UUID
    seats: tuple[UUID, ...]
    balcony: tuple[UUID, ...]
    vip: UUID
    normal: UUID


@pytest.fixture
def old_evening(db_committed: None, settings: Any) -> Iterator[Evening]:
    """100 places by the counter; 4 seats in VIP (2 of them spelt otherwise), 2 in the balcony."""
    house = House(total_capacity=500)
    performance = house.performance(100, {"VIP": 40, "Normal": "۶۰"})
    seats = [house.seat(performance, f"VIP-1-{n}", kind="VIP") for n in (1, 2)]
    seats += [house.seat(performance, f"V\u200cIP -1-{n}", kind="VIP") for n in (3, 4)]
    balcony = [house.seat(performance, f"Balcony-1-{n}") for n in (1, 2)]
    with old_system.running(house) as schema:
        settings.FULLHOUSE_COMPAT = {"using": "default", "legacy_schema": schema}
        yield Evening(
            schema,
            performance,
            tuple(seats),
            tuple(balcony),
            house.type_ids["VIP"],
            house.type_ids["Normal"],
        )


@pytest.fixture
def new_evening(old_evening: Evening) -> Evening:
    """The same evening taken over and cut over."""
    old_system.take_over(old_evening.schema)
    old_system.set_state(old_evening.schema, "cut_over")
    return old_evening


@pytest.fixture
def program(db_committed: None) -> Iterator[Program]:
    """Start the old project in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(schema: str, *arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, str(HOST / "program.py"), *map(str, arguments)],
            env=_environment(schema),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _environment(schema: str) -> dict[str, Any]:
    known = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname", "passfile", "requirepeer")
    database = {key: known[key] for key in wanted if known.get(key)}
    without = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "FULLHOUSE_SCHEMA"}
    return {key: value for key, value in os.environ.items() if key not in without} | {
        "HOST_DATABASE": json.dumps(database),
        "HOST_LEGACY_SCHEMA": schema,
        "HOST_FULLHOUSE_SCHEMA": project.FULLHOUSE_SCHEMA,
        "PYTHONPATH": os.pathsep.join([str(HOST), str(ROOT)]),
    }
