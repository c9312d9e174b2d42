"""Reads a decisions file and says exactly which item of it cannot be used.

    {"split": "pool" | "equal",
     "decisions": [{"kind": "...", "performance": "...", "decision": "..."}],
     "performances": {"<performance>": {"sections": [
        {"name": "...", "total_capacity": 400, "base_price": "100.00",
         "ticket_types": [{"ticket_type": "...", "allocated_capacity": 400, "price_modifier": 1}],
         "legacy_sections": ["A", "B"]}]}}}

A performance is named by its id or as `event-slug date` with an optional time; a ticket type by
its name or id. Places that a section has beyond its types are its pool.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.names import name_key
from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.kinds import KINDS
from fullhouse.migration.session import Session

_PLACES: Final = 99_999_999
_SECTION: Final = {"name", "total_capacity", "base_price", "ticket_types", "legacy_sections"}
_TYPE: Final = {"ticket_type", "allocated_capacity", "price_modifier"}


@dataclass(frozen=True, slots=True)
class Decisions:
    """A file as read: performances by id, answers, and the split if it names one."""

    performances: dict[str, Any]
    answers: list[dict[str, str]]
    split: str | None


class _Item:
    """A value in the file that knows where it stands, so that a refusal can say so."""

    def __init__(self, file: str, path: str, value: Any) -> None:
        self.file, self.path, self.value = file, path, value

    def refuse(self, english: str, persian: str) -> UsageError:
        return UsageError(
            f"{self.file}: {self.path}: {english}",
            f"{self.file}: {self.path}: {persian}",
            file=self.file,
            item=self.path,
        )

    def at(self, key: str | int, default: Any = None) -> _Item:
        if isinstance(key, int):
            return _Item(self.file, f"{self.path}[{key}]", self.value[key])
        path = f"{self.path}.{key}" if self.path != "$" else key
        return _Item(self.file, path, self.value.get(key, default))

    def object(self, allowed: set[str] | None = None) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.refuse("an object is expected.", "باید یک شیء باشد.")
        if allowed is not None and (unknown := sorted(set(self.value) - allowed)):
            names = ", ".join(sorted(allowed))
            raise self.at(unknown[0]).refuse(
                f"unknown; known are {names}.", f"ناشناخته است؛ شناخته‌ها: {names}."
            )
        return self.value

    def items(self) -> list[_Item]:
        if not isinstance(self.value, list):
            raise self.refuse("a list is expected.", "باید یک فهرست باشد.")
        return [self.at(index) for index in range(len(self.value))]

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("a text is expected.", "باید یک متن باشد.")
        return self.value.strip()

    def places(self) -> int:
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _PLACES:
            raise self.refuse(
                f"a number of places from 0 to {_PLACES:,} is expected.",
                f"شمار جاها از ۰ تا {_PLACES:,} باید باشد.",
            )
        return value

    def amount(self, limit: str) -> str:
        try:
            value = Decimal(str(self.value))
        except InvalidOperation:
            value = Decimal(-1)
        if isinstance(self.value, bool) or not value.is_finite() or not 0 <= value < Decimal(limit):
            raise self.refuse(
                f"a number from 0 to below {limit} is expected.",
                f"عددی از ۰ تا کمتر از {limit} باید باشد.",
            )
        return str(value)


def read_file(path: Path, session: Session) -> Decisions:
    """Return what a file decides; raises UsageError with the path of the item that is wrong."""
    root = _Item(path.name, "$", _parsed(path))
    said = root.object({"split", "decisions", "performances"})
    split = None
    if "split" in said:
        split = root.at("split").text()
        if split not in ("pool", "equal"):
            raise root.at("split").refuse("must be pool or equal.", "باید pool یا equal باشد.")
    answers = [_answer(item, session) for item in root.at("decisions", []).items()]
    performances: dict[str, Any] = {}
    laid_down = root.at("performances", {})
    for name in laid_down.object():
        item = laid_down.at(name)
        key, event = _performance(item, name, session)
        if key in performances:
            raise item.refuse("this performance is named twice.", "این اجرا دو بار آمده است.")
        performances[key] = _sections(item, _types(session, event))
    return Decisions(performances, answers, split)


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise UsageError(
            f"The decisions file {path} cannot be read: {error.strerror}.",
            f"پروندهٔ تصمیم‌ها {path} خوانده نشد: {error.strerror}.",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"{path.name} is not JSON: {error}.", f"{path.name} جِیسان نیست: {error}."
        ) from error


def _answer(item: _Item, session: Session) -> dict[str, str]:
    item.object({"kind", "performance", "decision"})
    kind = KINDS.get(item.at("kind").text())
    if kind is None:
        raise item.at("kind").refuse(
            f"no such kind; known are {', '.join(KINDS)}.",
            f"چنین گونه‌ای نیست؛ شناخته‌ها: {'، '.join(KINDS)}.",
        )
    decision = item.at("decision").text()
    if decision not in (kind.proposal, "accept"):
        raise item.at("decision").refuse(
            f"must be {kind.proposal!r} (or 'accept').",
            f"باید {kind.proposal!r} (یا 'accept') باشد.",
        )
    answer = {"kind": kind.name, "decision": kind.proposal}
    if item.value.get("performance") is not None:
        at = item.at("performance")
        answer["performance"] = _performance(at, at.text(), session)[0]
    return answer


def _performance(item: _Item, name: str, session: Session) -> tuple[str, str]:
    """Return the keys of the performance and of its event."""
    parts = name.strip().split(" ")
    key = _uuid(name)
    session.cursor.execute(
        "SELECT p.id::text, e.id::text FROM src_performance AS p"
        " JOIN m_event AS e ON e.id = coalesce(p.event_id, pg_temp.m_id(p.id, 'event'))"
        " WHERE p.id = %s OR (e.slug = %s AND p.date::text = %s"
        " AND (%s = '' OR to_char(p.start_time, 'HH24:MI') = %s)) ORDER BY p.id",
        [key, parts[0], parts[1] if len(parts) > 1 else "", *[" ".join(parts[2:])] * 2],
    )
    found = session.cursor.fetchall()
    if len(found) != 1:
        raise item.refuse(
            f"{len(found) or 'no'} performances are called so; name one by its id or as "
            "'event-slug YYYY-MM-DD HH:MM'.",
            f"{len(found)} اجرا به این نام هست؛ شناسه یا 'event-slug YYYY-MM-DD HH:MM' بدهید.",
        )
    return str(found[0][0]), str(found[0][1])


def _types(session: Session, event: str) -> dict[str, str]:
    """Return the event's ticket types: id and name key -> id."""
    session.cursor.execute(
        "SELECT id::text, name_key FROM m_type WHERE event_id = %s ORDER BY is_active, id DESC",
        [event],
    )
    found = session.cursor.fetchall()
    return {str(key): str(key) for key, _ in found} | {str(name): str(key) for key, name in found}


def _sections(item: _Item, types: dict[str, str]) -> dict[str, Any]:
    item.object({"sections"})
    names: set[str] = set()
    labels: set[str] = set()
    sections = []
    for part in item.at("sections").items():
        section = _section(part, types)
        if name_key(section["name"]) in names:
            raise part.at("name").refuse("this section is there twice.", "این بخش دو بار آمده است.")
        names.add(name_key(section["name"]))
        for index, label in enumerate(section["legacy_sections"]):
            if name_key(label) in labels:
                raise (
                    part.at("legacy_sections")
                    .at(index)
                    .refuse("another section takes it already.", "بخش دیگری آن را گرفته است.")
                )
            labels.add(name_key(label))
        sections.append(section)
    return {"sections": sections}


def _section(item: _Item, types: dict[str, str]) -> dict[str, Any]:
    item.object(_SECTION)
    name = item.at("name").text()
    if len(name) > 100 or not name_key(name):
        raise item.at("name").refuse("1 to 100 characters.", "۱ تا ۱۰۰ نویسه.")
    total = item.at("total_capacity").places()
    parts = [_type(part, types) for part in item.at("ticket_types", []).items()]
    if len({part["ticket_type"] for part in parts}) < len(parts):
        raise item.at("ticket_types").refuse("a type is there twice.", "نوع بلیتی دو بار آمده است.")
    allocated = sum(part["allocated_capacity"] for part in parts)
    if allocated > total:
        raise item.at("ticket_types").refuse(
            f"its types have {allocated} places, the section has {total}.",
            f"انواع بلیت {allocated} جا دارند و بخش {total}.",
        )
    labels = item.at("legacy_sections", []).items()
    for label in labels:
        if not isinstance(label.value, str):
            raise label.refuse("a text is expected.", "باید یک متن باشد.")
    price = item.value.get("base_price")
    return {
        "name": name,
        "total_capacity": total,
        "base_price": None if price is None else item.at("base_price").amount("10000000000"),
        "ticket_types": parts,
        "legacy_sections": [label.value for label in labels],
    }


def _type(item: _Item, types: dict[str, str]) -> dict[str, Any]:
    item.object(_TYPE)
    said = item.at("ticket_type").text()
    key = types.get(str(_uuid(said))) or types.get(name_key(said))
    if key is None:
        raise item.at("ticket_type").refuse(
            f"the event has no ticket type {said!r}.", f"رویداد نوع بلیت {said!r} ندارد."
        )
    modifier = item.value.get("price_modifier")
    return {
        "ticket_type": key,
        "allocated_capacity": item.at("allocated_capacity").places(),
        "price_modifier": None if modifier is None else item.at("price_modifier").amount("1000000"),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
