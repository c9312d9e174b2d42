"""The operator's command: it gets each event on stdin, beside the takeover and never in its way.

It is started without a shell, in a thread of its own, one event after the other. Whatever it does,
the takeover goes on and ends as it would have; that the command failed is said on stderr.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shlex
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from typing import IO, Any, Final

from fullhouse.migration.exit_codes import UsageError

#: How long the command may take for one event, and how long the end waits for what is left.
LIMIT_SECONDS: Final = 10.0
CLOSE_SECONDS: Final = 30.0
_SHOWN: Final = 300

Say = Callable[[str, str], None]


def words(command: str) -> list[str]:
    """Return a command as its words, by the shell's rules of quoting. Raises UsageError."""
    try:
        return shlex.split(command)
    except ValueError as error:
        raise UsageError(
            f"--on-event {command!r} cannot be read: {error}.",
            f"--on-event {command!r} خوانده نمی‌شود: {error}.",
        ) from error


class Hook:
    """Runs the command once an event. `say` hears of its failures."""

    def __init__(
        self,
        command: list[str],
        say: Say,
        *,
        limit_seconds: float = LIMIT_SECONDS,
        close_seconds: float = CLOSE_SECONDS,
    ) -> None:
        self._command = command
        self._say = say
        self._limit = limit_seconds
        self._close = close_seconds
        self._waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="event hook", daemon=True)
        self._thread.start()

    def tell(self, line: str) -> None:
        """Hand an event over and return at once."""
        self._waiting.put(line)

    def close(self) -> None:
        """Wait until everything is told, but no longer than `close_seconds`."""
        self._waiting.put(None)
        self._thread.join(self._close)
        if self._thread.is_alive():
            self._failed("it is too slow; later events were not told", "کند است؛ بقیه گفته نشد")

    def _work(self) -> None:
        while (line := self._waiting.get()) is not None:
            try:
                self._run(line)
            except OSError as error:
                self._failed(str(error), str(error))

    def _run(self, line: str) -> None:
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            ) as process,
        ):
            try:
                process.communicate(f"{line}\n".encode(), timeout=self._limit)
            except subprocess.TimeoutExpired:
                _kill(process)
                self._failed(
                    f"it took longer than {self._limit:g} s and was stopped",
                    f"بیش از {self._limit:g} ثانیه طول کشید و متوقف شد",
                )
                return
            if process.returncode:
                end = _end_of(said)
                self._failed(
                    f"it ended with {process.returncode}{end}",
                    f"با {process.returncode} پایان گرفت{end}",
                )

    def _failed(self, english: str, persian: str) -> None:
        name = self._command[0]
        self._say(
            f"--on-event {name}: {english}. The takeover is not touched by that.",
            f"--on-event {name}: {persian}. بر جابه‌جایی اثری ندارد.",
        )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the command and whatever it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_of(said: IO[Any]) -> str:
    said.seek(0)
    text = said.read().decode(errors="replace").strip()[-_SHOWN:]
    return f": {text}" if text else ""
