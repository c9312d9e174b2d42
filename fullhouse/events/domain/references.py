"""Booking references and hold secrets: made here, told once.

A reference is for people: short, no letters that look like digits (Crockford's base 32 has no
I, L, O, U). A token is for machines: whoever has it may act on the hold; only its SHA-256 is kept.
"""

import hashlib
import hmac
import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 50 bits: in a performance of 100,000 reservations a new reference collides once in 10^10.
_LETTERS: Final = 10
_TOKEN_BYTES: Final = 32


def new_reference() -> str:
    """Return a random reference such as `7K3QX-M2VPD`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def new_token() -> str:
    """Return a secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token. A fast hash is enough: the secret is random."""
    return hashlib.sha256(token.encode()).digest()


def token_matches(token: str, stored: bytes | None) -> bool:
    """Tell in constant time whether `token` is the one whose hash is stored."""
    return stored is not None and hmac.compare_digest(token_hash(token), bytes(stored))
