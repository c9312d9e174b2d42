"""References that people can read out, and tokens that nobody can guess."""

import re

from fullhouse.events.domain.references import (
    new_reference,
    new_token,
    token_hash,
    token_matches,
)


def test_a_reference_is_short_and_has_no_look_alikes() -> None:
    many = {new_reference() for _ in range(2000)}
    assert len(many) == 2000
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", one) for one in many)


def test_a_token_matches_its_own_hash_only() -> None:
    token, other = new_token(), new_token()
    assert token_matches(token, token_hash(token))
    assert not token_matches(other, token_hash(token))
    assert not token_matches(token, None)
    assert len(token_hash(token)) == 32
