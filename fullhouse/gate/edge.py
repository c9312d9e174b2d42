"""The gate's own edge: the headers that Django's middleware would set, on answers of the gate.

The order is that of the middleware: the API's edge, then compression, then the site's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import compress_string
from django.utils.translation import get_language_from_request

from fullhouse.api.edge import VARY, request_id
from fullhouse.api.problems import MEDIA_TYPE, ProblemText
from fullhouse.doors.windows import Allowance
from fullhouse.gate.asked import Asked, Headers

JSON: Final = b"application/json; charset=utf-8"
# As Django's compression: shorter answers are not worth it, and so many random bytes hide a length.
_SHORTEST_PACKED: Final = 200
_RANDOM_BYTES: Final = 100


@dataclass(slots=True)
class Answer:
    """What goes out. `etag` is given for what may be compared, `packed` where that was made before.

    `early`: refused before the edge; it says nothing of limits and caching. `problem` is its code.
    """

    status: int
    body: bytes
    kind: bytes = JSON
    etag: str | None = None
    packed: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    early: bool = False
    problem: str = ""


def comparable(body: bytes) -> Answer:
    """Return an answer to a GET that may be asked for by its ETag, packed once for all."""
    packed = None
    if len(body) >= _SHORTEST_PACKED:
        packed = compress_string(body, max_random_bytes=_RANDOM_BYTES)
    return Answer(200, body, etag=_etag(body), packed=packed)


def _etag(body: bytes) -> str:
    return quote_etag(hashlib.md5(body, usedforsecurity=False).hexdigest())


def of_problem(told: ProblemText, *, early: bool = False) -> Answer:
    """Return a problem as an answer."""
    return Answer(
        told.status,
        told.encoded(),
        kind=MEDIA_TYPE.encode(),
        headers=tuple(told.headers.items()),
        early=early,
        problem=told.code,
    )


def is_known_host(call: Asked) -> bool:
    """Tell whether Django would answer under this name."""
    if settings.USE_X_FORWARDED_HOST and b"x-forwarded-host" in call.headers:
        return False  # it would look at that one
    return _allowed(call.header(b"host") or "", tuple(settings.ALLOWED_HOSTS))


def language_of(call: Asked) -> str:
    """Return the reader's language, as Django chooses it."""
    cookie = call.header(b"cookie") or ""
    known = settings.LANGUAGE_COOKIE_NAME
    chosen = parse_cookie(cookie).get(known, "") if known in cookie else ""
    return _language(call.header(b"accept-language") or "", chosen)


class Edge:
    """Writes answers out; `site` is what the site's own middleware sets on every answer."""

    def __init__(self, site: dict[str, str]) -> None:
        self._site: Headers = _encoded(site)

    def written(
        self, call: Asked, answer: Answer, language: str, allowance: Allowance | None
    ) -> tuple[int, Headers, bytes]:
        """Return status, headers and body as they go out."""
        status, body, etag = answer.status, answer.body, answer.etag
        headers = self.standing(call, language)
        if answer.early and call.method == "GET":
            etag = _etag(body)
        same = etag is not None and status == 200 and _is_known(call, etag)
        if same:
            status, body = 304, b""
        else:
            headers.append((b"content-type", answer.kind))
            if answer.headers:
                headers += _encoded(dict(answer.headers))
        packable = len(body) >= _SHORTEST_PACKED
        if packable and _accepts_gzip(call.headers.get(b"accept-encoding", b"")):
            packed = answer.packed or compress_string(body, max_random_bytes=_RANDOM_BYTES)
            if len(packed) < len(body):
                body, etag = packed, f"W/{etag}" if etag else None
                headers.append((b"content-encoding", b"gzip"))
        if etag is not None:
            headers.append((b"etag", etag.encode()))
        if not answer.early:
            headers += _inner(answer, allowance, compared=same)
        headers.append((b"vary", _vary(early=answer.early, packable=packable)))
        if status != 304:
            headers.append((b"content-length", b"%d" % len(body)))
        return status, headers, body

    def streaming(
        self, call: Asked, kind: str, told: dict[str, str], language: str, allowance: Allowance
    ) -> Headers:
        """Return the headers of an answer without an end."""
        answer = Answer(200, b"", headers=tuple(told.items()))
        return [
            *self.standing(call, language),
            (b"content-type", kind.encode()),
            *_encoded(told),
            *_inner(answer, allowance, compared=False),
            (b"vary", _vary(early=False, packable=False)),
        ]

    def standing(self, call: Asked, language: str) -> Headers:
        """Return what every answer of the site has."""
        headers: Headers = [
            (b"x-request-id", request_id(call.header(b"x-request-id") or "").encode()),
            (b"content-language", language.encode()),
            *self._site,
            *_security(_is_secure(call)),
        ]
        origin = call.header(b"origin")
        return headers + _cors(call, origin) if origin else headers


def _inner(answer: Answer, allowance: Allowance | None, *, compared: bool) -> Headers:
    """Return what the API's edge adds, caching and limits; of the latter 304 says nothing."""
    found: Headers = []
    if not any(name == "Cache-Control" for name, _ in answer.headers):
        cached = b"no-cache" if answer.etag is not None else b"no-store"
        found.append((b"cache-control", cached))
    if not compared:
        found.append((b"x-frame-options", settings.X_FRAME_OPTIONS.encode()))
        if allowance is not None:
            found += _encoded(allowance.headers)
    return found


@lru_cache
def _vary(*, early: bool, packable: bool) -> bytes:
    named = ["Accept-Language"] if early else list(VARY)
    return ", ".join([*named, *(["Accept-Encoding"] if packable else []), "origin"]).encode()


@lru_cache(maxsize=256)
def _accepts_gzip(encodings: bytes) -> bool:
    return re_accepts_gzip.search(encodings.decode("latin-1")) is not None


def _encoded(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


def must_redirect(call: Asked) -> bool:
    """Tell whether Django would send the caller to HTTPS."""
    return bool(settings.SECURE_SSL_REDIRECT) and not _is_secure(call)


def _is_secure(call: Asked) -> bool:
    trusted = settings.SECURE_PROXY_SSL_HEADER
    if not trusted:
        return False
    name, value = trusted
    told = call.header(name.removeprefix("HTTP_").replace("_", "-").lower().encode()) or ""
    return bool(told.split(",", 1)[0].strip() == value)


@lru_cache(maxsize=2)
def _security(secure: bool) -> Headers:
    found: dict[str, str] = {}
    if settings.SECURE_CONTENT_TYPE_NOSNIFF:
        found["X-Content-Type-Options"] = "nosniff"
    if settings.SECURE_REFERRER_POLICY:
        found["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
    if settings.SECURE_CROSS_ORIGIN_OPENER_POLICY:
        found["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    if secure and settings.SECURE_HSTS_SECONDS:
        age = f"max-age={settings.SECURE_HSTS_SECONDS}"
        if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
            age += "; includeSubDomains"
        if settings.SECURE_HSTS_PRELOAD:
            age += "; preload"
        found["Strict-Transport-Security"] = age
    return _encoded(found)


@lru_cache(maxsize=1)
def _cors_middleware() -> CorsMiddleware:
    return CorsMiddleware(lambda _: HttpResponse())


def _cors(call: Asked, origin: str) -> Headers:
    response = HttpResponse()
    _cors_middleware().add_response_headers(_django(call, HTTP_ORIGIN=origin), response)
    named = {name: value for name, value in response.items() if name.lower().startswith("access-")}
    return _encoded(named)


def _is_known(call: Asked, etag: str) -> bool:
    given = call.header(b"if-none-match")
    if given is None:
        return False
    found = get_conditional_response(
        _django(call, HTTP_IF_NONE_MATCH=given), etag, None, HttpResponse()
    )
    return found is not None and found.status_code == 304


def _django(call: Asked, **meta: str) -> HttpRequest:
    """Return as much of Django's request as its own functions look at."""
    request = HttpRequest()
    request.method, request.path, request.path_info = call.method, call.path, call.path
    request.META.update(meta)
    return request


@lru_cache(maxsize=256)
def _allowed(host: str, known: tuple[str, ...]) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, known)


@lru_cache(maxsize=256)
def _language(accepted: str, chosen: str) -> str:
    request: Any = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
    return get_language_from_request(request)
