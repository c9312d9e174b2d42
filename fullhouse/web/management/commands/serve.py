"""`fullhouse serve`: the pages and the admin.

Exit: 0 stopped by Ctrl-C or SIGTERM, 1 it cannot serve and the message says why, 2 wrong arguments.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from fullhouse.web.serving import CannotServeError, require_migrated, serve

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    """Looks first whether it can serve, so that it never starts half."""

    help = "Serve the pages and the admin until Ctrl-C."
    # A served process loads and checks the application itself.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address (default: 127.0.0.1)")
        parser.add_argument("--port", type=port_number, default=8000, help="port (default: 8000)")
        parser.add_argument(
            "--workers", type=int, default=1, help="processes, 1 to 32 (default: 1)"
        )
        parser.add_argument(
            "--no-gate",
            action="store_true",
            help="answer the hot calls of the API by Django too, slower",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port, workers = options["host"], options["port"], options["workers"]
        if not 1 <= workers <= 32:
            raise CommandError("--workers must be 1 to 32.", returncode=2)
        try:
            require_migrated()
            serve(
                host,
                port,
                workers,
                gate=not options["no_gate"],
                say_ready=lambda: self._ready(host, port),
            )
        except Error as error:
            raise CommandError(
                f"The database cannot be reached: {error}\nSee: fullhouse database status"
            ) from error
        except CannotServeError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Stopped. The database goes on; to stop it: fullhouse database stop")

    def _ready(self, host: str, port: int) -> None:
        name = f"[{host}]" if ":" in host else host
        name = "localhost" if host in LOOPBACK else name
        self.stdout.write(f"Serving http://{name}:{port}  (Ctrl-C stops)")
        if host not in LOOPBACK and not {host, "*"} & set(settings.ALLOWED_HOSTS):
            self.stdout.write(
                "Other machines are answered only under the names in FULLHOUSE_ALLOWED_HOSTS, "
                f"now: {', '.join(settings.ALLOWED_HOSTS)}"
            )
        self.stdout.flush()


def port_number(text: str) -> int:
    """Read a TCP port, 1 to 65535; anything else is a usage error."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise ArgumentTypeError(f"{text!r} is no port; give a number from 1 to 65535")
    return int(text)
