"""When two labels mean the same section, row or seat.

The SQL twins are `name_key(text)` and `seat_key(text)` in the schema; a test holds them equal.
"""

import re
import unicodedata

_SPACES = "\t\n\v\f\r \x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_FOLD = str.maketrans(
    {
        "ي": "ی",  # Arabic yeh
        "ى": "ی",  # alef maksura
        "ك": "ک",  # Arabic kaf
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},  # Arabic digits
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},  # Persian digits
        **dict.fromkeys(_SPACES + "\u200c\u200f"),  # also ZWNJ and the right-to-left mark
    }
)


def name_key(label: str) -> str:
    """Return the key under which a section or row label is the same as another.

    NFKC; Arabic yeh and kaf to Persian; Arabic and Persian digits to 0-9; zero-width
    non-joiner, right-to-left mark, no-break and all other spaces removed; case folded.
    Punctuation is not folded: `V.I.P` is not `VIP`. A blank label has the key ''.
    """
    return unicodedata.normalize("NFKC", label).translate(_FOLD).casefold()


def seat_key(number: str) -> str:
    """Return the key of a seat number: `name_key` without leading zeros (`007` is `7`)."""
    return re.sub(r"^0+(?=.)", "", name_key(number))
