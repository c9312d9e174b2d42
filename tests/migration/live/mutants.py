"""Takeovers that are wrong in one way each; a proof that lets one of them pass proves nothing.

Each swaps one function or one piece of SQL for the length of a block, in this process alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.migration import sql_files, validate
from fullhouse.migration.live import capture, fence, project, reverse, reverse_capture
from fullhouse.migration.session import Session

_SQL = Path(__file__).resolve().parent / "mutant_sql"


@contextmanager
def _other_sql(change: Callable[[str, str], str]) -> Iterator[None]:
    """Give SQL files another text, by name and text; one that changes nothing is an error."""
    real, changed = sql_files.text, []

    def text(asked: str) -> str:
        said = real(asked)
        other = change(asked, said)
        if other != said:
            changed.append(asked)
        return other

    with patch.object(sql_files, "text", text):
        yield
    assert changed, "the SQL is no longer what this mutant changes"


@contextmanager
def deltas() -> Iterator[None]:
    """Sales are applied to what stands, as additive triggers do, and nothing is made anew."""
    instead = (_SQL / "deltas.sql").read_text().replace("own_schema", own_schema())

    def change(name: str, text: str) -> str:
        return instead if name == "live/capture_unit.sql" else text

    with _other_sql(change):
        yield


@contextmanager
def late_capture() -> Iterator[None]:
    """Capture is put on after the first batch has read, not before."""
    real = project.remake
    late: list[Callable[[Any], None]] = []

    def install(run: Any, source: Any, *, using: str) -> list[str]:
        late.append(lambda cursor: capture.create(run, source, cursor))
        return []

    def remake(session: Session) -> int:
        seats = real(session)
        if late:
            late.pop()(session.cursor)
        return seats

    with patch.object(capture, "install", install), patch.object(project, "remake", remake):
        yield


@contextmanager
def no_unit_lock() -> Iterator[None]:
    """Two passes may make the same unit at once."""
    lock = "FOR UPDATE OF u SKIP LOCKED"

    def change(name: str, text: str) -> str:
        return text.replace(lock, "") if name == "live/take_units.sql" else text

    with _other_sql(change):
        yield


@contextmanager
def no_fence() -> Iterator[None]:
    """The legacy tables go on taking what they are told after the cut-over."""
    with patch.object(fence, "put_up", lambda *_given: None):
        yield


@contextmanager
def no_own_fence() -> Iterator[None]:
    """Fullhouse goes on selling after the way back, until its rows are gone."""
    with patch.object(fence, "put_up_own", lambda *_given: None):
        yield


@contextmanager
def no_ledger_lock() -> Iterator[None]:
    """Fullhouse goes on selling while the way back drains."""
    with patch.object(reverse_capture, "lock_sellers", lambda _cursor: None):
        yield


@contextmanager
def no_reverse_drain() -> Iterator[None]:
    """What Fullhouse sold since the last pass is not written back."""
    with patch.object(reverse, "drain", lambda _back: 0):
        yield


@contextmanager
def sums_only() -> Iterator[None]:
    """Validation adds up what was made, and looks at no row of the legacy side."""
    checks = [name for name in validate._CHECKS if "three_checks" in name]
    assert len(checks) == 1
    with patch.object(validate, "_CHECKS", checks):
        yield
