"""Watches a takeover's phases for those who are not there: alarms, and the operator's command."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

import psycopg
from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from fullhouse.migration import endings
from fullhouse.migration.alerts import reasons
from fullhouse.migration.alerts.event import ALARMS, Event, Kind
from fullhouse.migration.alerts.hook import Hook, words
from fullhouse.migration.alerts.record import Record
from fullhouse.migration.alerts.stall import (
    WATCHED,
    Progressing,
    Stall,
    Watchman,
    stop_main_thread,
)
from fullhouse.migration.endings import Ending
from fullhouse.migration.exit_codes import ExitCode, MismatchError, RetryError, UsageError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Progress, Watcher
from fullhouse.migration.report.next_step import after
from fullhouse.migration.runs import Order

STALL_SECONDS: Final = 600.0
#: What only looks: it is no phase, and nobody is woken for it.
LOOKING: Final = ("status",)
#: What compares both sides at its end, when its phases are over.
_COMPARE: Final = ("run", "validate")


def add_arguments(parser: ArgumentParser) -> None:
    """Add `--on-event` and `--stall-seconds`."""
    parser.add_argument(
        "--on-event",
        default=None,
        metavar="CMD",
        help="run this for each event, with its JSON on stdin (default: FULLHOUSE_ON_EVENT)",
    )
    parser.add_argument(
        "--stall-seconds",
        type=float,
        default=STALL_SECONDS,
        metavar="N",
        help="a backfill or sync that finishes nothing for so long is stalled; 0: never "
        f"(default: {STALL_SECONDS:g})",
    )


class Alerts:
    """A watcher that passes everything on to `inner` and tells what happens.

    For a `with` block around the work: at its end the operator's command is waited for, and an
    error that nobody expected is told as one. `write` gets a line of JSON for each alarm.
    """

    def __init__(self, order: Order, action: str, inner: Watcher, write: Callable[[str], object]):
        self._order = order
        self._action = action
        self._inner = inner
        self._write = write
        self._record = Record(order)
        self._hook: Hook | None = None
        self._stall_seconds = 0.0
        self._phase: str | None = None
        self._failed: str | None = None
        self._hung = False

    def listen(self, command: str | None, stall_seconds: float) -> None:
        """Take `--on-event` (None: the setting) and `--stall-seconds`. Raises UsageError."""
        if not 0 <= stall_seconds <= 1_000_000:
            raise UsageError(
                "--stall-seconds is 0 (never) or more.", "--stall-seconds صفر (هرگز) یا بیشتر است."
            )
        if self._action in LOOKING:
            return
        self._stall_seconds = stall_seconds
        given = words(settings.FULLHOUSE_ON_EVENT if command is None else command)
        if given:
            self._record.begin()
            self._hook = Hook(given, self.say)

    def say(self, english: str, persian: str) -> None:
        """Pass a sentence on."""
        self._inner.say(english, persian)

    @contextmanager
    def phase(self, name: str) -> Iterator[Progress]:
        """Show a phase, tell its beginning and end, and see whether it gets on."""
        self._phase, self._failed = name, None
        self._follow(Kind.PHASE_STARTED)
        try:
            with self._inner.phase(name) as shown, self._watched(name) as moved:

                def progress(done: int, total: int, rows: int) -> None:
                    moved(done, rows)
                    shown(done, total, rows)

                yield progress
        except BaseException:
            self._failed = name
            raise
        self._follow(Kind.PHASE_FINISHED)
        self._phase = None

    def meant(self, ended: Ending) -> Ending:
        """Return what an ending is: an interruption of a phase that hung is no operator's."""
        if not (self._hung and isinstance(ended, KeyboardInterrupt)):
            return ended
        reason = reasons.hangs(self._failed or "-", self._stall_seconds)
        return RetryError(
            f"{reason['en']} What is committed stays; run the same command again.",
            f"{reason['fa']} آنچه نوشته شده می‌ماند؛ همین فرمان را دوباره بدهید.",
        )

    def ended(self, ending: Ending | None) -> None:
        """Tell what became of the command: moves that are on record, and how it ended badly."""
        self._tell_moves()
        if ending is None or self._hung or self._action in LOOKING:
            return
        code, reason = endings.code(ending), reasons.of(ending)
        if isinstance(ending, MismatchError) and self._failed is None and self._action in _COMPARE:
            self._tell(Kind.VALIDATION_MISMATCH, code, reason, phase="validate")
        else:
            self._tell(Kind.FAILED, code, reason)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and self._action not in LOOKING:
            self._tell(Kind.FAILED, ExitCode.BUG, reasons.bug(error))
        if self._hook is not None:
            self._hook.close()

    @contextmanager
    def _watched(self, name: str) -> Iterator[Callable[[int, int], None]]:
        if not self._stall_seconds or name not in WATCHED:
            yield lambda _done, _rows: None
            return
        progress = Progressing(self._stall_seconds)
        stoppable = threading.current_thread() is threading.main_thread() and callable(
            signal.getsignal(signal.SIGTERM)
        )

        def found(stall: Stall) -> None:
            self._stalled(name, stall, stoppable=stoppable)

        watchman = Watchman(progress, self._stall_seconds, found)
        watchman.start()
        try:
            yield progress.take
        finally:
            watchman.end()

    def _stalled(self, name: str, stall: Stall, *, stoppable: bool) -> None:
        """Tell a stall, in the watchman's thread; end the phase if it hangs."""
        if stall == "hangs":
            reason = reasons.hangs(name, self._stall_seconds)
            self._hung = stoppable
            code = ExitCode.RETRY if stoppable else None
        else:
            reason = reasons.rests(name, self._stall_seconds, self._record.throttle())
            code = None
        self._tell(Kind.STALLED, code, reason, phase=name)
        connections.close_all()  # those of this thread, where each has its own
        if stall == "hangs" and stoppable:
            stop_main_thread()

    def _follow(self, kind: Kind) -> None:
        if self._hook is not None:
            self._tell_moves()
            self._tell(kind)

    def _tell_moves(self) -> None:
        if self._hook is None:
            return
        for state in self._record.moves():
            self._tell(Kind.CUT_OVER if state == "cut_over" else Kind.ROLLED_BACK)

    def _tell(
        self,
        kind: Kind,
        code: ExitCode | None = None,
        reason: dict[str, str] | None = None,
        *,
        phase: str | None = None,
    ) -> None:
        if self._hook is None and kind not in ALARMS:
            return
        run = self._run()
        quiet = kind in (Kind.PHASE_STARTED, Kind.PHASE_FINISHED)
        event = Event(
            at=timezone.now().isoformat(timespec="milliseconds"),
            event=kind,
            run=str(run.pk) if run else None,
            phase=phase or self._failed or self._phase or self._action,
            exit_code=None if code is None else int(code),
            reason=reason,
            next_step=None if quiet else after(run, self._order, code),
        )
        if kind in ALARMS:
            self._write(event.line())
        if self._hook is not None:
            self._hook.tell(event.line())

    def _run(self) -> MigrationRun | None:
        try:
            return self._record.run()
        except (Error, psycopg.Error):
            return None
