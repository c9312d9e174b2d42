"""Every answer that is not a success: problem details (RFC 9457) in the reader's language.

`code` is stable and for programs, `detail` is a sentence for people, `facts` are the numbers:
what is left, which seats are taken. A refusal's codes and facts are the services' own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from fullhouse.api import invalid
from fullhouse.events.domain.errors import (
    Conflict,
    EngineFault,
    InvalidRequest,
    Json,
    Refusal,
)
from fullhouse.events.domain.messages import explain
from fullhouse.events.engine.failures import failure

MEDIA_TYPE: Final = "application/problem+json"
_log = logging.getLogger(__name__)

# What the protocol itself refuses: code by status, then (English, Persian).
_PROTOCOL: Final[dict[int, tuple[str, str, str]]] = {
    400: (
        "malformed",
        "The request cannot be read: {problem}",
        "درخواست خواندنی نیست: {problem}",
    ),
    401: (
        "key_unknown",
        "The API key is unknown, revoked or past its end. Ask for a new one.",
        "کلید API ناشناخته، لغوشده یا پایان‌یافته است. کلید تازه بخواهید.",
    ),
    403: (
        "not_allowed",
        "This needs an API key with the scope {scope}.",
        "این کار به کلید API با دامنهٔ {scope} نیاز دارد.",
    ),
    404: (
        "not_found",
        "There is nothing here, or it is not yours to see.",
        "اینجا چیزی نیست، یا دیدن آن با شما نیست.",
    ),
    405: (
        "method_not_allowed",
        "This address does not answer {method}. Allowed: {allowed}.",
        "این نشانی به {method} پاسخ نمی‌دهد. مجاز: {allowed}.",
    ),
    411: (
        "length_required",
        "The body has no Content-Length. Send it whole, not in chunks.",
        "بدنهٔ درخواست Content-Length ندارد. آن را یکجا بفرستید، نه تکه‌تکه.",
    ),
    413: (
        "too_large",
        "The body is larger than {limit} bytes.",
        "بدنهٔ درخواست از {limit} بایت بزرگ‌تر است.",
    ),
    422: (
        "invalid",
        "{argument}: {problem}",
        "مقدار {argument} پذیرفتنی نیست: {problem}",
    ),
    429: (
        "too_many_requests",
        "Too many requests. Try again in {seconds} seconds.",
        "درخواست‌ها بیش از اندازه است. {seconds} ثانیهٔ دیگر دوباره تلاش کنید.",
    ),
    500: (
        "fault",
        "Something broke here, and was written down. Nothing moved.",
        "اینجا چیزی خراب شد و ثبت شد. هیچ جایی جابه‌جا نشد.",
    ),
    503: (
        "busy",
        "Others were in the way. Try again; with the same Idempotency-Key nothing happens twice.",
        "دیگران در راه بودند. دوباره تلاش کنید؛ با همان Idempotency-Key هیچ کاری دو بار نمی‌شود.",
    ),
}

# What an address names: unknown, it is not there. What a body names: unknown, it is a wrong body.
_IN_THE_ADDRESS: Final = frozenset({"performance", "reservation"})


class Forbidden(Exception):  # noqa: N818 - an answer, not an error
    """The caller is known and may not do this; `scope` is what it would take."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(scope)


@dataclass(frozen=True, slots=True)
class ProblemText:
    """A problem as it goes over the wire, whoever serves it."""

    status: int
    code: str
    detail: str
    facts: Mapping[str, Any]
    headers: Mapping[str, str]

    def encoded(self) -> bytes:
        """Return the answer's bytes."""
        body = {
            "type": f"/api/v1/problems#{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "facts": dict(self.facts),
        }
        return json.dumps(body, ensure_ascii=False, default=str).encode()

    def response(self) -> HttpResponse:
        """Return it as Django's response."""
        told = HttpResponse(
            self.encoded(), status=self.status, content_type=MEDIA_TYPE, headers=self.headers
        )
        told.problem_code = self.code  # type: ignore[attr-defined] # for the counters
        return told


def problem(
    status: int,
    code: str,
    detail: str,
    facts: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return a problem as a response."""
    return ProblemText(status, code, detail, facts or {}, headers or {}).response()


def protocol_problem(
    status: int, headers: Mapping[str, str] | None = None, **facts: Any
) -> HttpResponse:
    """Return a problem of the protocol in the active language, as a response."""
    return protocol_text(status, _language(), headers, **facts).response()


def refusal_problem(code: str, facts: Mapping[str, Json]) -> HttpResponse:
    """Return a refusal of the house in the active language, as a response."""
    return refusal_text(code, facts, _language()).response()


def protocol_text(
    status: int, language: str, headers: Mapping[str, str] | None = None, **facts: Any
) -> ProblemText:
    """Return a problem of the protocol: malformed, not found, too many requests."""
    code, english, persian = _PROTOCOL.get(status) or _PROTOCOL[400]
    sentence = persian if _reads_persian(language) else english
    return ProblemText(status, code, sentence.format_map(_Given(facts)), facts, headers or {})


def refusal_text(code: str, facts: Mapping[str, Json], language: str) -> ProblemText:
    """Return a refusal of the house: 409; 404 and 422 where it names what is not there."""
    status = 409
    if code == "unknown":
        status = 404 if facts.get("what") in _IN_THE_ADDRESS else 422
    if code == "changed_meanwhile":
        status = 412
    return ProblemText(status, code, explain(code, facts, language), facts, {})


def problem_of(error: Exception, language: str, path: str) -> ProblemText | None:
    """Return what an error is told as; None for one that is none of ours. Faults are logged."""
    match error:
        case DatabaseError():
            return problem_of(failure(error), language, path)
        case Refusal():
            return refusal_text(error.code, error.facts, language)
        case InvalidRequest():
            problem = invalid.told(error.problem, language)
            return protocol_text(422, language, argument=error.argument, problem=problem)
        case Conflict():
            return protocol_text(503, language, {"Retry-After": "1"})
        case EngineFault():
            _log.error("engine fault at %s: %s", path, error)
            return protocol_text(500, language)
        case Forbidden():
            return protocol_text(403, language, scope=error.scope)
        case Http404():
            return protocol_text(404, language)
        case _:
            return None


def protocol_sentences(persian: bool) -> dict[str, str]:
    """Return the sentences of the protocol's own problems by code, facts in braces."""
    return {code: fa if persian else en for code, en, fa in _PROTOCOL.values()}


def is_persian() -> bool:
    """Tell whether the reader's language is Persian."""
    return _reads_persian(_language())


def _reads_persian(language: str) -> bool:
    return language.split("-")[0] == "fa"


def _language() -> str:
    return get_language() or "en"


def handle_problems(api: NinjaAPI) -> None:
    """Make `api` answer every error with a problem."""

    ours = (Refusal, InvalidRequest, Conflict, EngineFault, Forbidden)
    for known in (*ours, DatabaseError, Http404):
        api.add_exception_handler(known, _answer)

    @api.exception_handler(ValidationError)
    def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors: list[dict[str, Any]] = [
            {"argument": _where(each["loc"]), "problem": invalid.said(each, _language())}
            for each in error.errors
        ]
        return protocol_problem(422, errors=errors, **errors[0])

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return protocol_problem(error.status_code, problem=invalid.told(str(error), _language()))


def _answer(request: HttpRequest, error: Any) -> HttpResponse:
    told = problem_of(error, _language(), request.path)
    if told is None:
        raise error
    return told.response()


def _where(location: Sequence[str | int]) -> str:
    """Return the argument's path: `items.0.quantity`, not the machinery's `body.body.items...`."""
    parts = [str(part) for part in location]
    return ".".join(parts[2:] if parts[:1] == ["body"] else parts[1:]) or "body"


class _Given(dict[str, str]):
    """Facts as text; a missing one is a dash."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__({name: str(value) for name, value in facts.items()})

    def __missing__(self, name: str) -> str:
        return "–"
