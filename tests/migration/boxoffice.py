"""The sample box office in a schema of its own, and its keys as Fullhouse knows them."""

import io
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management import CommandError, call_command
from django.db import connection

from fullhouse.migration.source.keys import key_uuid

from .shell import Ended

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "boxoffice.sql"


@contextmanager
def box_office() -> Iterator[str]:
    """A schema with the sample, dropped at the end."""
    name = f"box_{uuid.uuid4().hex[:12]}"
    text = SAMPLE.read_text(encoding="utf-8").split("BEGIN;")[1].split("COMMIT;")[0]
    run(f"BEGIN; {text.replace('boxoffice', name)} COMMIT;")
    try:
        yield name
    finally:
        run(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')


def run(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def change(schema: str, statement: str) -> None:
    """Run one statement in which `{}` stands for the schema."""
    run(statement.replace("{}", f'"{schema}"'))


def key(schema: str, kind: str, number: int) -> UUID:
    return key_uuid(schema, kind, str(number))


def check(file: str | Path, schema: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code of `source check` and what it said."""
    ended = say(file, schema, "--json")
    return ended.code, json.loads(ended.out)


def say(file: str | Path, schema: str, *arguments: str) -> Ended:
    out = io.StringIO()
    words = ["source", "check", str(file), "--schema", schema, *arguments]
    try:
        call_command("capacity_migration", *words, stdout=out)
    except CommandError as error:
        return Ended(error.returncode, out.getvalue(), str(error))
    return Ended(0, out.getvalue(), "")
