"""References that people can read out, and tokens that nobody can guess."""

import re
from uuid import uuid4

from fullhouse.events.domain.references import (
    derived_token,
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


def test_a_derived_token_is_the_same_for_the_same_request_only() -> None:
    performance = uuid4()
    asked = (b"the site's secret", performance, "key", b"digest")
    others = [
        (b"another secret", performance, "key", b"digest"),
        (b"the site's secret", uuid4(), "key", b"digest"),
        (b"the site's secret", performance, "another", b"digest"),
        (b"the site's secret", performance, "key", b"another"),
    ]
    assert derived_token(*asked) == derived_token(*asked)
    assert len({derived_token(*asked), *(derived_token(*other) for other in others)}) == 5
    assert re.fullmatch(r"[\w-]{43}", derived_token(*asked))
