"""The takeover's SQL, read from files; `{schema}` is filled in as in the engine's."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fullhouse.events.engine.sql_files import render

SQL_ROOT: Final = Path(__file__).resolve().parent / "sql"


def text(name: str) -> str:
    """Return one file, such as `read/10_units.sql`, with the schema filled in."""
    return render(SQL_ROOT / name)


def folder(name: str) -> list[str]:
    """Return the names of the files of a folder in the order in which they run."""
    return [f"{name}/{path.name}" for path in sorted((SQL_ROOT / name).glob("*.sql"))]
