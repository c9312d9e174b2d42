"""`fullhouse demo`: a dirty legacy database taken over, proved, sold from, and served.

Exit: 0 all of it held (and, serving, it was stopped), 1 a step failed, 2 wrong arguments, 130
stopped before the end; a takeover that fails ends with its own code (`capacity_migration --help`).
"""

from __future__ import annotations

import json
import os
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    OutputWrapper,
)
from django.db import Error
from rich.console import Console

from fullhouse.web.demo.evening import Evening
from fullhouse.web.demo.failed import DemoFailed
from fullhouse.web.demo.source import DEFAULT_SEATS, MOST_SEATS, LegacyData
from fullhouse.web.demo.worker import worker
from fullhouse.web.management.commands.serve import port_number
from fullhouse.web.serving import CannotServeError, require_free, serve

HOST = "127.0.0.1"
WIDTH_OF_FILES = 120


class Command(BaseCommand):
    """Says every step; the second time it finds what the first one made."""

    help = "Set up, take a legacy database over, prove it, sell a few places, serve the pages."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="end after the audit")
        parser.add_argument("--port", type=port_number, default=8000, help="port (default: 8000)")
        data = parser.add_mutually_exclusive_group()
        data.add_argument(
            "--seats",
            type=_seats,
            default=DEFAULT_SEATS,
            help=f"seats of made-up data (default: {DEFAULT_SEATS})",
        )
        data.add_argument("--file", type=_file, help="take this dumpdata file over instead")
        parser.add_argument(
            "--json", action="store_true", help="what was found as JSON; the rest on stderr"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        data = LegacyData(seats=options["seats"], file=options["file"])
        console = _console(self.stderr if options["json"] else self.stdout, options["no_color"])
        evening = Evening(console, data)
        try:
            if not options["no_serve"]:
                require_free(HOST, options["port"])
            evening.play()
        except DemoFailed as failed:
            raise CommandError(str(failed), returncode=failed.exit_code) from failed
        except CannotServeError as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(
                f"The database failed: {error}\nSee: fullhouse database status"
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(evening.facts, ensure_ascii=False, default=str))
        if not options["no_serve"]:
            self._serve(console, data, options["port"])

    def _serve(self, console: Console, data: LegacyData, port: int) -> None:
        if data.made_up:
            # Both: workers are forked, or started anew where the platform cannot fork.
            settings.FULLHOUSE_PUBLIC_REPORTS = True
            os.environ["FULLHOUSE_PUBLIC_REPORTS"] = "1"

        def ready() -> None:
            url = f"http://localhost:{port}"
            console.print(f"  Buy              {url}/", highlight=False)
            console.print(f"  The takeover     {url}/migrations/", highlight=False)
            console.print(f"  Run the house    {url}/console/", highlight=False)
            console.print(f"  HTTP API         {url}/api/v1/docs", highlight=False)
            console.print(f"  Admin            {url}/admin/", highlight=False)
            console.print("  Ctrl-C stops", highlight=False)

        try:
            with worker():
                serve(HOST, port, 1, say_ready=ready)
        except CannotServeError as error:
            raise CommandError(str(error)) from error
        console.print(
            "\nStopped. The database goes on; to stop it: fullhouse database stop", highlight=False
        )


def _console(stream: OutputWrapper, no_color: bool) -> Console:
    """Return the console; a file or pipe is no 80-column screen, so that trees stay whole."""
    file = cast(TextIO, stream._out)
    width = None if file.isatty() or "COLUMNS" in os.environ else WIDTH_OF_FILES
    return Console(file=file, no_color=no_color or None, width=width, soft_wrap=True)


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise ArgumentTypeError(f"{text}: no such file")
    return Path(text)


def _seats(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_SEATS):
        raise ArgumentTypeError(f"{text!r}: give a number from 1 to {MOST_SEATS}")
    return int(text)
