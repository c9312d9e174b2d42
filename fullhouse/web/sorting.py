"""Names in the order of the reader's alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from fullhouse.language.ordering import ALPHABET, SAME
from fullhouse.language.writing import is_persian

Row = TypeVar("Row")

_SAME = str.maketrans(SAME)
_PLACE = {letter: place for place, letter in enumerate(ALPHABET)}


def sorted_by_name(rows: Iterable[Row], name: Callable[[Row], str]) -> list[Row]:
    """Return the rows by name: in Persian its alphabet comes first, in English the Latin one.

    Digits count as the numbers they write: 2 comes before 10, in either digits.
    """
    persian = is_persian()
    return sorted(rows, key=lambda row: _key(name(row), persian))


def _key(text: str, persian: bool) -> list[tuple[int, int, str]]:
    key: list[tuple[int, int, str]] = []
    number = ""
    for letter in unicodedata.normalize("NFKC", text).casefold().translate(_SAME) + "\0":
        if letter.isdecimal():
            number += letter
            continue
        if number:
            key.append((1, int(number), ""))
            number = ""
        # Vowel signs and joiners do not count.
        if unicodedata.category(letter) not in ("Mn", "Cf"):
            key.append(_weight(letter, persian))
    return key


def _weight(letter: str, persian: bool) -> tuple[int, int, str]:
    if letter == "\0":
        return (-1, 0, "")
    if letter in _PLACE:
        return (2 if persian else 4, _PLACE[letter], "")
    if letter.isalpha():
        return (3, 0, unicodedata.normalize("NFD", letter))
    return (0, 1, letter)
