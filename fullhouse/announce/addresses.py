"""Where a webhook may go: to public addresses only, and to the very address that was checked.

A name is resolved once an attempt, every address it has is checked, and the connection is made to
one of those: a name server that answers differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from fullhouse.events.domain.errors import InvalidRequest

_PORTS: Final = {"http": 80, "https": 443}
# Carries an IPv4 address inside, for everybody; others of its kind are for one network.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
# All that is given to anybody on the internet.
_UNICAST: Final = ipaddress.ip_network("2000::/3")


class RefusedTargetError(Exception):
    """The target is not one that we connect to; the message says why."""


def check_url(url: str) -> None:
    """Check an endpoint's address as it is written. Raises InvalidRequest."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidRequest("url", str(error)) from error
    allowed = ("http", "https") if settings.FULLHOUSE_WEBHOOKS_PRIVATE else ("https",)
    if parts.scheme not in allowed or not host:
        raise InvalidRequest("url", f"must begin with {allowed[-1]}:// and a host, not {url!r}")
    if parts.username is not None or parts.fragment or len(url) > 500 or not url.isascii():
        raise InvalidRequest("url", "no user, no #fragment, ASCII, at most 500 characters")
    if any(character <= " " for character in url):
        raise InvalidRequest("url", "no blanks")


def target_of(url: str) -> str:
    """Return the IP address to connect to. Raises RefusedTargetError, also for an unknown name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _PORTS.get(parts.scheme, 443)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise RefusedTargetError(f"{host} cannot be resolved: {error}") from error
    addresses = [str(each[4][0]) for each in found]
    if not settings.FULLHOUSE_WEBHOOKS_PRIVATE:
        for address in addresses:
            if not is_public(address):
                raise RefusedTargetError(f"{host} is at {address}, which is not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Tell whether an IP address is anybody's on the internet, also the one it may carry inside."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found.teredo:
            return False
        if inside is not None:
            return inside.is_global and not inside.is_multicast
        if found not in _UNICAST:
            return False
    return found.is_global and not found.is_multicast
