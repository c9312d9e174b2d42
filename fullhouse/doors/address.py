"""From where a request comes."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest

# What a provider gives one customer, who may come from any address of it.
_CUSTOMER: Final = 64


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


def counted_as(address: str) -> str:
    """Return who an address is for counting: of IPv6 the network that one customer has."""
    return _network(address) if ":" in address else address


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    try:
        found = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.IPv6Network((int(found), _CUSTOMER), strict=False))
