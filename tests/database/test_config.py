"""The settings that Django gets, from the environment alone."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from fullhouse.database import server
from fullhouse.database.client import Target
from fullhouse.database.config import database_settings, schema_name
from fullhouse.database.errors import ExternalDatabaseError

SEARCH_PATH = "-c search_path=fullhouse"


def from_url(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    monkeypatch.setenv("DATABASE_URL", url)
    return database_settings()


def test_the_embedded_server_is_the_default_and_nothing_starts(home: Path) -> None:
    settings = database_settings()
    assert settings["ENGINE"] == "fullhouse.database.backend"
    assert (settings["NAME"], settings["USER"], settings["PASSWORD"]) == ("fullhouse",) * 2 + ("",)
    assert settings["HOST"] == str(home / "postgresql" / "run")
    assert settings["OPTIONS"]["options"] == SEARCH_PATH
    assert settings["CONN_HEALTH_CHECKS"] is True
    assert not home.exists()


def test_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_url(monkeypatch, "postgres://reza:p%40ss%2Fw@db.example:6543/house%20one")
    found = [settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert found == ["reza", "p@ss/w", "db.example", "6543", "house one"]
    assert settings["ENGINE"] == "fullhouse.database.backend"
    assert settings["OPTIONS"]["options"] == SEARCH_PATH


def test_a_url_with_a_socket_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_url(
        monkeypatch,
        "postgresql:///house?host=/run/postgresql&sslmode=disable&connect_timeout=3"
        "&options=-c%20statement_timeout%3D5s",
    )
    assert (settings["HOST"], settings["NAME"]) == ("/run/postgresql", "house")
    options = settings["OPTIONS"]
    assert options["sslmode"] == "disable"
    assert options["connect_timeout"] == "3"
    assert options["options"] == f"-c statement_timeout=5s {SEARCH_PATH}"


def test_an_empty_url_is_no_url(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_url(monkeypatch, "")["EMBEDDED"] is True


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://u:secret@h/x", "does not start with postgresql://"),
        ("postgres://u:secret@h:port/x", "'port' is no port"),
        ("postgres://u:secret@h:1,h:65536/x", "is no port"),
        ("postgres://u:%zzsecret@h/x", "cannot be read"),
        ("postgres://u:secret@h/x?colour=red", 'invalid URI query parameter: "colour"'),
        ("postgres://u:secret@h", "names no database"),
    ],
)
def test_a_bad_url_is_refused_without_telling_the_password(
    monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=reason) as caught:
        from_url(monkeypatch, url)
    assert "secret" not in str(caught.value)
    assert "postgresql://user:password@host:5432/name" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reza:p%40ss@db.example:6543/house",
        "postgresql://reza@/house?host=%2Frun%2Fpostgresql&port=5433",
        "postgresql://reza:x@/house?host=one%2Ctwo&port=1%2C2&sslmode=disable",
    ],
)
def test_the_url_comes_back(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    settings = from_url(monkeypatch, url)
    again = from_url(monkeypatch, Target(settings).url(with_password=True))
    again["OPTIONS"]["options"] = SEARCH_PATH
    assert again == settings
    assert not settings["PASSWORD"] or "p%40ss" not in Target(settings).url()


def test_with_a_url_nothing_embedded_starts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@127.0.0.1:1/x")
    for action in (server.ensure_started, server.stop, server.status):
        with pytest.raises(ExternalDatabaseError, match="Unset DATABASE_URL"):
            action()
    assert not home.exists()


@pytest.mark.parametrize("name", ["fullhouse", "_x", "a1", "a" * 41])
def test_a_schema_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("FULLHOUSE_SCHEMA", name)
    assert schema_name() == name
    assert database_settings()["OPTIONS"]["options"] == f"-c search_path={name}"


@pytest.mark.parametrize("name", ["Full", "1a", "a-b", "a b", "a;b", "a\n", "pg_x", "a" * 42, "آ"])
def test_a_name_that_no_schema_can_have(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("FULLHOUSE_SCHEMA", name)
    with pytest.raises(ImproperlyConfigured, match=r"FULLHOUSE_SCHEMA=.* cannot be a schema"):
        database_settings()
