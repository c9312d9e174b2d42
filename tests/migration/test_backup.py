"""A backup is one only after it was restored and found equal; sums see every row, in any order."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullhouse.migration.backup import (
    copies,
    current_checksums,
    differences,
    dump,
    programs,
    read_manifest,
    take_backup,
)
from fullhouse.migration.backup.take import Form
from fullhouse.migration.exit_codes import MismatchError, RefusedError
from fullhouse.migration.models import MigrationRun

from .shell import execute, legacy_schema

# What CSV, text and sorting like to get wrong.
AWKWARD = """
    CREATE TABLE {0}.awkward (
        id int, said text, more jsonb, at timestamptz, part double precision, raw bytea,
        twice int GENERATED ALWAYS AS (id * 2) STORED
    );
    INSERT INTO {0}.awkward (id, said, more, at, part, raw) VALUES
        (1, NULL, NULL, NULL, NULL, NULL),
        (2, '', 'null', '2026-01-01 12:00+03:30', 0.1, ''),
        (3, E'a,"b"\\n\\\\.\\n\\t؛ ي', '{{"ي": [1, null]}}', 'infinity', 'NaN', '\\x00ff'),
        (3, E'a,"b"\\n\\\\.\\n\\t؛ ي', '{{"ي": [1, null]}}', 'infinity', 'NaN', '\\x00ff');
    CREATE TABLE {0}."Odd name/é" ("Column 1" text);
    INSERT INTO {0}."Odd name/é" VALUES ('x');
"""


@pytest.fixture
def schema(db_committed: None) -> Iterator[str]:
    with legacy_schema() as name:
        execute(AWKWARD, name)
        yield name


def run_of(schema: str) -> MigrationRun:
    return MigrationRun(source="events", legacy_schema=schema)


@pytest.mark.parametrize("form", ["dump", "copy"])
def test_a_backup_is_complete_private_and_equal(schema: str, tmp_path: Path, form: Form) -> None:
    made = take_backup(run_of(schema), root=tmp_path / "backups", form=form)
    manifest = read_manifest(made.folder)
    assert manifest == made.manifest
    assert manifest.form == form
    assert manifest.checksums == current_checksums(schema)
    assert manifest.checksums.tables["awkward"].rows == 4
    assert manifest.checksums.tables["events_seat"].rows == 120
    for path in [made.folder, *made.folder.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert set(manifest.files) == {
        path.relative_to(made.folder).as_posix()
        for path in made.folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_nothing_is_left_beside_a_backup(schema: str, tmp_path: Path) -> None:
    run = run_of(schema)
    scratch = f"fullhouse_check_{run.pk.hex}"
    # What a runner that was killed left behind is in nobody's way.
    execute(f"CREATE DATABASE {scratch}", schema)
    execute(f"CREATE SCHEMA {scratch}", schema)
    for form in ("dump", "copy"):
        take_backup(run, root=tmp_path, form=form)  # type: ignore[arg-type]
    assert not execute("SELECT 1 FROM pg_database WHERE datname = %s", schema, scratch)
    assert not execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema, scratch)


def test_sums_do_not_see_the_physical_order(schema: str) -> None:
    before = current_checksums(schema)
    execute(
        "CREATE TABLE {0}.again AS SELECT * FROM {0}.events_seat ORDER BY md5(id::text);"
        "DELETE FROM {0}.events_seat; INSERT INTO {0}.events_seat SELECT * FROM {0}.again;"
        "DROP TABLE {0}.again",
        schema,
    )
    assert differences(before, current_checksums(schema)) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE {0}.events_seat SET price = price + 0.01 WHERE ctid = '(0,1)'", "events_seat"),
        ("DELETE FROM {0}.awkward WHERE ctid = '(0,4)'", "awkward (4 → 3 rows)"),
        ("UPDATE {0}.awkward SET said = '' WHERE id = 1", "awkward (4 → 4 rows)"),
        ("UPDATE {0}.awkward SET more = NULL WHERE id = 2", "awkward (4 → 4 rows)"),
        ("DROP TABLE {0}.awkward", "awkward (4 → missing rows)"),
        ("CREATE INDEX ON {0}.awkward (id)", "(structure)"),
        ("ALTER TABLE {0}.awkward ALTER said SET NOT NULL", "(structure)"),
        (
            "CREATE FUNCTION {0}.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "(structure)",
        ),
    ],
)
def test_sums_see_every_change(schema: str, change: str, named: str) -> None:
    execute("DELETE FROM {0}.awkward WHERE said IS NULL AND %s", schema, "NOT NULL" in change)
    before = current_checksums(schema)
    execute(change, schema)
    assert named in " ".join(str(one) for one in differences(before, current_checksums(schema)))


def test_a_copy_that_lost_a_row_is_no_backup(
    schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = copies.write

    def lossy(*arguments: Any) -> None:
        write(*arguments)
        file = next(tmp_path.glob("*/tables/events_seat.csv"))
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))

    monkeypatch.setattr(copies, "write", lossy)
    with pytest.raises(MismatchError, match=r"events_seat \(120 → 119 rows\)"):
        take_backup(run_of(schema), root=tmp_path, form="copy")
    assert not list(tmp_path.rglob("manifest.json"))


def test_a_backup_that_is_stopped_has_no_manifest_and_no_child(
    schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    begin = dump.begin

    def begin_and_keep(*arguments: Any) -> subprocess.Popen[bytes]:
        started.append(begin(*arguments))
        return started[0]

    def stop(done: int, total: int, rows: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dump, "begin", begin_and_keep)
    with pytest.raises(KeyboardInterrupt):
        take_backup(run_of(schema), root=tmp_path, form="dump", progress=stop)
    assert started[0].returncode is not None
    (folder,) = tmp_path.iterdir()
    with pytest.raises(RefusedError, match=r"no manifest\.json"):
        read_manifest(folder)


def test_a_folder_that_cannot_be_used_is_named(schema: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RefusedError, match="--backup-dir"):
        take_backup(run_of(schema), root=tmp_path / "file")


def test_without_a_fitting_pg_dump_the_rows_are_copied(
    schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert programs.fitting(server_major=999) is None
    monkeypatch.setattr(programs, "fitting", lambda major: None)
    assert take_backup(run_of(schema), root=tmp_path).manifest.form == "copy"
    with pytest.raises(RefusedError, match="no pg_dump of PostgreSQL"):
        take_backup(run_of(schema), root=tmp_path, form="dump")


def test_a_user_who_may_not_create_databases_gets_a_copy(
    schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump, "able", lambda connection: False)
    assert take_backup(run_of(schema), root=tmp_path).manifest.form == "copy"
    with pytest.raises(RefusedError, match="--backup-form copy"):
        take_backup(run_of(schema), root=tmp_path, form="dump")


def test_the_password_is_in_the_environment_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Info:
        dsn, password = "host=here dbname=house sslcertmode=allow", "s3cret"

    class Connection:
        info = Info()

    seen: dict[str, Any] = {}
    monkeypatch.setattr(subprocess, "Popen", lambda words, **rest: seen.update(words=words, **rest))
    programs.start(Connection(), ["pg_dump", programs.address(Connection(), database="other")])  # type: ignore[arg-type]
    assert seen["words"] == ["pg_dump", "host=here dbname=other"]
    assert seen["env"]["PGPASSWORD"] == "s3cret"
    assert "s3cret" not in os.environ.values()
