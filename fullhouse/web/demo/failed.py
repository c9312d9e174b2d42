"""Why a demo ends before its end."""

from __future__ import annotations


class DemoFailed(Exception):  # noqa: N818 - says what happened
    """A step could not prove what it did; the message says what was expected and found."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def require(holds: bool, message: str) -> None:
    """Raise DemoFailed with `message` unless `holds`."""
    if not holds:
        raise DemoFailed(message)
