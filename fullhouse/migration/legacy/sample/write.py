"""Writes a sample as a `dumpdata` file; the same sample gives the same bytes."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

from fullhouse.migration.legacy.reader import Item
from fullhouse.migration.legacy.sample.generate import Sample

_GZIP_LEVEL = 5


def write_file(items: Iterable[Item], path: Path) -> None:
    """Write rows to `path`, gzipped if it ends in `.gz`; the file appears whole or not at all.

    Raises `OSError` as the disk does.
    """
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with passing.open("wb") as file:
            if path.suffix == ".gz":
                # No name and no time in the header: they would change the bytes.
                with gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as packed:
                    _write(items, packed)
            else:
                _write(items, file)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)


def write_manifest(sample: Sample, path: Path) -> None:
    """Write what was asked for and what was put in; `sample` must have been iterated."""
    manifest = {
        "seats": sample.seats,
        "dirty": sample.dirty,
        "seed": sample.seed,
        "sha256": sample.sha256,
        "rows": dict(sample.rows),
        "dirt": sample.dirt,
    }
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write(items: Iterable[Item], file: io.BufferedWriter | gzip.GzipFile) -> None:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    before = "[\n"
    for item in items:
        row = {"model": item.model, "pk": item.pk, "fields": item.fields}
        file.write(f"{before}{encode(row)}".encode())
        before = ",\n"
    file.write(b"\n]\n")
