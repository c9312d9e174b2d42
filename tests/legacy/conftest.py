"""A connection of its own, a schema name of its own, and small dump files to break."""

import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from fullhouse.migration.legacy.sample.generate import Sample
from fullhouse.migration.legacy.sample.write import write_file

Row = dict[str, Any]
WriteDump = Callable[..., Path]


@pytest.fixture
def database(conninfo: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        yield connection


@pytest.fixture
def schema(conninfo: str) -> Iterator[str]:
    """A name that no other test uses; what a test leaves under it is dropped."""
    name = f"old_{secrets.token_hex(4)}"
    yield name
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for left in schemas(connection, name):
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(left)))


def schemas(connection: psycopg.Connection[Any], name: str) -> list[str]:
    """The schemas whose names begin with `name`: the target and what loads left behind."""
    found = connection.execute(
        "SELECT nspname::text FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY 1", [name]
    )
    return [row[0] for row in found]


def fetch(connection: psycopg.Connection[Any], query: str, schema: str) -> list[Any]:
    """Run a query in which `{}` stands for the schema."""
    return connection.execute(sql.SQL(query).format(sql.Identifier(schema))).fetchall()


def row(model: str, pk: object, **fields: object) -> Row:
    return {"model": model, "pk": pk, "fields": fields}


def key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@pytest.fixture
def write_dump(tmp_path: Path) -> WriteDump:
    """Write rows as `dumpdata` does, one a line after a first line with the bracket."""

    def write(*rows: Row, name: str = "dump.json") -> Path:
        path = tmp_path / name
        lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in rows)
        path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def sample_file(tmp_path: Path) -> Callable[..., Path]:
    def write(seats: int = 300, dirty: float = 1.0, name: str = "sample.json") -> Path:
        path = tmp_path / name
        write_file(Sample(seats=seats, dirty=dirty, seed=5), path)
        return path

    return write
