"""One attempt to deliver a message over HTTP, bounded in time and size."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import httpx

from fullhouse.announce.addresses import RefusedTargetError, target_of

#: The whole attempt, whatever the other side does.
LIMIT_SECONDS: Final = 15.0
#: Of the answer only the beginning is read.
MOST_BYTES: Final = 16_384
_LONGEST_WAIT: Final = 6 * 3600
GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """How it went. `status` None: no answer. `wait`: seconds that the receiver asks for, or 0."""

    status: int | None
    told: str
    wait: int = 0

    @property
    def accepted(self) -> bool:
        """True for any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: str, headers: dict[str, str]) -> Answer:
    """Send `body` and return the answer; never raises for what the other side does.

    Redirects are not followed and proxies of the environment not used: both would go to an address
    that nobody has checked.
    """
    try:
        return asyncio.run(_attempt(url, target_of(url), body.encode(), headers))
    except (RefusedTargetError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Answer(None, f"{type(error).__name__}: {error}"[:200])
    except TimeoutError:
        return Answer(None, f"no answer within {LIMIT_SECONDS:g} s")


async def _attempt(url: str, address: str, body: bytes, headers: dict[str, str]) -> Answer:
    parts = urlsplit(url)
    host = parts.hostname or ""
    literal = f"[{address}]" if ":" in address else address
    netloc = f"{literal}:{parts.port}" if parts.port else literal
    sent = {
        **headers,
        "host": parts.netloc,
        "content-type": "application/json",
        "user-agent": "Fullhouse-Webhooks/1",
    }
    extensions = {} if _is_address(host) else {"sni_hostname": host}
    async with (
        asyncio.timeout(LIMIT_SECONDS),
        httpx.AsyncClient(
            verify=_trusted(), follow_redirects=False, trust_env=False, timeout=LIMIT_SECONDS
        ) as client,
        client.stream(
            "POST",
            parts._replace(netloc=netloc).geturl(),
            content=body,
            headers=sent,
            extensions=extensions,
        ) as answer,
    ):
        read = 0
        async for part in answer.aiter_raw():
            read += len(part)
            if read > MOST_BYTES:
                break
        return Answer(answer.status_code, f"HTTP {answer.status_code}", _wait(answer))


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom we trust; reading the certificates takes longer than a message."""
    return httpx.create_ssl_context(trust_env=False)


def _wait(answer: httpx.Response) -> int:
    text = answer.headers.get("retry-after", "")
    return min(int(text), _LONGEST_WAIT) if text.isascii() and text.isdigit() else 0


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False
