"""A database set up as the pages say: an owner that migrates, and a role that serves."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from scratch import BUSY_HOUSE, Scratch, create, drop

from fullhouse.database.client import Target, psql_command

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@dataclass(frozen=True, slots=True)
class As(Scratch):
    """The same database, entered with the rights of `role` and no more."""

    role: str = ""

    @property
    def url(self) -> str:
        there = Scratch(self.name).url
        return f"{there}&options={quote(f'-c role={self.role}')}"

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.url) as opened:
            yield opened


@dataclass(frozen=True, slots=True)
class House:
    """A deployed database with a small busy house in it."""

    owner: As
    app: As

    def grant(self) -> None:
        psql(self.owner, "grants.sql", schema="fullhouse", app=self.app.role)


def psql(where: Scratch, file: str, **names: str) -> None:
    """Run one of the SQL files as its first lines say."""
    known = [word for name, value in names.items() for word in ("--set", f"{name}={value}")]
    program = psql_command(Target.configured(), [])[0]
    options = ["--no-psqlrc", "--quiet", "--dbname", where.url, *known]
    done = subprocess.run(
        [program, *options, "--file", str(DEPLOY / file)],
        env={**os.environ, "PGOPTIONS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def deployed(django_db_setup: None, django_db_blocker: object) -> Iterator[House]:
    from pytest_django import DjangoDbBlocker

    assert isinstance(django_db_blocker, DjangoDbBlocker)
    mark = secrets.token_hex(4)
    with django_db_blocker.unblock():
        made = create(f"deploy_{mark}")
        house = House(As(made.name, f"owner_{mark}"), As(made.name, f"app_{mark}"))
        try:
            names = {"schema": "fullhouse", "owner": house.owner.role, "app": house.app.role}
            psql(made, "roles.sql", **names)
            psql(made, "roles.sql", **names)
            house.owner.run("migrate", "--verbosity", "0")
            house.grant()
            house.app.run("shell", "--no-imports", "--command", BUSY_HOUSE)
            yield house
        finally:
            drop(made)
            with connection.cursor() as cursor:
                for role in (house.app.role, house.owner.role):
                    cursor.execute(f"DROP OWNED BY {role}")
                    cursor.execute(f"DROP ROLE {role}")
