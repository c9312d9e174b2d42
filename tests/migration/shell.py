"""The command as an operator calls it, and legacy schemas to call it on."""

import io
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import psycopg
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from fullhouse.migration.legacy.loader import load_items
from fullhouse.migration.legacy.sample.generate import Sample
from fullhouse.migration.models import MigrationRun

COMMAND = [sys.executable, "-m", "django", "capacity_migration"]


@contextmanager
def legacy_schema(seats: int = 120, dirty: float = 0.0, seed: int = 1) -> Iterator[str]:
    """A schema of its own with a sample of the legacy layout, dropped at the end."""
    name = f"old_{uuid.uuid4().hex[:12]}"
    connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", connection.connection)
    sample = Sample(seats=seats, dirty=dirty, seed=seed)
    load_items(raw, items=sample, schema=name, source="sample", sha256=f"sample {seed}")
    try:
        yield name
    finally:
        raw.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))


def execute(query: str, schema: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a query in which `{}` stands for the schema."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(sql.Identifier(schema)), values)
        return list(cursor.fetchall()) if cursor.description else []


def new_run(schema: str) -> MigrationRun:
    run: MigrationRun = MigrationRun.objects.create(source="events", legacy_schema=schema)
    return run


class Ended:
    """How a call of the command ended: exit code, stdout, message."""

    def __init__(self, code: int, out: str, message: str) -> None:
        self.code, self.out, self.message = code, out, message

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def takeover(action: str, schema: str, *arguments: object) -> Ended:
    """Call the command in this process."""
    out = io.StringIO()
    words = [action, "--schema", schema, *(str(each) for each in arguments)]
    try:
        call_command("capacity_migration", *words, stdout=out)
    except CommandError as error:
        return Ended(error.returncode, out.getvalue(), str(error))
    return Ended(0, out.getvalue(), "")


def start_takeover(action: str, schema: str, *arguments: object) -> subprocess.Popen[str]:
    """Start the command as a process of its own on the test database."""
    words = [action, "--schema", schema, *(str(each) for each in arguments)]
    return subprocess.Popen(
        [*COMMAND, *words],
        env=os.environ
        | {"DATABASE_URL": url_of_database(), "DJANGO_SETTINGS_MODULE": "fullhouse.site.settings"},
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def url_of_database() -> str:
    known = connection.get_connection_params()
    rest = {name: known[name] for name in ("host", "port", "password") if known.get(name)}
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in rest.items())
    return f"postgresql://{quote(known['user'])}@/{known['dbname']}?{query}"
