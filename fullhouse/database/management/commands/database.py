"""`fullhouse database`: manage the embedded PostgreSQL server, or look at the one configured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.markup import escape

from fullhouse.database import server
from fullhouse.database.binaries import find_binaries
from fullhouse.database.client import Target, dump, psql_command
from fullhouse.database.errors import ServerError
from fullhouse.database.report import describe
from fullhouse.database.reset import reset

EXIT_NOT_RUNNING = 3
_EXIT_CODES = "Exit codes: 0 done, 1 it failed and the message says why, 2 wrong arguments"
_ACTIONS: dict[str, tuple[str, str]] = {
    "start": (
        "Start the embedded server, and make it on the first call.",
        "fullhouse database start",
    ),
    "stop": (
        "Stop the embedded server.",
        "fullhouse database stop\n  fullhouse database stop --mode smart",
    ),
    "status": (
        "Show which database is used and whether it runs.",
        "fullhouse database status\n  fullhouse database status --json",
    ),
    "url": (
        "Print the address of the database, for psql and other programs.",
        'fullhouse database url\n  pg_restore --dbname "$(fullhouse database url)" before.dump',
    ),
    "shell": (
        "Open psql; what follows -- goes to psql.",
        "fullhouse database shell\n"
        "  fullhouse database shell -- --command 'SELECT version()'\n"
        "  fullhouse database shell -- --file before.sql",
    ),
    "dump": (
        "Write the whole database to a file: SQL for *.sql, else pg_dump's custom format.",
        "fullhouse database dump before.dump\n  fullhouse database dump before.sql --force",
    ),
    "reset": (
        "Remove the embedded database with all its data. A dump is kept.",
        "fullhouse database reset\n  fullhouse database reset --yes --no-backup",
    ),
}


class Command(BaseCommand):
    """Each action is one method; none needs a connection before it starts."""

    help = "Manage the embedded PostgreSQL server, or look at the one that DATABASE_URL names."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        made = {}
        for name, (text, examples) in _ACTIONS.items():
            codes = _EXIT_CODES
            if name == "status":
                codes += f", {EXIT_NOT_RUNNING} the database does not run"
            made[name] = actions.add_parser(
                name,
                help=text,
                description=text,
                epilog=f"Examples:\n  {examples}\n\n{codes}.",
                formatter_class=RawDescriptionHelpFormatter,
            )
        made["stop"].add_argument(
            "--mode",
            choices=("fast", "smart", "immediate"),
            default="fast",
            help="fast: roll open transactions back (default); smart: wait for clients; "
            "immediate: stop at once and recover at the next start",
        )
        for name in ("status", "url"):
            made[name].add_argument("--json", action="store_true", help="for programs to read")
        made["url"].add_argument(
            "--with-password", action="store_true", help="include the password, if there is one"
        )
        made["shell"].add_argument("arguments", nargs="*", help="arguments of psql, after --")
        made["dump"].add_argument("file", type=Path, help="the file to write")
        made["dump"].add_argument("--force", action="store_true", help="replace an existing file")
        made["reset"].add_argument("--yes", action="store_true", help="do not ask")
        made["reset"].add_argument(
            "--no-backup", action="store_true", help="keep no dump of what is removed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(
            file=cast(TextIO, self.stdout._out),
            soft_wrap=True,
            highlight=False,
            no_color=bool(options["no_color"]),
        )
        try:
            getattr(self, f"do_{options['action']}")(options)
        except ServerError as error:
            raise CommandError(str(error)) from error

    def do_start(self, options: dict[str, Any]) -> None:
        ran = server.status().state == "running"
        now = server.ensure_started()
        verb = "runs already" if ran else "started"
        self.console.print(
            f"[green]PostgreSQL {now.major} {verb}[/] (pid {now.pid}, account {now.account}), "
            f"data in {escape(str(now.cluster))}"
        )

    def do_stop(self, options: dict[str, Any]) -> None:
        ran = server.status().state in ("running", "starting")
        now = server.stop(options["mode"])
        verb = "stopped" if ran else "was not running"
        self.console.print(f"[green]The embedded server {verb}[/]; data in {escape(str(now.home))}")

    def do_status(self, options: dict[str, Any]) -> None:
        facts = describe(Target.configured())
        if options["json"]:
            self.stdout.write(json.dumps(facts, indent=2))
        else:
            for name, value in facts.items():
                if value is not None:
                    self.console.print(f"[bold]{name:<10}[/]  {escape(str(value))}")
        if facts["state"] != "running":
            raise SystemExit(EXIT_NOT_RUNNING)

    def do_url(self, options: dict[str, Any]) -> None:
        target = Target.configured()
        url = target.url(with_password=options["with_password"])
        if options["json"]:
            password = {"password": target.password} if options["with_password"] else {}
            facts = {"url": url, "embedded": target.embedded} | target.parameters() | password
            self.stdout.write(json.dumps(facts, indent=2))
        else:
            self.stdout.write(url)

    def do_shell(self, options: dict[str, Any]) -> None:
        target = Target.configured()
        if target.embedded:
            server.ensure_started()
        command = psql_command(target, options["arguments"])
        self.stdout.flush()
        if os.name == "nt":
            done = subprocess.run(command, env=target.environment(), check=False)
            raise SystemExit(done.returncode)
        os.execve(command[0], command, target.environment())  # noqa: S606 - psql takes over

    def do_dump(self, options: dict[str, Any]) -> None:
        target = Target.configured()
        if target.embedded:
            server.ensure_started()
        file = cast(Path, options["file"]).absolute()
        with self.console.status(f"Writing {escape(str(file))}"):
            dump(target, file, overwrite=options["force"])
        self.console.print(f"[green]Written:[/] {escape(str(file))}, {file.stat().st_size:,} bytes")

    def do_reset(self, options: dict[str, Any]) -> None:
        now = server.status()
        if now.state == "absent":
            self.console.print(f"There is no database in {escape(str(now.home))}: nothing to do.")
            return
        if not options["yes"]:
            self._confirm(now.cluster)
        with self.console.status("Resetting"):
            kept = reset(backup=not options["no_backup"])
        self.console.print(f"[green]Removed[/] {escape(str(now.cluster))}")
        if kept:
            restore = find_binaries().program("pg_restore")
            self.console.print(
                f"A dump is in {escape(str(kept))}. To bring it back into the empty database:\n"
                f"  fullhouse database start\n"
                f'  {escape(str(restore))} --dbname "$(fullhouse database url)" {escape(str(kept))}'
            )

    def _confirm(self, cluster: Path) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is here to confirm. Say --yes to reset without asking.")
        self.console.print(f"[bold red]All data in {escape(str(cluster))} will be removed.[/]")
        if self.console.input("Type reset to go on: ").strip() != "reset":
            raise CommandError("Nothing was removed.")
