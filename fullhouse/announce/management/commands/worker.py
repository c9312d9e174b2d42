"""`fullhouse worker`: sweeps, scheduled releases, waiting lists, webhooks.

Exit: 0 stopped or done, 5 the database was in the way (with --once), 1 it broke.
"""

from __future__ import annotations

import argparse
import json
import queue
import signal
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from fullhouse.announce.worker import SENDERS, Worker, run_once
from fullhouse.events.domain.errors import CapacityError, Conflict
from fullhouse.events.engine.failures import failure

EXAMPLES = """
examples:
  fullhouse worker              until it is stopped, by Ctrl-C or SIGTERM
  fullhouse worker --once       everything that is due, once: for cron
"""
_LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """One worker is enough; more share the work."""

    help = "End overdue holds, offer places to who waits, send webhooks; in the background."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the examples as they are written."""
        kwargs.update(epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and end")
        parser.add_argument("--json", action="store_true", help="with --once: for programs")
        parser.add_argument(
            "--senders", type=int, default=SENDERS, help="webhooks at once (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["senders"] <= 32:
            raise CommandError("--senders: 0 to 32", returncode=2)
        if options["once"]:
            self._once(options)
            return
        told: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, frame: told.put(number))
        worker = Worker(senders=options["senders"])
        worker.start()
        self.stdout.write("The worker is at work. Stop it with Ctrl-C.")
        self.stdout.flush()
        while worker.is_whole:
            with suppress(queue.Empty):
                told.get(timeout=_LOOK_SECONDS)
                break
        broken = not worker.is_whole
        worker.stop()
        worker.join()
        if broken:
            raise CommandError("The worker broke; the messages above say where.", returncode=1)

    def _once(self, options: dict[str, Any]) -> None:
        try:
            done = run_once()
        except (CapacityError, Error) as error:
            meant = failure(error) if isinstance(error, Error) else error
            code = 5 if isinstance(meant, Conflict) else 1
            raise CommandError(str(meant), returncode=code) from error
        if options["json"]:
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
