"""What ends a load: a broken structure, a repeated key. Each says its line and leaves nothing."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fullhouse.migration.legacy import reader
from fullhouse.migration.legacy.loader import load_file
from fullhouse.migration.legacy.refusals import FileRefusedError

from .conftest import WriteDump, key, row, schemas

Database = psycopg.Connection[Any]
SEAT = json.dumps(row("events.seat", key(1), status="sold"))

BROKEN = {
    "empty": (b"", 1, "empty"),
    "only white space": (b"\n\n  \n", 4, "empty"),
    "an object": (b'{"model": 1}', 1, "not a list"),
    "a web page": (b"\n<html></html>", 2, "not a list"),
    "cut in a row": (f"[\n{SEAT},\n{SEAT[:40]}".encode(), 3, "truncated"),
    "cut in a text": (f'[\n{SEAT},\n{{"model": "ev'.encode(), 3, "truncated"),
    "cut after a row": (f"[\n{SEAT}\n".encode(), 3, "truncated"),
    "cut after a comma": (f"[\n{SEAT},\n".encode(), 3, "truncated"),
    "no comma": (f"[\n{SEAT}\n{SEAT}]".encode(), 3, "comma is missing"),
    "a comma too many": (f"[\n{SEAT},\n\n]".encode(), 4, "row is missing"),
    "broken inside a row": (
        f'[\n{SEAT},\n{{"model":\n oops}}{" " * 100}]'.encode(),
        4,
        "broken JSON",
    ),
    "broken at the end": (f'[\n{SEAT},\n{{"model":\n oops}}'.encode(), 4, "broken JSON"),
    "a bare value": (f"[\n{SEAT},\n17]".encode(), 3, "not a JSON object"),
    "no model": (b'[\n{"pk": 1, "fields": {}}]', 2, "`model`"),
    "no fields": (b'[\n\n{"model": "events.seat", "pk": 1}]', 3, "`fields`"),
    "fields no object": (b'[{"model": "events.seat", "fields": []}]', 1, "`fields`"),
    "text after the end": (f"[{SEAT}]\n\n[]".encode(), 3, "after the end"),
    "not UTF-8": (f"[\n{SEAT},\n".encode() + b'{"model": "\xff\xfe"}]', 1, "UTF-8"),
    "nested without end": (f'[{SEAT},\n{{"a": {"[" * 200_000}'.encode(), 2, "nested too deeply"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_its_line_and_leaves_nothing(
    database: Database, schema: str, tmp_path: Path, case: str
) -> None:
    data, line, reason = BROKEN[case]
    path = tmp_path / "dump.json"
    path.write_bytes(data)

    with pytest.raises(FileRefusedError, match=f"^line {line}: .*{reason}") as refusal:
        load_file(database, path=path, schema=schema)

    assert refusal.value.line == line
    assert refusal.value.persian
    assert schemas(database, schema) == []


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda data: data[: len(data) // 2], "truncated"),
        (lambda data: data[:-4], "truncated"),
        (lambda data: data[:-8] + b"\0\0\0\0" + data[-4:], "damaged"),
        (lambda data: data[:200] + b"\0" * 50 + data[250:], "damaged"),
        (lambda data: data + b"more", "damaged"),
    ],
    ids=["half", "no trailer", "wrong checksum", "overwritten", "more after it"],
)
def test_a_damaged_gzip_file_is_refused(
    database: Database,
    schema: str,
    sample_file: Callable[..., Path],
    harm: Callable[[bytes], bytes],
    reason: str,
) -> None:
    path = sample_file(name="sample.json.gz")
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(FileRefusedError, match=reason):
        load_file(database, path=path, schema=schema)
    assert schemas(database, schema) == []


def test_a_late_break_takes_back_the_rows_before_it(
    database: Database, schema: str, tmp_path: Path
) -> None:
    rows = [row("events.seat", key(at), status="sold") for at in range(12_000)]
    lines = [f"{json.dumps(each)},\n" for each in rows]
    path = tmp_path / "dump.json.gz"
    path.write_bytes(gzip.compress(f"[\n{''.join(lines)}oops".encode()))
    with pytest.raises(FileRefusedError) as refusal:
        load_file(database, path=path, schema=schema)
    assert refusal.value.line == 12_002
    assert schemas(database, schema) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [(key(3), key(3)), (f"{key(3)[:-3]}abc", f"{key(3)[:-3]}ABC")],
    ids=["the same", "in other letters"],
)
def test_a_repeated_primary_key_is_refused_with_the_second_line(
    database: Database, schema: str, write_dump: WriteDump, first: str, second: str
) -> None:
    path = write_dump(
        row("events.seat", key(1)),
        row("events.seat", first),
        row("events.venue", first),
        row("events.seat", key(4)),
        row("events.seat", second),
        row("events.seat", key(5)),
    )
    with pytest.raises(FileRefusedError, match="second time") as refusal:
        load_file(database, path=path, schema=schema)
    assert refusal.value.line == 6
    assert schemas(database, schema) == []


def test_a_row_without_end_is_refused_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch, database: Database, schema: str, tmp_path: Path
) -> None:
    monkeypatch.setattr(reader, "LARGEST_ITEM_CHARACTERS", 1 << 16)
    path = tmp_path / "dump.json"
    path.write_text(f'[\n{SEAT},\n{{"model": "{"x" * (1 << 23)}"}}]')
    with pytest.raises(FileRefusedError, match="line 3: no end of this row"):
        load_file(database, path=path, schema=schema)
    assert schemas(database, schema) == []
