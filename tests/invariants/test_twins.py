"""The SQL functions and their Python twins agree, on an alphabet that likes to differ."""

from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from fullhouse.events.domain.names import name_key, seat_key
from fullhouse.events.domain.pricing import final_price

pytestmark = pytest.mark.usefixtures("db_committed")

# Persian and Arabic letters that look alike, both kinds of digits, invisible characters, every kind
# of space, full-width and composed forms, letters whose case folds oddly, punctuation.
ALPHABET = (
    "يىیكکهةۀآأاپچژگ۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩0123456789"
    "\u200c\u200f\u200e\u00a0\u2003\u202f\u3000\u2028 \t\n\r\x0b\x0c\x85"
    "ABCabcÄäÖößẞςσΣÉéÇçÑñＡＢａｂ１２ﬁﬀ①Ⅳ㎏½ｶ\u0301\u0308ÅÅ"
    ".-_/٫٬،؛!?'\"«»ـًّ"
)
labels = st.text(alphabet=ALPHABET, max_size=12)


def sql(expression: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", values)
        (value,) = cursor.fetchone()
    return value


@given(label=labels)
def test_name_key(label: str) -> None:
    assert sql("name_key(%s)", label) == name_key(label)


@given(label=labels)
def test_seat_key(label: str) -> None:
    assert sql("seat_key(%s)", label) == seat_key(label)


@given(
    base=st.decimals(0, 10**9, places=2),
    modifier=st.decimals(0, 1000, places=6),
    currency=st.sampled_from(["USD", "EUR", "IRR", "JPY", "KWD"]),
)
def test_final_price(base: Decimal, modifier: Decimal, currency: str) -> None:
    there = sql("final_price(%s, %s, %s)", base, modifier, currency)
    assert there == final_price(base, modifier, currency)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("بالكن ۱", "بالکن 1"),
        ("Stalls", " ＳＴＡＬＬＳ\u200f"),
        ("می\u200cدان", "ميدان"),
        ("Straße", "STRASSE"),
        ("", " \u00a0\u3000"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) == sql("name_key(%s)", other)


@pytest.mark.parametrize(("one", "other"), [("V.I.P", "VIP"), ("A-1", "A1"), ("10", "1")])
def test_different_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
    assert sql("name_key(%s)", one) != sql("name_key(%s)", other)


def test_seat_numbers_have_no_leading_zeros() -> None:
    assert [seat_key(n) for n in ("007", "۰۷", "00", "0", "a01", "")] == [
        "7",
        "7",
        "0",
        "0",
        "a01",
        "",
    ]
    assert sql("seat_key(NULL)") == ""
