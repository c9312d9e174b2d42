"""Without Unix sockets: loopback and a password that only the account can read."""

import sys
from pathlib import Path

import psycopg
import pytest

from fullhouse.database import server
from fullhouse.database.config import database_settings
from fullhouse.database.paths import Layout


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("fullhouse.database.") and hasattr(module, "uses_sockets"):
            monkeypatch.setattr(module, "uses_sockets", lambda: False)


def test_loopback_asks_for_the_password(
    home: Path, loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = server.ensure_started()
    settings = database_settings()
    assert (now.host, now.state) == ("127.0.0.1", "running")
    assert (settings["HOST"], settings["PORT"]) == (now.host, str(now.port))
    where = {"host": now.host, "port": now.port, "user": "fullhouse", "dbname": "fullhouse"}
    with psycopg.connect(**where, passfile=settings["OPTIONS"]["passfile"]) as connection:
        found = connection.execute("SHOW listen_addresses").fetchone()
        assert found == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**where, passfile="/dev/null")
    assert Layout.of(home).passfile.stat().st_mode == 0o100600
    assert server.stop().state == "stopped"


def test_each_home_has_a_port_of_its_own(
    ground: Path, loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = {Layout.of(ground / name).port for name in "abcdefgh"}
    assert len(ports) > 1
    assert all(20000 <= port < 30000 for port in ports)
    monkeypatch.setenv("FULLHOUSE_DATABASE_PORT", "5999")
    assert Layout.of(ground).port == 5999
