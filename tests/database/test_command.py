"""`fullhouse database ...`, as a person and a script call it."""

import json
from pathlib import Path

from django.core.management import call_command, load_command_class

from fullhouse.database import server

from .conftest import Cli, query

ACTIONS = ("start", "stop", "status", "url", "shell", "dump", "reset")


def test_help_of_each_action_shows_examples_and_exit_codes() -> None:
    parser = load_command_class("fullhouse.database", "database").create_parser(
        "fullhouse", "database"
    )
    choices = next(a.choices for a in parser._actions if a.dest == "action")
    assert tuple(choices or ()) == ACTIONS
    for name, action in dict(choices or {}).items():
        text = action.format_help()
        assert f"Examples:\n  fullhouse database {name}" in text
        assert "Exit codes: 0 done" in text


def test_a_life(home: Path, cli: Cli) -> None:
    absent = cli("database", "status")
    assert (absent.returncode, "absent" in absent.stdout) == (3, True)
    started = cli("database", "start")
    assert started.returncode == 0
    assert "started (pid " in started.stdout
    assert "runs already" in cli("database", "start").stdout
    shown = cli("database", "status", "--json")
    facts = json.loads(shown.stdout)
    assert shown.returncode == 0
    assert facts["state"] == "running"
    assert facts["pid"] == server.status().pid
    assert facts["home"] == str(home)
    assert "stopped" in cli("database", "stop").stdout
    assert "was not running" in cli("database", "stop").stdout
    assert json.loads(cli("database", "status", "--json").stdout)["state"] == "stopped"


def test_url_and_shell(home: Path, cli: Cli) -> None:
    url = cli("database", "url").stdout.strip()
    facts = json.loads(cli("database", "url", "--json").stdout)
    assert facts["url"] == url
    assert facts["host"] == str(home / "postgresql" / "run")
    assert not home.exists(), "an address starts nothing"
    done = cli("database", "shell", "--", "-XAtc", "SHOW search_path")
    assert (done.returncode, done.stdout) == (0, "fullhouse\n")
    shown = cli("database", "status", DATABASE_URL=url)
    assert shown.returncode == 0
    assert "embedded    False" in shown.stdout
    refused = cli("database", "start", DATABASE_URL=url)
    assert (refused.returncode, "DATABASE_URL is set" in refused.stderr) == (1, True)
    dumped = cli("database", "dump", str(home.parent / "url.dump"), DATABASE_URL=url)
    assert dumped.returncode == 0, dumped.stderr


def test_a_url_that_nobody_answers(home: Path, cli: Cli) -> None:
    nobody = "postgresql://u:secret@127.0.0.1:1/x"
    shown = cli("database", "status", "--json", DATABASE_URL=nobody)
    assert shown.returncode == 3
    assert json.loads(shown.stdout)["state"] == "unreachable"
    assert "secret" not in shown.stdout
    assert not home.exists()


def test_dump(home: Path, cli: Cli) -> None:
    server.ensure_started()
    query(home, "CREATE TABLE kept AS SELECT 'چهل' AS word")
    sql, custom = home.parent / "a.sql", home.parent / "a.dump"
    assert cli("database", "dump", str(sql)).returncode == 0
    assert "چهل" in sql.read_text()
    assert cli("database", "dump", str(custom)).returncode == 0
    assert custom.read_bytes().startswith(b"PGDMP")
    assert custom.stat().st_mode == 0o100600
    again = cli("database", "dump", str(sql))
    assert (again.returncode, "--force" in again.stderr) == (1, True)
    assert cli("database", "dump", str(sql), "--force").returncode == 0
    missing = cli("database", "dump", str(home.parent / "no" / "a.sql"))
    assert (missing.returncode, "No such file" in missing.stderr) == (1, True)
    assert sorted(path.name for path in home.parent.iterdir()) == ["a.dump", "a.sql", "home"]


def test_reset(home: Path, cli: Cli) -> None:
    server.ensure_started()
    query(home, "CREATE TABLE gone (id int)")
    asked = cli("database", "reset")
    assert (asked.returncode, "Say --yes" in asked.stderr) == (1, True)
    assert query(home, "SELECT count(*) FROM gone") == 0
    done = cli("database", "reset", "--yes")
    assert done.returncode == 0
    (kept,) = (home / "backups").iterdir()
    assert str(kept) in done.stdout
    assert server.status().state == "absent"
    server.ensure_started()
    assert query(home, "SELECT to_regclass('gone')") is None
    call_command("database", "reset", yes=True, no_backup=True)
    assert list((home / "backups").iterdir()) == [kept]
    assert "nothing to do" in cli("database", "reset", "--yes").stdout
