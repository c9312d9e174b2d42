"""What is told: one JSON object with the same seven names each time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What happened."""

    PHASE_STARTED = "phase_started"
    PHASE_FINISHED = "phase_finished"
    FAILED = "failed"
    STALLED = "stalled"
    VALIDATION_MISMATCH = "validation_mismatch"
    CUT_OVER = "cut_over"
    ROLLED_BACK = "rolled_back"


#: Those that somebody should look at now; each is also a line on stderr.
ALARMS: Final = (Kind.FAILED, Kind.STALLED, Kind.VALIDATION_MISMATCH)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `at`: UTC, ISO 8601. `exit_code`: how the command ends; None while it goes on.

    `reason` has `en` and `fa`, `next_step` also the `command`; None where there is nothing to say.
    """

    at: str
    event: Kind
    run: str | None
    phase: str | None
    exit_code: int | None
    reason: dict[str, str] | None
    next_step: dict[str, str] | None

    def line(self) -> str:
        """Return the event as JSON on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)
