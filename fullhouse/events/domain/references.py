"""Booking references and hold secrets: made here, told once.

A reference is for people: short, no letters that look like digits (Crockford's base 32 has no
I, L, O, U). A token is for machines: whoever has it may act on the hold; only its SHA-256 is kept.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Final
from uuid import UUID

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Of 32 letters a byte modulo 32 is one, each as likely as the others. 50 bits:
# in a performance of 100,000 reservations a new reference collides once in 10^10.
_LETTERS: Final = 10
_TOKEN_BYTES: Final = 32


def new_reference() -> str:
    """Return a random reference such as `7K3QX-M2VPD`."""
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(_LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def new_token() -> str:
    """Return a secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def derived_token(secret: bytes, performance_id: UUID, key: str, digest: bytes) -> str:
    """Return the secret of the hold that is asked for under an idempotency key.

    The same for the same key and request, so that a repeated answer can tell it again; as hard
    to guess as `secret`, the site's own, of which a key for this purpose alone is made. A keyed
    BLAKE2 (RFC 7693) over fields of fixed length and then the key, so that no two requests run
    together.
    """
    message = performance_id.bytes + hashlib.sha256(digest).digest() + key.encode()
    made = hashlib.blake2b(message, key=_purpose(secret), digest_size=_TOKEN_BYTES).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


@lru_cache(maxsize=4)
def _purpose(secret: bytes) -> bytes:
    return hmac.digest(secret, b"fullhouse: token of a hold", "sha256")


def token_hash(token: str) -> bytes:
    """Return what is stored of a token. A fast hash is enough: the secret is random."""
    return hashlib.sha256(token.encode()).digest()


def token_matches(token: str, stored: bytes | None) -> bool:
    """Tell in constant time whether `token` is the one whose hash is stored."""
    return stored is not None and hmac.compare_digest(token_hash(token), bytes(stored))
