"""The first start, the next ones, many at once, and the end."""

from pathlib import Path

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from fullhouse.database import server
from fullhouse.database.cluster import NEEDED_MIB
from fullhouse.database.config import database_settings
from fullhouse.database.errors import DataDirectoryError, ServerError
from fullhouse.database.paths import Layout
from fullhouse.database.processes import forget

from .conftest import query, start_apart


def test_first_start_makes_the_cluster_and_the_database(home: Path) -> None:
    assert server.status().state == "absent"
    now = server.ensure_started()
    assert now.state == "running"
    assert query(home, "SELECT current_database() || ' ' || current_user") == "fullhouse fullhouse"
    assert server.ensure_started() == now


def test_a_given_directory_needs_no_environment(ground: Path) -> None:
    assert server.ensure_started(ground / "given").home == (ground / "given").resolve()
    assert server.stop(data_dir=ground / "given").state == "stopped"


def test_six_processes_start_it_at_once_for_the_first_time(home: Path) -> None:
    starters = [start_apart(home) for _ in range(6)]
    results = [starter.communicate() for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 6, results
    pids = {out.strip() for out, _ in results}
    assert pids == {str(server.status().pid)}
    assert sorted(path.name for path in Layout.of(home).private.iterdir()) == [
        "cluster",
        "log",
        "run",
        "start.lock",
        "start.log",
    ]


def test_the_server_outlives_its_starter(home: Path) -> None:
    starter = start_apart(home)
    pid = int(starter.communicate()[0])
    assert starter.returncode == 0
    assert server.status().pid == pid
    assert query(home, "SELECT 1") == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("max_connections", "200"),
        ("max_prepared_transactions", "0"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
        ("idle_in_transaction_session_timeout", "10min"),
    ],
)
def test_settings(shared_home: Path, setting: str, value: str) -> None:
    assert query(shared_home, f"SHOW {setting}") == value


def test_text_sorts_by_code_point_and_knows_persian(shared_home: Path) -> None:
    found = query(
        shared_home, "SELECT string_agg(x, ',' ORDER BY x) FROM unnest('{é,b,Z,آ}'::text[]) x"
    )
    assert found == "Z,b,é,آ"
    assert query(shared_home, "SELECT upper('é')") == "É"


def test_a_connection_of_django_starts_it(home: Path) -> None:
    connection = ConnectionHandler({"default": database_settings()})["default"]
    raw = connection.get_new_connection(connection.get_connection_params())
    with raw:
        assert raw.execute("SHOW search_path").fetchone() == ("fullhouse",)
    assert server.status().state == "running"


def test_a_missing_database_is_made_although_the_server_runs(home: Path) -> None:
    server.ensure_started()
    layout = Layout.of(home)
    with psycopg.connect(
        host=layout.host, port=layout.port, user="fullhouse", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("DROP DATABASE fullhouse")
    server.ensure_started()
    assert query(home, "SELECT 1") == 1


def test_stop_ends_open_transactions_and_is_repeatable(home: Path) -> None:
    layout = Layout.of(server.ensure_started().home)
    with psycopg.connect(host=layout.host, user="fullhouse", dbname="fullhouse") as connection:
        connection.execute("CREATE TABLE never (id int)")
        assert server.stop().state == "stopped"
        connection.close()
    assert server.stop().state == "stopped"
    server.ensure_started()
    assert query(home, "SELECT to_regclass('never')") is None


def test_stop_before_the_first_start_makes_nothing(home: Path) -> None:
    assert server.stop().state == "absent"
    assert not home.exists()


def test_own_settings_survive_a_start(home: Path) -> None:
    cluster = server.ensure_started().cluster
    server.stop()
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write("max_connections = 50\n")
    server.ensure_started()
    assert query(home, "SHOW max_connections") == "50"


def test_a_setting_that_the_server_refuses_is_shown(home: Path) -> None:
    cluster = server.ensure_started().cluster
    server.stop()
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write("max_connections = many\n")
    with pytest.raises(ServerError, match=r'did not start(.|\n)*"max_connections": "many"'):
        server.ensure_started()


def test_a_full_disk_is_said_before_anything_is_made(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = (100, 100, (NEEDED_MIB - 1) * 1024 * 1024)
    monkeypatch.setattr("shutil.disk_usage", lambda path: _Usage(*space))
    with pytest.raises(DataDirectoryError, match=f"{NEEDED_MIB - 1} MiB free"):
        server.ensure_started()
    assert not Layout.of(home).cluster.exists()


def test_a_server_without_a_free_connection_says_so(home: Path) -> None:
    cluster = server.ensure_started().cluster
    server.stop()
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write(
            "max_connections = 4\nsuperuser_reserved_connections = 0\nmax_wal_senders = 0\n"
        )
    server.ensure_started()
    where = {"host": server.status().host, "user": "fullhouse", "dbname": "fullhouse"}
    taken = [psycopg.connect(**where) for _ in range(4)]
    try:
        with pytest.raises(ServerError, match=r"does not let us in: (.|\n)*too many clients"):
            server.ensure_started()
    finally:
        for connection in taken:
            connection.close()


def test_a_directory_that_is_no_cluster_is_left_alone(home: Path) -> None:
    cluster = server.ensure_started().cluster
    server.stop()
    (cluster / "PG_VERSION").rename(cluster / "PG_VERSION.old")
    with pytest.raises(DataDirectoryError, match="PG_VERSION is missing"):
        server.ensure_started()
    (cluster / "PG_VERSION.old").rename(cluster / "PG_VERSION")
    forget(Layout.of(home))
    assert server.ensure_started().state == "running"


class _Usage:
    def __init__(self, total: int, used: int, free: int) -> None:
        self.total, self.used, self.free = total, used, free
