"""What this browser has: its reservations and its places on waiting lists, in a signed cookie.

A cookie of its own and no server session, so that a visitor who only looks leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "fullhouse_basket"
_SALT: Final = "fullhouse.web.box_office.basket"
_SECONDS: Final = 180 * 24 * 3600
# A cookie has 4,096 bytes; an entry takes about 150.
_MOST: Final = 16

Kind = Literal["r", "w"]


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` r: a reservation, `secret` its code (codes.py); w: a place on a waiting list, its
    `secret` the token told on joining.
    """

    kind: Kind
    performance_id: UUID
    id: UUID
    secret: str


def read(request: HttpRequest) -> tuple[Entry, ...]:
    """Return what the browser has, newest first; () where the cookie is none of ours."""
    try:
        rows = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_SECONDS)
        return tuple(Entry(kind, UUID(where), UUID(what), text) for kind, where, what, text in rows)
    except (signing.BadSignature, ValueError, TypeError):
        return ()


def secret_of(request: HttpRequest, kind: Kind, performance_id: UUID, id: UUID) -> str | None:
    """Return the secret that this browser has for a reservation or an entry."""
    for entry in read(request):
        if (entry.kind, entry.performance_id, entry.id) == (kind, performance_id, id):
            return entry.secret
    return None


def keep(request: HttpRequest, response: HttpResponse, entry: Entry) -> None:
    """Add an entry; the oldest leaves where there are too many."""
    others = (each for each in read(request) if (each.kind, each.id) != (entry.kind, entry.id))
    _write(request, response, (entry, *others))


def drop(request: HttpRequest, response: HttpResponse, kind: Kind, id: UUID) -> None:
    """Forget an entry."""
    _write(
        request,
        response,
        tuple(each for each in read(request) if (each.kind, each.id) != (kind, id)),
    )


def _write(request: HttpRequest, response: HttpResponse, entries: tuple[Entry, ...]) -> None:
    rows = [[e.kind, e.performance_id.hex, e.id.hex, e.secret] for e in entries[:_MOST]]
    response.set_cookie(
        COOKIE,
        signing.dumps(rows, salt=_SALT, compress=True),
        max_age=_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
