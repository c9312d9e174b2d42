"""The edge of the API: who asks, how often, how large, and the protocol's own errors."""

from __future__ import annotations

from collections.abc import Callable
from random import randbytes
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from fullhouse.api.caller import Caller, UnknownKeyError, caller_of
from fullhouse.api.limits import take
from fullhouse.api.models import Scope
from fullhouse.api.problems import MEDIA_TYPE, problem_of, protocol_problem
from fullhouse.doors.address import address_of
from fullhouse.doors.windows import Allowance
from fullhouse.events.domain.plans.document import BYTES_MOST

PREFIX: Final = "/api/"
# A reservation of 1,000 seats named by id is about 100 kB.
MAX_BODY_BYTES: Final = 1_000_000
# The file of a seating plan, which only who may keep it may send.
_PLANS: Final = "/api/v1/manage/plans"
_STREAM: Final = "text/event-stream"
VARY: Final = ("Accept-Language", "Authorization", "Reservation-Token")
_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class ApiRequest(HttpRequest):
    """A request as the edge hands it on."""

    caller: Caller


class ApiEdge:
    """Middleware around everything under `/api/`; other addresses pass untouched.

    Inside: the answers' ETags and their compression, which need the whole body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._plain = get_response
        self._compress = GZipMiddleware(get_response)
        self._compare = ConditionalGetMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return self._plain(request)
        if request.method != "HEAD":
            return self._answer(request)
        request.method = "GET"
        response = _without_body(self._answer(request))
        request.method = "HEAD"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        response = self._guarded(request)
        response = self._compare.process_response(request, response)
        if response.headers.get("Content-Type") != _STREAM:  # a compressor would hold events back
            response = self._compress.process_response(request, response)
        response["X-Request-ID"] = request_id(request.headers.get("X-Request-ID", ""))
        return response

    def _guarded(self, request: HttpRequest) -> HttpResponseBase:
        try:
            caller = caller_of(request)
        except UnknownKeyError:
            return _unknown_key(request)
        except DatabaseError as error:
            return _away(error, request)
        allowance = take(caller, request.method or "GET")
        if not allowance.granted:
            return _too_many(allowance)
        request.caller = caller  # type: ignore[attr-defined]
        response = _body_problem(request) or self._plain(request)
        response = _as_problem(request, response)
        for name, value in allowance.headers.items():
            response[name] = value
        patch_vary_headers(response, VARY)
        if request.method not in ("GET", "HEAD") or response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


def _without_body(response: HttpResponseBase) -> HttpResponse:
    """Return what a HEAD is told: the headers of the GET."""
    bare = HttpResponse(status=response.status_code, headers=dict(response.items()))
    if isinstance(response, HttpResponse):
        bare.headers.setdefault("Content-Length", str(len(response.content)))
    else:
        response.close()
    return bare


def _unknown_key(request: HttpRequest) -> HttpResponse:
    """Refuse a key that is none; whoever tries many is held to what an address may write."""
    allowance = take(Caller(address_of(request)), "POST")
    if not allowance.granted:
        return _too_many(allowance)
    challenge = {"WWW-Authenticate": 'Bearer realm="Fullhouse"', "Cache-Control": "no-store"}
    return protocol_problem(401, allowance.headers | challenge)


def _away(error: DatabaseError, request: HttpRequest) -> HttpResponse:
    told = problem_of(error, get_language() or "en", request.path)
    return told.response() if told else protocol_problem(500)


def _too_many(allowance: Allowance) -> HttpResponse:
    return protocol_problem(429, allowance.refusal_headers, seconds=allowance.resets_in)


def request_id(asked: str) -> str:
    """Return the caller's name for the request where it can be one, else a new one."""
    fits = 0 < len(asked) <= 100 and asked.isascii() and asked.isprintable()
    return asked if fits else randbytes(16).hex()  # noqa: S311 - a name


def _body_problem(request: HttpRequest) -> HttpResponse | None:
    if request.method not in _METHODS_WITH_BODY:
        return None
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        return protocol_problem(411)
    length = request.META.get("CONTENT_LENGTH") or "0"
    caller: Caller = request.caller  # type: ignore[attr-defined]
    plan = request.path == _PLANS and caller.may(Scope.MANAGE)
    limit = BYTES_MOST if plan else MAX_BODY_BYTES
    if not length.isdigit() or int(length) > limit:
        return protocol_problem(413, limit=limit)
    return None


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Turn the bare 404 and 405 of the address book, and the page of a fault, into problems."""
    if response.headers.get("Content-Type", "").startswith((MEDIA_TYPE, "application/json")):
        return response
    if response.status_code == 404:
        return protocol_problem(404)
    if response.status_code == 500 and not settings.DEBUG:
        return protocol_problem(500)
    if response.status_code == 405:
        allowed = response.headers.get("Allow", "")
        return protocol_problem(405, {"Allow": allowed}, method=request.method, allowed=allowed)
    return response
