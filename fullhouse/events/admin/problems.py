"""What is wrong with a value, in the reader's language: services tell programs, in English."""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.language.writing import digits, is_persian, isolated

# Sentences with a number in them; the others stand in the catalogue as they are.
_SHAPES: Final[tuple[tuple[re.Pattern[str], str | Promise], ...]] = (
    (re.compile(r"at most (\d+) characters"), _("at most %s characters")),
    (re.compile(r"at most (\d+) (?:seats )?in one call"), _("at most %s at once")),
    (re.compile(r".* has not come yet"), _("has not come yet")),
)


def in_words(error: InvalidRequest) -> str:
    """Return what is wrong; a sentence that has no Persian is told apart from the Persian text."""
    if not is_persian():
        return error.problem
    known = gettext(error.problem) if error.problem else ""
    if known != error.problem:
        return known
    for shape, words in _SHAPES:
        if found := shape.match(error.problem):
            return str(words) % tuple(map(digits, found.groups()))
    return isolated(error.problem)
