"""Progress in a terminal (stderr): phase, bar, units, rows a second, time left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from fullhouse.migration import progress as progresses


class TerminalWatcher:
    """Shows phases as bars; where stderr is no terminal, as one line each."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def phase(self, name: str) -> Iterator[progresses.Progress]:
        """Show one phase; a phase that fails leaves its line where it stopped."""
        began = time.monotonic()
        shown = Shown()
        with Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description:<9}"),
            BarColumn(),
            TextColumn("{task.fields[said]}"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        ) as bar:
            task = bar.add_task(name, total=None, said="")

            def report(done: int, total: int, rows: int) -> None:
                shown.take(done, total, rows, time.monotonic() - began)
                bar.update(task, completed=done, total=total or None, said=shown.text())

            yield report
            bar.update(task, total=1, completed=1, said=shown.text())
        if not self._console.is_terminal:
            took = time.monotonic() - began
            self._console.print(f"{name}: {shown.text()} {took:.1f} s", highlight=False)

    def say(self, english: str, persian: str) -> None:
        """Print a sentence in both languages."""
        self._console.print(escape(english), highlight=False)
        self._console.print(escape(persian), highlight=False)


class Shown:
    """The last progress that was reported, and how fast rows go."""

    def __init__(self) -> None:
        self._done = self._total = self._rows = self._speed = 0

    def take(self, done: int, total: int, rows: int, elapsed: float) -> None:
        """Remember a report `elapsed` seconds after the phase began."""
        self._done, self._total, self._rows = done, total, rows
        self._speed = int(rows / elapsed) if elapsed > 0 else 0

    def text(self) -> str:
        """Return `12/40 units, 3,000 rows, 51,000/s`, as far as it is known."""
        parts = [f"{self._done:,}/{self._total:,}" if self._total else ""]
        if self._rows:
            parts += [f"{self._rows:,} rows", f"{self._speed:,}/s"]
        return ", ".join(part for part in parts if part)
