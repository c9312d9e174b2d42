"""Reads a source: a TOML file, or a preset by name."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fullhouse.migration.source.canonical import CANONICAL, MAY_BE_ABSENT, REQUIRED
from fullhouse.migration.source.layout import Source, SourceError, Translation, Value, View
from fullhouse.migration.source.values import identifier, meant, read_value

__all__ = ["PRESETS", "Source", "SourceError", "Translation", "View", "load", "read"]

PRESETS: Final = Path(__file__).resolve().parent / "presets"
_TRANSLATION_KEYS: Final = frozenset({"table", "key", "language", "text", "gives"})


@dataclass(slots=True)
class Reading:
    """A file as it was understood, and every problem in it; it can be used if there are none."""

    source: Source | None = None
    problems: list[str] = field(default_factory=list)


def load(name_or_path: str) -> Source:
    """Return the preset of that name, else the source in that file.

    Raises SourceError when there is none or it does not describe the canonical views.
    """
    path, text = _text(name_or_path)
    reading = _read(path, text)
    if reading.source is None or reading.problems:
        more = len(reading.problems) - 1
        raise SourceError(
            f"{path.name}: {reading.problems[0]}"
            + (f" And {more} more: fullhouse capacity_migration source check." if more else "")
        )
    return reading.source


def read(name_or_path: str) -> Reading:
    """Return the same with all its problems. Raises SourceError if there is no such text."""
    return _read(*_text(name_or_path))


def _text(name_or_path: str) -> tuple[Path, str]:
    path = PRESETS / f"{name_or_path}.toml"
    if not re.fullmatch(r"[a-z0-9_-]+", name_or_path) or not path.is_file():
        path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(sorted(preset.stem for preset in PRESETS.glob("*.toml")))
        raise SourceError(f"No source {name_or_path!r}: name a preset ({known}) or a .toml file.")
    try:
        return path, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name} cannot be read: {error}") from error


def _read(path: Path, text: str) -> Reading:
    reading = Reading()
    report = reading.problems.append
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        report(f"this is not TOML: {error}.")
        return reading
    name = data.pop("name", path.stem)
    if not isinstance(name, str) or not 0 < len(name) <= 50:
        report("name: a text of 1 to 50 characters.")
    for unknown in sorted(data.keys() - CANONICAL.keys()):
        near = meant(unknown, CANONICAL)
        report(f"[{unknown}] is no canonical view; use {', '.join(CANONICAL)}{near}")
    views = {view: _view(view, data[view], reading) for view in CANONICAL if view in data}
    for missing in sorted(CANONICAL.keys() - views.keys() - MAY_BE_ABSENT):
        report(f"the view [{missing}] is missing.")
    reading.source = Source(name=str(name), views=views, text=text)
    return reading


def _view(name: str, data: Any, reading: Reading) -> View:
    where, report = f"[{name}]", reading.problems.append
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
        report(f"{where} needs a table and columns.")
        return View(name, "", {})
    for unknown in sorted(data.keys() - {"table", "columns", "translation"}):
        near = meant(unknown, ("table", "columns", "translation"))
        report(f"{where} has an unknown entry {unknown!r}{near}")
    values = {}
    for column, given in data["columns"].items():
        if column in CANONICAL[name]:
            at = f"{where} columns.{column}"
            values[column] = read_value(at, name, column, given, report)
        else:
            near = meant(column, CANONICAL[name])
            known = ", ".join(CANONICAL[name])
            report(f"{where} columns.{column} is no canonical column; use {known}{near}")
    for missing in sorted(REQUIRED[name] - values.keys()):
        report(f"{where} must give the column {missing!r}.")
    translation = _translation(where, name, data.get("translation"), reading)
    if translation and not values.get("id", Value("column")).column:
        report(f"{where} translation needs the column 'id'.")
    return View(
        name=name,
        table=identifier(f"{where} table", data.get("table"), report),
        values=values,
        translation=translation,
    )


def _translation(where: str, view: str, data: Any, reading: Reading) -> Translation | None:
    report = reading.problems.append
    if data is None:
        return None
    if not isinstance(data, dict) or data.keys() != _TRANSLATION_KEYS:
        report(f"{where} translation needs exactly {', '.join(sorted(_TRANSLATION_KEYS))}.")
        return None
    if CANONICAL[view].get(data["gives"]) != "text":
        report(f"{where} translation.gives must be a text column of the view.")
        return None
    return Translation(
        **{
            key: identifier(f"{where} translation.{key}", value, report)
            for key, value in data.items()
        }
    )
