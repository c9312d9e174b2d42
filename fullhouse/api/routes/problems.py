"""What the codes of problems mean: the page that a problem's `type` points to."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from fullhouse.api.problems import is_persian, protocol_sentences
from fullhouse.api.routes import answers
from fullhouse.events.domain.messages import sentences

router = Router(tags=["read"])


class ProblemKind(Schema):
    """A code and the sentence it brings; names in braces are facts of the problem."""

    code: str
    detail: str


@router.get(
    "problems",
    response=answers.with_problems(200, list[ProblemKind]),
    summary="Problems and what they mean",
    operation_id="list_problems",
)
def list_problems(request: HttpRequest) -> list[ProblemKind]:
    """List every code that a problem may have, in the reader's language."""
    persian = is_persian()
    known = {**protocol_sentences(persian), **sentences(persian)}
    return [ProblemKind(code=code, detail=detail) for code, detail in sorted(known.items())]
