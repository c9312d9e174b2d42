"""How this process logs: for people, or a JSON object a line. Imported by the settings.

No secret and no personal data: route templates instead of addresses, a key's public prefix, no
headers, no bodies, no query.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Any, Final, Literal

Style = Literal["text", "json"]
ACCESS: Final = "fullhouse.access"

#: The request that this context answers, '' outside of any.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class WithRequestId(logging.Filter):
    """Adds the request's id to every record that is logged while it is answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get()
        return True


def log_access(
    *, method: str, route: str, status: int, seconds: float, request_id: str, key: str | None
) -> None:
    """Log one answered request; `key` is the public prefix of the caller's API key."""
    log = logging.getLogger(ACCESS)
    if log.isEnabledFor(logging.INFO):
        facts = {
            "request_id": request_id,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "key": key,
        }
        log.info("%s %s %s", method, route, status, extra=facts)


def logging_settings(style: Style, access: bool) -> dict[str, Any]:
    """Return Django's LOGGING. Lines go to stderr."""
    formatters: dict[str, Any] = {
        "text": {"format": "%(message)s"},
        "access": {
            "format": "%(asctime)s %(message)s %(ms)s ms %(request_id)s key=%(key)s",
        },
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": "%(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"levelname": "level", "name": "logger"},
            "timestamp": "at",
            "json_ensure_ascii": False,
        },
    }

    def handler(formatter: str) -> dict[str, Any]:
        return {
            "class": "logging.StreamHandler",
            "formatter": "json" if style == "json" else formatter,
            "filters": ["request_id"],
        }

    def logger(level: str) -> dict[str, Any]:
        return {"handlers": ["console"], "level": level}

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": formatters,
        "filters": {"request_id": {"()": WithRequestId}},
        "handlers": {"console": handler("text"), "access": handler("access")},
        "loggers": {
            "django": logger("WARNING"),
            # Pages that do not exist are the visitor's business; errors of ours are not.
            "django.request": logger("ERROR") | {"propagate": False},
            "fullhouse": logger("WARNING"),
            ACCESS: {
                "handlers": ["access"],
                "level": "INFO" if access else "CRITICAL",
                "propagate": False,
            },
        },
    }
