"""Takeovers that are wrong in one way each; a rehearsal that lets one of them pass proves nothing.

Each swaps one function or one piece of SQL for the length of a block, in this process alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.conf import settings

from fullhouse.migration import sql_files, validate
from fullhouse.migration.live import capture, fence, project
from fullhouse.migration.live.rehearse.market import Market
from fullhouse.migration.session import Session

from .rehearsals import wait_for_sales

_SALES = 20


@contextmanager
def _changed_sql(names: tuple[str, ...], before: str, after: str) -> Iterator[None]:
    """Change SQL files as they are read; one that lacks what is to be changed is an error."""
    real = sql_files.text

    def text(asked: str) -> str:
        said = real(asked)
        if asked not in names:
            return said
        assert before in said, f"{asked} is no longer what this mutant changes"
        return said.replace(before, after)

    with patch.object(sql_files, "text", text):
        yield


@contextmanager
def slow_batches(market: Market) -> Iterator[None]:
    """No mutant, but what each of them is shown in: every batch of the backfill takes long.

    Sales are acknowledged between what a batch read and its commit.
    """
    real = project.remake

    def remake(session: Session) -> int:
        seats = real(session)
        wait_for_sales(market, _SALES)
        return seats

    with patch.object(project, "remake", remake):
        yield


@contextmanager
def deltas() -> Iterator[None]:
    """Changes are applied to what stands, as additive triggers do, instead of remembered.

    A change of what is not there yet changes nothing, and is forgotten.
    """
    forget = (
        "DELETE FROM {outbox} AS o WHERE o.xmin = pg_current_xact_id()::xid"
        " AND o.performance_id NOT IN (SELECT made.id"
        f" FROM {settings.FULLHOUSE_SCHEMA}.events_eventperformance AS made);"
    )
    names = ("live/capture_unit.sql", "live/capture_performance.sql")
    with _changed_sql(names, "RETURN NULL;", f"{forget} RETURN NULL;"):
        yield


@contextmanager
def late_capture(market: Market) -> Iterator[None]:
    """Capture is put on after the first batch has read, not before."""
    real = project.remake
    late: list[Callable[[Any], None]] = []

    def install(run: Any, source: Any, *, using: str) -> list[str]:
        late.append(lambda cursor: capture.create(run, source, cursor))
        return []

    def remake(session: Session) -> int:
        seats = real(session)
        if late:
            wait_for_sales(market, _SALES)
            late.pop()(session.cursor)
        return seats

    with patch.object(capture, "install", install), patch.object(project, "remake", remake):
        yield


@contextmanager
def no_unit_lock() -> Iterator[None]:
    """Two passes may make the same unit at once."""
    with _changed_sql(("live/take_units.sql",), "FOR UPDATE OF u SKIP LOCKED", ""):
        yield


@contextmanager
def no_fence() -> Iterator[None]:
    """The legacy tables go on taking what they are told after the cut-over."""
    with patch.object(fence, "put_up", lambda *_given: None):
        yield


@contextmanager
def sums_only() -> Iterator[None]:
    """Validation adds up what was made, and looks at no row of the legacy side."""
    checks = [name for name in validate._CHECKS if "three_checks" in name]
    assert len(checks) == 1
    with patch.object(validate, "_CHECKS", checks):
        yield
