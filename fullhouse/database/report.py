"""Say which database is in use and how it does, for people and for programs."""

from __future__ import annotations

from typing import Any

from . import server
from .client import Target
from .config import schema_name
from .errors import ServerError


def describe(target: Target) -> dict[str, Any]:
    """Return the facts that `database status` shows; the keys are stable.

    `state` is running, starting, stopped or absent (no cluster yet) for the embedded server, and
    running or unreachable for the one of DATABASE_URL, which is tried. Starts nothing.
    """
    common = {"url": target.url(), "schema": schema_name()}
    if not target.embedded:
        try:
            major = target.server_major()
        except ServerError as error:
            return {"state": "unreachable", "embedded": False, "reason": str(error)} | common
        return {"state": "running", "embedded": False, "postgresql": major} | common
    now = server.status()
    facts = {
        "state": now.state,
        "embedded": True,
        "postgresql": now.major,
        "pid": now.pid,
        "account": now.account,
        "home": str(now.home),
        "cluster": str(now.cluster),
        "host": now.host,
        "port": now.port,
        "log": str(now.log),
    }
    return facts | common
