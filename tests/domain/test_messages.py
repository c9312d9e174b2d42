"""Refusals in words: both languages, every code, and never an error of their own."""

import re
from pathlib import Path

import pytest

from fullhouse.events.domain.messages import codes, explain

SQL = Path(__file__).resolve().parents[2] / "fullhouse" / "events" / "engine" / "sql" / "functions"
GRANTED = {
    "granted", "confirmed", "released", "swept", "refunded", "extended",
    "answered", "invalid",  # a batch, and a request of it that raises where it is asked alone
    "exchanged", "given_up", "reseated", "transferred", "cancelled", "postponed", "resumed",
}  # fmt: skip
HOT = (
    "reserve",
    "confirm",
    "release",
    "extend",
    "longer_hold",
    "late_refusal",
    "retake",
    "expire",
    "refund",
    "lock_hold",
    "operation",
    "places_asked",
    "exchange",
    "reseat",
    "transfer",
    "cancel_performance",
    "postpone",
    "resume",
    "chosen_lines",
    "changeable",
    "closed_refusal",
    "customer_refusal",
)


def codes_in_sql() -> set[str]:
    """Return the outcomes that the hold verbs' functions can answer."""
    found: set[str] = set()
    for path in SQL.glob("*_v1.sql"):
        if path.name.startswith(HOT):
            found.update(re.findall(r"'outcome',\s*'(\w+)'", path.read_text("utf-8")))
    return found


def test_every_refusal_has_a_sentence() -> None:
    assert codes_in_sql() - GRANTED <= codes()
    assert {"sold_out", "seat_taken", "expired", "key_reused"} <= codes_in_sql()


@pytest.mark.parametrize("code", sorted(codes()))
def test_both_languages_say_the_same_facts(code: str) -> None:
    english, persian = explain(code, {}, "en"), explain(code, {}, "fa-IR")
    assert english.isascii() or "–" in english
    assert re.search("[آ-ی]", persian)
    assert english.count("–") == persian.count("–")


def test_the_numbers_are_in_the_sentence() -> None:
    said = explain("sold_out", {"wanted": 4, "left": 1})
    assert "4 wanted, 1 left" in said
    assert "R1-2، R1-3" in explain("seat_taken", {"seats": ["R1-2", "R1-3"]}, "fa")


def test_an_unknown_code_is_still_a_sentence() -> None:
    assert explain("never_heard_of", {}) == "Refused: never_heard_of."
