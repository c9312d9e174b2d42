"""What both clients are made from: where the server is, who asks, in which language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fullhouse.client.conversation import Retries

API = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Setup:
    """`url` is the server's address; `key` an API key, never logged by this package.

    `language` ("en", "fa") is that of the errors' sentences; `timeout_seconds` of one attempt.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    language: str = "en"
    timeout_seconds: float = 10.0
    retries: Retries = field(default_factory=Retries)

    def of_httpx(self) -> dict[str, Any]:
        """Return the arguments of an httpx client."""
        headers = {"Accept-Language": self.language, "User-Agent": "fullhouse-client"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        return {
            "base_url": self.url.rstrip("/") + API,
            "headers": headers,
            "timeout": self.timeout_seconds,
        }
