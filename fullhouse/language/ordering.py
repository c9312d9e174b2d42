"""Names in the order of the reader's alphabet, in the database.

A database may know no collation but that of code points, where the letters that Persian has and
Arabic has not come last. Letters are put in order by `translate`, which every PostgreSQL has.
"""

from __future__ import annotations

from functools import cache
from string import ascii_lowercase
from typing import Any, Final

from django.db.models import Func

from fullhouse.language.writing import is_persian

#: The order of the Persian alphabet (Unicode CLDR, collation fa); code points are in another one.
ALPHABET: Final = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
#: Letters that count as another one.
SAME: Final = {
    "ي": "ی",
    "ى": "ی",
    "ئ": "ی",
    "ك": "ک",
    "ة": "ه",
    "ۀ": "ه",
    "أ": "ا",
    "إ": "ا",
    "ؤ": "و",
}
# Joiners, marks of direction and vowel signs, which do not count.
_SILENT: Final = "\u200c\u200d\u200e\u200f" + "".join(map(chr, range(0x064B, 0x0653)))
_OWN = 0xE000  # of the private use area: above every letter, and nobody's


class ByName(Func):
    """A text to order by: in Persian its alphabet comes first, in English the Latin one."""

    arity = 1

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **extra_context: Any
    ) -> tuple[str, list[Any]]:
        """Return the expression for the language of the moment."""
        sql, params = compiler.compile(self.source_expressions[0])
        return f"translate(lower({sql}), %s, %s)", [*params, *_letters(is_persian())]


@cache
def _letters(persian: bool) -> tuple[str, str]:
    first, then = (ALPHABET, ascii_lowercase) if persian else (ascii_lowercase, ALPHABET)
    place = {letter: chr(_OWN + at) for at, letter in enumerate(first + then)}
    place |= {letter: place[same] for letter, same in SAME.items()}
    # What has no counterpart in the second text is taken away.
    return "".join(place) + _SILENT, "".join(place.values())
