"""Two codes: a reservation's, by which its buyer finds it again, and a ticket's, for the door.

Both are derived from the site's secret key, so that nothing more is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from fullhouse.language.fields import latin

# Crockford's base 32: no letter that looks like a digit.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE: Final = str.maketrans("ILO", "110")
_LETTERS: Final = 10
_TICKET: Final = re.compile(r"FH1\.([\w-]{22})\.([\w-]{22})\.(\d{1,6})\.([\w-]{16})", re.ASCII)
_MAC_BYTES: Final = 12
_NOBODYS: Final = b"\0" * 32


def reservation_code(token_hash: bytes) -> str:
    """Return the code of the reservation with this token, such as `7K3QX-M2VPD`: 50 bits.

    Whoever gets the reservation by transfer gets another token, and so another code.
    """
    return _code(settings.SECRET_KEY, token_hash)


def code_matches(given: str, token_hash: bytes | None) -> bool:
    """Tell whether this is the reservation's code, as somebody typed it.

    In constant time, also where there is no reservation (None).
    """
    wanted = latin(given).upper().translate(_LOOK_ALIKE)
    plain = "".join(letter for letter in wanted if letter in _ALPHABET)
    stored = _NOBODYS if token_hash is None else bytes(token_hash)
    matches = False
    for secret in _secrets():
        expected = _code(secret, stored).replace("-", "")
        matches |= hmac.compare_digest(expected.encode(), plain.encode())
    return matches and token_hash is not None


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket's code says: the `number`-th ticket, from 1, of a line of a reservation."""

    reservation_id: UUID
    line_id: UUID
    number: int


def ticket_code(ticket: Ticket) -> str:
    """Return the text in a ticket's square: `FH1.` and what it says, signed."""
    body = f"FH1.{_short(ticket.reservation_id)}.{_short(ticket.line_id)}.{ticket.number}"
    return f"{body}.{_mac(settings.SECRET_KEY, body)}"


def read_ticket_code(text: str) -> Ticket | None:
    """Return what a code says, None where it is not one of ours."""
    found = _TICKET.fullmatch(text)
    if found is None:
        return None
    body = text.rpartition(".")[0]
    if not any(hmac.compare_digest(_mac(secret, body), found[4]) for secret in _secrets()):
        return None
    return Ticket(_long(found[1]), _long(found[2]), int(found[3]))


def _code(secret: str, token_hash: bytes) -> str:
    digest = _digest(secret, b"fullhouse: code of a reservation", token_hash)
    value = int.from_bytes(digest[:8], "big")
    letters = "".join(_ALPHABET[value >> (5 * place) & 31] for place in range(_LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def _mac(secret: str, body: str) -> str:
    digest = _digest(secret, b"fullhouse: code of a ticket", body.encode())
    return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).decode()


def _digest(secret: str, purpose: bytes, message: bytes) -> bytes:
    key = hmac.digest(secret.encode(), purpose, hashlib.sha256)
    return hmac.digest(key, message, hashlib.sha256)


def _secrets() -> Iterable[str]:
    yield settings.SECRET_KEY
    yield from map(str, settings.SECRET_KEY_FALLBACKS)


def _short(value: UUID) -> str:
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()


def _long(text: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(f"{text}=="))
