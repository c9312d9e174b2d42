"""Reads how a canonical column comes about: the right-hand sides of a source's `columns`.

Names only, never SQL: each is checked here and quoted later. Problems are collected, so that one
look at a file tells all of them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from fullhouse.migration.source.canonical import CANONICAL, ENTRIES, STATUSES
from fullhouse.migration.source.layout import Elsewhere, Value, Word

# Anything that PostgreSQL can hold in quotes, but no quote, control or path character.
_IDENTIFIER: Final = re.compile(r"[^\W\d][\w$ ]{0,62}")
_ZONE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")
_ELSEWHERE: Final = frozenset({"from", "match", "only"})
#: The word that says which form a table is, and what else it may have.
_FORMS: Final[dict[str, frozenset[str]]] = {
    "column": frozenset({"values", "other", "divide", "zone"}) | _ELSEWHERE,
    "key": _ELSEWHERE,
    "constant": frozenset(),
    "absent": frozenset(),
    "sum": frozenset({"per"}) | _ELSEWHERE,
    "list": frozenset({"order"}) | _ELSEWHERE,
}
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "integer": (int,),
    "numeric": (int, float),
}

#: Takes a problem, in English and in Persian.
Report = Callable[[str, str], None]


def meant(word: str, known: Iterable[str]) -> tuple[str, str]:
    """Return `; did you mean ...?` for a word that is nearly a known one, else nothing."""
    near = difflib.get_close_matches(word, sorted(known), n=2, cutoff=0.6)
    if not near:
        return "", ""
    return f"; did you mean {' or '.join(near)}?", f"؛ شاید {' یا '.join(near)}؟"


def _unknown(where: str, word: str, known: Iterable[str], report: Report) -> None:
    near = meant(word, known)
    report(
        f"{where}: unknown entry {word!r}{near[0]}",
        f"{where}: {word!r} شناخته نیست{near[1]}",
    )


def identifier(where: str, value: Any, report: Report) -> str:
    """Return a name of a table or column; reports one that is not plain."""
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        report(
            f"{where}: {value!r} is not a plain name of a table or column.",
            f"{where}: {value!r} نام سادهٔ جدول یا ستون نیست.",
        )
        return ""
    return value


def read_value(where: str, view: str, column: str, data: Any, report: Report) -> Value:
    """Return how `view.column` comes about; whatever is wrong is reported."""
    if isinstance(data, str):
        return Value("column", identifier(where, data, report))
    forms = [form for form in _FORMS if isinstance(data, dict) and form in data]
    if len(forms) != 1:
        known = ", ".join(_FORMS)
        report(
            f"{where}: give a column's name, or one of {known}.",
            f"{where}: نام ستون یا یکی از این‌ها را بدهید: {known}.",
        )
        return Value("constant")
    form = forms[0]
    for unknown in sorted(data.keys() - _FORMS[form] - {form}):
        _unknown(f"{where} ({form})", unknown, _FORMS[form], report)
    if not _fits(form, view, column):
        kind = CANONICAL[view][column]
        report(
            f"{where}: {form!r} cannot give a column of type {kind}.",
            f"{where}: {form!r} ستونی از نوع {kind} نمی‌دهد.",
        )
    elsewhere = _elsewhere(where, data, report)
    if form in ("sum", "list") and elsewhere is None:
        report(
            f"{where}: {form!r} needs `from` and `match`: which rows are meant.",
            f"{where}: {form!r} به `from` و `match` نیاز دارد: کدام ردیف‌ها؟",
        )
    if form == "constant":
        return Value(form, constant=_word(where, view, column, data[form], report))
    if form == "list":
        return _list(where, column, data, elsewhere, report)
    return Value(
        form,
        identifier(f"{where}.{form}", data[form], report),
        words=_words(where, view, column, data.get("values"), report),
        other=_word(where, view, column, data["other"], report) if "other" in data else None,
        divide=_divide(where, view, column, data.get("divide"), report),
        zone=_zone(where, view, column, data.get("zone"), report),
        per=_per(where, column, data.get("per"), report),
        elsewhere=elsewhere,
    )


def _fits(form: str, view: str, column: str) -> bool:
    """Tell whether a form can give a column."""
    kind = CANONICAL[view][column]
    allowed = {
        "key": kind == "uuid",
        "absent": kind == "boolean",
        "sum": kind in ("integer", "numeric") or column == "ticket_capacities",
        "list": column in ENTRIES,
        "constant": kind != "uuid",
    }
    return allowed.get(form, True)


def _list(
    where: str, column: str, data: dict[str, Any], elsewhere: Elsewhere | None, report: Report
) -> Value:
    given, known = data["list"], ENTRIES.get(column, frozenset())
    if not isinstance(given, dict) or not given:
        names = ", ".join(sorted(known))
        report(
            f"{where}.list: name the entries of a row: {names}.",
            f"{where}.list: خانه‌های هر ردیف را نام ببرید: {names}.",
        )
        given = {}
    entries = {}
    for name, inner in given.items():
        if name not in known:
            _unknown(f"{where}.list", name, known, report)
        entries[name] = _inner(f"{where}.list.{name}", inner, report)
    order = identifier(f"{where}.order", data.get("order"), report)
    return Value("list", entries=entries, order=order, elsewhere=elsewhere)


def _per(where: str, column: str, data: Any, report: Report) -> Value | None:
    if (data is not None) != (column == "ticket_capacities"):
        report(
            f"{where}: `per` is for the document ticket_capacities, and needed there.",
            f"{where}: `per` برای سند ticket_capacities است و آنجا لازم است.",
        )
    return None if data is None else _inner(f"{where}.per", data, report)


def _inner(where: str, data: Any, report: Report) -> Value:
    """Return a value in a document: a column, or a key."""
    if isinstance(data, dict) and data.keys() == {"key"}:
        return Value("key", identifier(where, data["key"], report))
    return Value("column", identifier(where, data, report))


def _elsewhere(where: str, data: dict[str, Any], report: Report) -> Elsewhere | None:
    if not data.keys() & _ELSEWHERE:
        return None
    match = data.get("match")
    if not isinstance(match, dict) or not match or "from" not in data:
        report(
            f'{where}: `from` needs `match = {{ "its column" = "own column" }}`.',
            f'{where}: `from` به `match = {{ "ستون آن" = "ستون این" }}` نیاز دارد.',
        )
        match = {}
    only = data.get("only", {})
    if not isinstance(only, dict):
        report(
            f'{where}.only: write {{ column = ["word", "word"] }}.',
            f'{where}.only: بنویسید {{ column = ["word", "word"] }}.',
        )
        only = {}
    return Elsewhere(
        table=identifier(f"{where}.from", data.get("from"), report),
        match={
            identifier(f"{where}.match", theirs, report): identifier(f"{where}.match", own, report)
            for theirs, own in match.items()
        },
        only={
            identifier(f"{where}.only", name, report): tuple(
                _text(word) for word in (words if isinstance(words, list) else [words])
            )
            for name, words in only.items()
        },
    )


def _words(where: str, view: str, column: str, data: Any, report: Report) -> dict[str, Word]:
    if data is None:
        return {}
    if not isinstance(data, dict) or not data:
        report(
            f'{where}.values: write {{ "their word" = "ours" }}.',
            f'{where}.values: بنویسید {{ "واژهٔ شما" = "واژهٔ ما" }}.',
        )
        return {}
    at = f"{where}.values"
    return {
        their: word
        for their, ours in data.items()
        if (word := _word(f"{at}.{their}", view, column, ours, report)) is not None
    }


def _word(where: str, view: str, column: str, data: Any, report: Report) -> Word | None:
    """Return a word of ours for `view.column`; reports one that the column cannot hold."""
    kind = CANONICAL[view][column]
    kinds = _KINDS.get(kind, (str,))
    if type(data) not in kinds:
        report(f"{where}: {data!r} is no {kind}.", f"{where}: {data!r} از نوع {kind} نیست.")
        return None
    word: Word = data
    known = STATUSES.get(view, frozenset())
    if column == "status" and word not in known:
        names = ", ".join(sorted(known))
        report(
            f"{where}: {data!r} is no status of a {view}; use {names}.",
            f"{where}: {data!r} وضعیت {view} نیست؛ یکی از این‌ها: {names}.",
        )
        return None
    return word


def _divide(where: str, view: str, column: str, data: Any, report: Report) -> int:
    if data is None:
        return 0
    if CANONICAL[view][column] != "numeric" or type(data) is not int or data < 1:
        report(
            f"{where}.divide: a whole number from 1, for an amount (100: cents).",
            f"{where}.divide: عددی درست از ۱، برای مبلغ (100 یعنی سنت).",
        )
        return 0
    return data


def _zone(where: str, view: str, column: str, data: Any, report: Report) -> str:
    if data is None:
        return ""
    timed = CANONICAL[view][column] in ("date", "time", "timestamptz")
    if not timed or not isinstance(data, str) or not _ZONE.fullmatch(data):
        report(
            f"{where}.zone: the name of a time zone, such as Asia/Tehran, for a date or time.",
            f"{where}.zone: نام منطقهٔ زمانی، مانند Asia/Tehran، برای تاریخ یا ساعت.",
        )
        return ""
    return data


def _text(word: Any) -> str:
    return str(word).lower() if isinstance(word, bool) else str(word)
