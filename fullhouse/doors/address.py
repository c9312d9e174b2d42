"""From where a request comes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address of a request's client."""
    peer = str(request.META.get("REMOTE_ADDR") or "unknown")
    return client_address(peer, request.headers.get("X-Forwarded-For", ""))


def client_address(peer: str, forwarded: str) -> str:
    """Return the client's address: behind n trusted proxies, the n-th from the right.

    `forwarded` is the X-Forwarded-For header, or ''.
    """
    proxies: int = getattr(settings, "FULLHOUSE_PROXIES", 0)
    if proxies:
        told = [part.strip() for part in forwarded.split(",")]
        if len(told) >= proxies and told[-proxies]:
            return told[-proxies]
    return peer
