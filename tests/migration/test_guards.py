"""What is refused before anything is done: the number, what is wrong, and the way out."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.migration.models import MigrationRun

from .shell import execute, legacy_schema, takeover


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with legacy_schema(seats=20) as name:
        yield name


def untouched(schema: str) -> bool:
    return not MigrationRun.objects.filter(legacy_schema=schema).exists()


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("no_such_schema", 2, "There is no schema 'no_such_schema'"),
        ("", 2, "is not the name of a schema"),
        ("x" * 64, 2, "is not the name of a schema"),
        ("tab\there", 2, "is not the name of a schema"),
        ("pg_catalog", 3, "belongs to PostgreSQL"),
        ("information_schema", 3, "belongs to PostgreSQL"),
        ("public", 3, "it lacks: events_event, events_eventperformance, events_venue"),
        ('x"; DROP SCHEMA public; --', 2, "There is no schema"),
    ],
)
@pytest.mark.parametrize("action", ["backup", "plan", "run"])
def test_a_schema_that_cannot_be_taken_over(
    db_committed: None, action: str, name: str, code: int, message: str
) -> None:
    ended = takeover(action, name)
    assert ended.code == code
    assert message in ended.message
    assert ended.out == ""
    assert untouched(name)


def test_fullhouse_does_not_take_itself_over(db_committed: None) -> None:
    ended = takeover("run", own_schema(), "--json")
    assert ended.code == 3
    assert ended.json["exit_code"] == 3
    assert "Fullhouse's own" in ended.json["error"]["en"]
    assert "فول‌هاوس" in ended.json["error"]["fa"]


def test_missing_tables_are_named(schema: str) -> None:
    execute("DROP TABLE {}.events_event", schema)
    ended = takeover("run", schema, "--json")
    assert ended.code == 3
    assert ended.json["error"]["facts"] == {"missing": ["events_event"]}
    assert untouched(schema)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--source", "no_such_source"], 2, "No source 'no_such_source'"),
        (["--decisions", "/no/such/file.json"], 2, "No such file: /no/such/file.json"),
        (["--html", "/no/such/folder/page.html"], 2, "a folder that exists"),
        (["--workers", "0"], 2, "--workers is 1 to 64"),
    ],
)
def test_arguments_that_cannot_be_used(
    schema: str, arguments: list[str], code: int, message: str
) -> None:
    ended = takeover("run", schema, *arguments)
    assert (ended.code, message in ended.message) == (code, True), ended.message
    assert untouched(schema)


def test_a_source_file_that_is_not_toml(schema: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[venue", encoding="utf-8")
    ended = takeover("run", schema, "--source", tmp_path / "bad.toml")
    assert ended.code == 2
    assert "bad.toml is not TOML" in ended.message


@pytest.mark.parametrize("action", ["validate", "rollback"])
def test_a_takeover_that_was_never_begun(schema: str, action: str) -> None:
    ended = takeover(action, schema)
    assert ended.code == 3
    assert "was ever begun" in ended.message


def test_status_of_a_takeover_that_was_never_begun(schema: str) -> None:
    assert takeover("status", schema).code == 0
    assert takeover("status", schema, "--json").json == {
        "exit_code": 0,
        "error": None,
        "state": None,
    }


def test_a_database_that_is_read_only(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        try:
            ended = takeover("run", schema)
        finally:
            cursor.execute("RESET default_transaction_read_only")
    assert ended.code == 3
    assert "read-only" in ended.message


def test_a_user_without_privileges_is_told_what_to_grant(schema: str) -> None:
    role = f"clerk_{uuid.uuid4().hex[:8]}"
    own = own_schema()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(f"GRANT ALL ON SCHEMA {own} TO {role}")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA {own} TO {role}")
        cursor.execute(f"SET ROLE {role}")
        try:
            closed = takeover("run", schema)
            cursor.execute("RESET ROLE")
            execute(f"GRANT USAGE ON SCHEMA {{}} TO {role}", schema)
            cursor.execute(f"SET ROLE {role}")
            unreadable = takeover("run", schema)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")
    assert closed.code == unreadable.code == 3
    assert f"may not read {schema}" in closed.message
    assert "may not read events_event, " in unreadable.message
    assert "GRANT" in unreadable.message
    assert untouched(schema)
