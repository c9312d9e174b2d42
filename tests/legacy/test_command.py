"""`fullhouse legacy`: exit codes, JSON on stdout, messages in both languages."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from .conftest import WriteDump, key, row


def legacy(*arguments: object) -> str:
    out = io.StringIO()
    call_command("legacy", *(str(each) for each in arguments), stdout=out)
    return out.getvalue()


def test_load_prints_json_only(
    db_committed: None, schema: str, sample_file: Callable[..., Path]
) -> None:
    first = json.loads(legacy("load", sample_file(), "--schema", schema, "--json"))
    assert first["schema"] == schema
    assert first["tables"]["events_seat"] == 300
    assert not first["already_loaded"]
    again = json.loads(legacy("load", sample_file(), "--schema", schema, "--json"))
    assert again["already_loaded"]
    assert (again["tables"], again["sha256"]) == (first["tables"], first["sha256"])


def test_load_tells_what_it_left_out(
    db_committed: None, schema: str, write_dump: WriteDump
) -> None:
    path = write_dump(row("cart.order", 1), row("events.seat", key(1), price="much", view="side"))
    told = legacy("load", path, "--schema", schema)
    assert "skipped: 1 rows of cart.order" in told
    assert "not kept: field events.seat.view of 1 rows" in told
    assert f"rejected: 1 values; see {schema}.load_rejects" in told


@pytest.mark.parametrize(
    ("text", "name", "code", "message"),
    [
        ("[", "{schema}", 4, "dump.json, line 1: "),
        ("[]", "public", 2, "'public' is not for legacy data"),
        (None, "{schema}", 2, "No such file"),
    ],
)
def test_refusals_have_their_exit_code(
    db_committed: None,
    schema: str,
    tmp_path: Path,
    text: str | None,
    name: str,
    code: int,
    message: str,
) -> None:
    path = tmp_path / "dump.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CommandError, match=message) as error:
        legacy("load", path, "--schema", name.format(schema=schema))
    assert error.value.returncode == code


def test_a_schema_that_is_taken_ends_with_3(
    db_committed: None, schema: str, write_dump: WriteDump
) -> None:
    legacy("load", write_dump(row("events.seat", key(1))), "--schema", schema)
    other = write_dump(row("events.seat", key(2)))
    with pytest.raises(CommandError, match="--replace") as error:
        legacy("load", other, "--schema", schema)
    assert error.value.returncode == 3
    assert "Loaded" in legacy("load", other, "--schema", schema, "--replace")


def test_sample_to_a_file_and_to_a_schema_are_the_same_rows(
    db_committed: None, schema: str, tmp_path: Path
) -> None:
    path, manifest = tmp_path / "a.json.gz", tmp_path / "a.manifest.json"
    asked = ("sample", "--seats", 250, "--dirty", 1, "--seed", 3, "--json")
    written = json.loads(legacy(*asked, "--output", path, "--manifest", manifest))
    straight = json.loads(legacy(*asked, "--schema", schema))
    loaded = json.loads(legacy("load", path, "--schema", f"{schema}_file", "--json"))
    assert written["rows"] == straight["rows"]
    assert straight["tables"] == loaded["tables"]
    assert written["dirt"] == straight["dirt"] == json.loads(manifest.read_text())["dirt"]


def test_the_manifest_is_whole_when_the_sample_was_there_already(
    db_committed: None, schema: str, tmp_path: Path
) -> None:
    asked = ("sample", "--seats", 60, "--schema", schema, "--manifest")
    legacy(*asked, tmp_path / "first.json")
    legacy(*asked, tmp_path / "again.json")
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "again.json").read_bytes()


@pytest.mark.parametrize("wrong", [("--seats", 0), ("--seats", "many"), ("--dirty", 2)])
def test_impossible_samples_are_a_usage_error(wrong: tuple[str, object]) -> None:
    with pytest.raises(CommandError):
        legacy("sample", "--seats", 10, "--output", "never.json", *wrong)
