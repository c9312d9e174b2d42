"""The body of a message: what happened, to what, when. No names, no tokens."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Message:
    """An event to announce; `event_id` is of the catalogue's event, None: of the whole house."""

    message_id: str
    kind: str
    at: datetime.datetime
    performance_id: UUID | None
    event_id: UUID | None
    data: dict[str, Any]

    def body(self) -> str:
        """Return the JSON that is signed and sent."""
        data = {name: value for name, value in self.data.items() if value is not None}
        if self.performance_id is not None:
            data = {"performance": self.performance_id, "event": self.event_id, **data}
        at = self.at.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
        return json.dumps(
            {"type": self.kind, "timestamp": at.replace("+00:00", "Z"), "data": data},
            ensure_ascii=False,
            separators=(",", ":"),
            default=str,
        )
