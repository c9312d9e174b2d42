"""Reads a source: a TOML file, or a preset by name."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fullhouse.migration.source.canonical import CANONICAL, MAY_BE_ABSENT, REQUIRED
from fullhouse.migration.source.layout import Source, SourceError, Translation, Value, View
from fullhouse.migration.source.read_reverse import read_reverse
from fullhouse.migration.source.values import identifier, meant, read_value

__all__ = ["PRESETS", "Source", "SourceError", "Translation", "View", "load", "read"]

PRESETS: Final = Path(__file__).resolve().parent / "presets"
_TRANSLATION_KEYS: Final = frozenset({"table", "key", "language", "text", "gives"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file and where, in English and in Persian."""

    en: str
    fa: str


@dataclass(slots=True)
class Reading:
    """A file as it was understood, and every problem in it; it can be used if there are none."""

    source: Source | None = None
    problems: list[Problem] = field(default_factory=list)

    def report(self, en: str, fa: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(en, fa))


def load(name_or_path: str) -> Source:
    """Return the preset of that name, else the source in that file.

    Raises SourceError when there is none or it does not describe the canonical views.
    """
    path, text = _text(name_or_path)
    reading = _read(path, text)
    if reading.source is None or reading.problems:
        first, more = reading.problems[0], len(reading.problems) - 1
        command = "fullhouse capacity_migration source check"
        raise SourceError(
            first.en + (f" And {more} more: {command}." if more else ""),
            first.fa + (f" و {more} مورد دیگر: {command}" if more else ""),
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
        raise SourceError(
            f"No source {name_or_path!r}: name a preset ({known}) or a .toml file.",
            f"مبدأ {name_or_path!r} نیست: نام یکی از آماده‌ها ({known}) یا پروندهٔ .toml را بدهید.",
        )
    try:
        return path, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path.name} cannot be read: {error}", f"{path.name} خوانده نمی‌شود: {error}"
        ) from error


def _read(path: Path, text: str) -> Reading:
    reading = Reading()
    report = reading.report
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        report(f"{path.name} is not TOML: {error}.", f"{path.name} از نوع TOML نیست: {error}.")
        return reading
    name = data.pop("name", path.stem)
    if not isinstance(name, str) or not 0 < len(name) <= 50:
        report("name: a text of 1 to 50 characters.", "name: متنی ۱ تا ۵۰ نویسه.")
    reverse = read_reverse(data.pop("reverse", None), report)
    for unknown in sorted(data.keys() - CANONICAL.keys()):
        near, known = meant(unknown, CANONICAL), ", ".join(CANONICAL)
        report(
            f"[{unknown}] is no canonical view; use {known}{near[0]}",
            f"[{unknown}] نمای شناخته‌ای نیست؛ یکی از این‌ها: {known}{near[1]}",
        )
    views = {view: _view(view, data[view], reading) for view in CANONICAL if view in data}
    for missing in sorted(CANONICAL.keys() - views.keys() - MAY_BE_ABSENT):
        report(f"the view [{missing}] is missing.", f"نمای [{missing}] نیست.")
    reading.source = Source(name=str(name), views=views, text=text, reverse=reverse)
    return reading


def _view(name: str, data: Any, reading: Reading) -> View:
    where, report = f"[{name}]", reading.report
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
        report(f"{where} needs a table and columns.", f"{where} به table و columns نیاز دارد.")
        return View(name, "", {})
    for unknown in sorted(data.keys() - {"table", "columns", "translation"}):
        near = meant(unknown, ("table", "columns", "translation"))
        report(
            f"{where} has an unknown entry {unknown!r}{near[0]}",
            f"{where} چیزی ناشناخته دارد: {unknown!r}{near[1]}",
        )
    values = {}
    for column, given in data["columns"].items():
        if column in CANONICAL[name]:
            at = f"{where} columns.{column}"
            values[column] = read_value(at, name, column, given, report)
        else:
            near = meant(column, CANONICAL[name])
            known = ", ".join(CANONICAL[name])
            report(
                f"{where} columns.{column} is no canonical column; use {known}{near[0]}",
                f"{where} columns.{column} ستون شناخته‌ای نیست؛ یکی از این‌ها: {known}{near[1]}",
            )
    for missing in sorted(REQUIRED[name] - values.keys()):
        report(
            f"{where} must give the column {missing!r}.", f"{where} باید ستون {missing!r} را بدهد."
        )
    translation = _translation(where, name, data.get("translation"), reading)
    if translation and not values.get("id", Value("column")).column:
        report(
            f"{where} translation needs the column 'id'.", f"{where} translation به 'id' نیاز دارد."
        )
    return View(
        name=name,
        table=identifier(f"{where} table", data.get("table"), report),
        values=values,
        translation=translation,
    )


def _translation(where: str, view: str, data: Any, reading: Reading) -> Translation | None:
    report = reading.report
    if data is None:
        return None
    if not isinstance(data, dict) or data.keys() != _TRANSLATION_KEYS:
        known = ", ".join(sorted(_TRANSLATION_KEYS))
        report(
            f"{where} translation needs exactly {known}.",
            f"{where} translation درست این‌ها را می‌خواهد: {known}.",
        )
        return None
    if CANONICAL[view].get(str(data["gives"])) != "text":
        report(
            f"{where} translation.gives must be a text column of the view.",
            f"{where} translation.gives باید ستونی متنی از این نما باشد.",
        )
        return None
    return Translation(
        **{
            key: identifier(f"{where} translation.{key}", value, report)
            for key, value in data.items()
        }
    )
