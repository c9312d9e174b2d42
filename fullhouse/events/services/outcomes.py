"""What the services share: checks of plain arguments, and the step from outcome to refusal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest, Refusal

# The columns' sizes.
_LENGTHS: Final = {"actor": 100, "reason": 255, "idempotency_key": 200}


def granted(outcome: dict[str, Any], expected: str) -> dict[str, Any]:
    """Return the outcome when it is the expected one; raise Refusal otherwise."""
    code = str(outcome["outcome"])
    if code == expected:
        return outcome
    facts = {name: value for name, value in outcome.items() if name not in ("outcome", "replayed")}
    raise Refusal(code, facts)


def check_texts(**texts: str | None) -> None:
    """Check the texts that every writing call takes against their columns.

    Raises InvalidRequest with the name of the argument.
    """
    for name, text in texts.items():
        if text is None and name == "idempotency_key":
            continue
        if not isinstance(text, str):
            raise InvalidRequest(name, "must be text")
        if "\x00" in text:
            raise InvalidRequest(name, "must not contain a NUL character")
        if len(text) > _LENGTHS[name]:
            raise InvalidRequest(name, f"at most {_LENGTHS[name]} characters, not {len(text)}")
    if (key := texts.get("idempotency_key")) is not None and not key.strip():
        raise InvalidRequest("idempotency_key", "must not be blank; leave it out instead")


def check_ids(**ids: object) -> None:
    """Check that each argument is a UUID. Raises InvalidRequest with its name."""
    for name, value in ids.items():
        if not isinstance(value, UUID):
            raise InvalidRequest(name, f"must be a UUID, not {value!r}")


def check_quantity(name: str, value: object, most: int) -> None:
    """Check that a count is a whole number from 1 to `most`. Raises InvalidRequest."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InvalidRequest(name, f"1 to {most}, not {value!r}")


def moment(value: str) -> datetime:
    """Return the aware time that the engine wrote as ISO 8601 text."""
    return datetime.fromisoformat(value)


def replayed(outcome: Mapping[str, Any]) -> bool:
    """Tell whether this answer was given before, under the same idempotency key."""
    return bool(outcome.get("replayed", False))
