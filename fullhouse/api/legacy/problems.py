"""Errors of the old surface: problem details, with the codes that only it has."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from fullhouse.api.legacy.place import LegacyGoneError, NoLegacySourceError
from fullhouse.api.problems import handle_problems, is_persian, problem, refusal_problem
from fullhouse.compat.words import refused
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.messages import codes

_NO_SOURCE: Final = (
    "There is no old system in this database to speak for. Use /api/v1/.",
    "در این پایگاه سامانهٔ قدیمی‌ای نیست که این نشانی به نامش پاسخ دهد. از /api/v1/ استفاده کنید.",
)
_GONE: Final = (
    "The old tables are not in schema {schema}, and the takeover is not cut over. Name their "
    "schema in FULLHOUSE_LEGACY_SCHEMA, or go on with the takeover.",
    "جدول‌های قدیمی در شِمای {schema} نیستند و جابه‌جایی هنوز انجام نشده است. نام شِمای آن‌ها را در "
    "FULLHOUSE_LEGACY_SCHEMA بدهید یا جابه‌جایی را ادامه دهید.",
)
_RETRY_SECONDS: Final = "60"


def handle_legacy_problems(api: NinjaAPI) -> None:
    """Make `api` answer every error with a problem."""
    handle_problems(api)

    @api.exception_handler(NoLegacySourceError)
    def _none(request: HttpRequest, error: NoLegacySourceError) -> HttpResponse:
        return problem(404, "no_legacy_source", _NO_SOURCE[is_persian()])

    @api.exception_handler(LegacyGoneError)
    def _gone(request: HttpRequest, error: LegacyGoneError) -> HttpResponse:
        detail = _GONE[is_persian()].format(schema=error.schema)
        facts = {"schema": error.schema}
        return problem(503, "legacy_gone", detail, facts, {"Retry-After": _RETRY_SECONDS})

    @api.exception_handler(Refusal)
    def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
        if error.code in codes():
            return refusal_problem(error.code, error.facts)
        return problem(409, error.code, refused(error), error.facts)
