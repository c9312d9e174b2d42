"""Stories: every move of places has a sentence, in both languages, with who, what and why."""

import re
from datetime import UTC, datetime
from itertools import product

import pytest

from fullhouse.events.domain.stories import Entry, earlier, ending, told

AT = datetime(2027, 3, 1, 10, 0, 3, 120_000, tzinfo=UTC)
STATES = (None, "available", "reserved", "sold")


@pytest.mark.parametrize(
    ("before", "after"),
    [(a, b) for a, b in product(STATES, STATES) if a != b],
)
def test_every_move_has_a_sentence(before: str | None, after: str | None) -> None:
    entry = Entry(at=AT, operation="never heard of", from_state=before, to_state=after, places=3)
    english, persian = told(entry), told(entry, "fa-IR")
    assert "3 places were" in english
    assert "never heard of" in english
    assert "۳ جا" in persian
    assert english.endswith(".")
    assert not english.endswith("..")


def test_who_what_and_why() -> None:
    entry = Entry(
        at=AT,
        operation="refund",
        from_state="sold",
        to_state="available",
        places=2,
        seats=("A-1", "A-2"),
        reference="R7",
        actor="desk",
        reason="ill.",
    )
    assert told(entry) == (
        "2027-03-01 10:00:03.120: 2 places were taken back, free again (seats A-1, A-2)"
        " — a refund, reservation R7, by desk. Reason: ill."
    )
    persian = told(entry, "fa")
    assert re.search("بازپرداخت.*رزرو R7.*desk.*دلیل: ill", persian)
    assert "A-1، A-2" in persian


def test_a_note_tells_its_plain_facts() -> None:
    entry = Entry(
        at=AT, operation="extend", facts={"seconds": 60, "lines": [1], "late": True}, actor="web"
    )
    assert told(entry) == ("2027-03-01 10:00:03.120: more time for the hold (seconds 60), by web.")
    assert "تمدید" in told(entry, "fa")


def test_the_end_and_what_is_left_out() -> None:
    assert (ending("sold"), earlier(7)) == (
        "Now: sold.",
        "7 earlier entries (see more with --last).",
    )
    assert "فروخته‌شده" in ending("sold", "fa")
    assert "۷" in earlier(7, "fa")
