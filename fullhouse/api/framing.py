"""How changes go over the wire as Server-Sent Events (the HTML standard, section 9.2).

Pure text in and out, so that every server of ours says the same.
"""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from fullhouse.events.services.changes import Change, Changes

MEDIA_TYPE: Final = "text/event-stream"
#: No cache and no proxy may keep a part back.
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
#: How often a stream looks: changes in between are told as one.
LOOK_SECONDS: Final = 0.5
#: How long a stream is silent before it says that it lives.
HEARTBEAT_SECONDS: Final = 15.0
#: How long a reader waits before it connects again.
RETRY_MS: Final = 2000
_EVERYTHING: Final = ("availability", "plan", "seats", "status")


def opening(position: str) -> bytes:
    """Return what a stream begins with: when to come back, and the position, without an event."""
    return f"retry: {RETRY_MS}\nid: {position}\n\n".encode()


def heartbeat(position: str) -> bytes:
    """Return a sign of life that moves the reader's position and is no event."""
    return f": still here\nid: {position}\n\n".encode()


def change_event(performance_id: UUID, found: Changes) -> bytes | None:
    """Return the event of one performance, or None where nothing happened to it."""
    if found.everything:
        facts = _facts(Change(performance_id, _EVERYTHING, None))
    else:
        mine = [each for each in found.changes if each.performance_id == performance_id]
        if not mine:
            return None
        facts = _facts(mine[0])
    text = json.dumps(facts, separators=(",", ":"))
    return f"event: change\nid: {found.position}\ndata: {text}\n\n".encode()


def _facts(change: Change) -> dict[str, Any]:
    sections = None if change.sections is None else [str(each) for each in change.sections]
    return {
        "performance": str(change.performance_id),
        "changed": list(change.parts),
        "sections": sections,
    }
