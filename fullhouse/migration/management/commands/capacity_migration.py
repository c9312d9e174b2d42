"""`fullhouse capacity_migration`: take a legacy database over, prove it, and come back.

Exit: 0 done, 1 bug, 2 usage, 3 a guard refused, 4 mismatch, 5 budget or retry, 6 another runner,
7 decisions pending, 130 stopped.
"""

from __future__ import annotations

import json
import signal
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final, TextIO, cast

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, Error
from rich.console import Console

from fullhouse.migration import endings, rollback, run, runs
from fullhouse.migration import report as reports
from fullhouse.migration.alerts import Alerts
from fullhouse.migration.alerts import add_arguments as add_alert_arguments
from fullhouse.migration.backup.take import FORMS
from fullhouse.migration.endings import Ending
from fullhouse.migration.exit_codes import ExitCode, MigrationError, UndecidedError, UsageError
from fullhouse.migration.live import cli as live
from fullhouse.migration.live import over_cli as over
from fullhouse.migration.live.rehearse import command as rehearse_command
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Watcher
from fullhouse.migration.report.watcher import TerminalWatcher
from fullhouse.migration.runs import Order
from fullhouse.migration.source import SourceError
from fullhouse.migration.source import command as source_command

_CODES: Final = (
    "Exit codes: 0 done, 1 a bug, 2 usage, 3 a guard refused, 4 mismatch,\n"
    "5 budget or retry, 6 another runner, 7 decisions pending, 130 stopped."
)
_ACTIONS: Final = (
    {
        "backup": "Copy the legacy schema and prove that the copy can be restored.",
        "plan": "Show what would be made and every contradiction; changes nothing.",
        "run": "Back up, plan, take over and validate; run again, it goes on where it stopped.",
        "status": "Show the state, the units done, the history and the next step.",
        "validate": "Compare the legacy side and Fullhouse again.",
        "rollback": "Remove what was made and prove that the legacy schema is as it was.",
    }
    | live.ACTIONS
    | over.ACTIONS
)


class Command(BaseCommand):
    help = "Take a legacy ticketing database over: backup, plan, run, validate, and back."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        for name, text in _ACTIONS.items():
            one = actions.add_parser(
                name,
                help=text,
                description=text,
                epilog=_CODES,
                formatter_class=RawDescriptionHelpFormatter,
            )
            _add_common(one)
            add_alert_arguments(one)
            if name in ("backup", "plan", "run", *live.PLANNING, *over.BACKED_UP):
                _add_backup(one)
            if name in ("plan", "run", *live.PLANNING):
                _add_decisions(one)
            live.add_arguments(one, name)
            over.add_arguments(one, name)
        source_command.add_parser(actions)
        rehearse_command.add_parser(actions)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "source":
            source_command.handle(self, options)
            return
        if options["action"] == "rehearse":
            with _stoppable():
                rehearse_command.handle(self, options)
            return
        order = _order(options)
        as_json, page = bool(options["json"]), cast("Path | None", options["html"])
        console = Console(file=cast(TextIO, self.stdout), no_color=bool(options["no_color"]))
        ended: Ending | None = None
        found: MigrationRun | None = None
        shown = TerminalWatcher(Console(stderr=True))
        with _stoppable(), Alerts(order, options["action"], shown, self._alarm) as alerts:
            try:
                _check_page(page)
                alerts.listen(options["on_event"], options["stall_seconds"])
                found = _act(options, order, alerts)
            except (MigrationError, KeyboardInterrupt) as error:
                ended = alerts.meant(error)
                found = _recorded(order, error)
            except (Error, psycopg.Error, SourceError) as error:
                ended = endings.explained(error)
                if ended is None:
                    raise
            alerts.ended(ended)
        report = _report(found, order)
        if page is not None and report is not None:
            reports.write_page(report, page)
        if as_json:
            self._write_json(report, ended)
        elif report is not None:
            self._show(console, report, ended)
        elif ended is None:
            self.stdout.write(f"No takeover of {order.schema!r} yet. / هنوز آغاز نشده است.")
        if ended is not None:
            raise endings.command_error(ended, order)

    def _alarm(self, line: str) -> None:
        self.stderr.write(line, style_func=str)

    def _write_json(self, report: dict[str, Any] | None, ended: Ending | None) -> None:
        error = None
        if isinstance(ended, MigrationError):
            error = {"en": ended.english, "fa": ended.persian, "facts": ended.facts}
        said = {"exit_code": int(endings.code(ended)), "error": error} | (report or {"state": None})
        self.stdout.write(json.dumps(said, ensure_ascii=False, default=str))

    def _show(
        self,
        console: Console,
        report: dict[str, Any],
        ended: Ending | None,
    ) -> None:
        if isinstance(ended, UndecidedError):
            reports.show_report(console, report)
            reports.show_questions(console, report)
        elif ended is None:
            reports.show_report(console, report)


def _add_common(parser: ArgumentParser) -> None:
    parser.add_argument("--source", default="events", help="preset or .toml file (default: events)")
    parser.add_argument("--schema", default="legacy", help="the legacy schema (default: legacy)")
    parser.add_argument("--yes", action="store_true", help="accept every proposal, ask nothing")
    parser.add_argument("--json", action="store_true", help="the report as JSON, alone on stdout")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as one page")
    parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="Django database alias")


def _add_backup(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--backup-dir", type=Path, metavar="DIR", help="where backups go (default: Fullhouse's)"
    )
    parser.add_argument(
        "--backup-form",
        choices=FORMS,
        default="auto",
        help="dump: pg_dump; copy: CSV files; auto: dump where it is possible (default)",
    )


def _add_decisions(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--decisions", type=Path, metavar="FILE", help="answers, and whole performances, as JSON"
    )
    parser.add_argument(
        "--split",
        choices=("pool", "equal"),
        help="places without a type: the section's pool (default), or equal parts",
    )
    parser.add_argument("--plan-sha", default="", metavar="SHA", help="refuse any other plan")
    parser.add_argument("--workers", type=int, default=2, help="units at a time (default: 2)")
    parser.add_argument(
        "--again", action="store_true", help="roll back what is there, and take over anew"
    )


def _order(options: dict[str, Any]) -> Order:
    workers = int(options.get("workers", 2))
    if not 1 <= workers <= 64:
        raise CommandError("--workers is 1 to 64. / از ۱ تا ۶۴.", returncode=ExitCode.USAGE)
    return Order(
        source=options["source"],
        schema=options["schema"],
        using=options["database"],
        plan_sha=options.get("plan_sha", ""),
        yes=bool(options.get("yes")),
        again=bool(options.get("again")),
        decisions=options.get("decisions"),
        split=options.get("split"),
        backup_dir=options.get("backup_dir"),
        backup_form=options.get("backup_form", "auto"),
        workers=workers,
    )


def _act(options: dict[str, Any], order: Order, watcher: Watcher) -> MigrationRun | None:
    action = options["action"]
    if over.concerns(action, order, options):
        return over.act(action, order, watcher, options)
    if live.concerns(action, order, options):
        return live.act(action, order, watcher, options)
    over.foretell(action, order, watcher)
    if action == "status":
        return runs.known(order)
    if action == "rollback":
        return rollback.rollback(order, watcher)
    return cast(MigrationRun, getattr(run, action)(order, watcher))


def _check_page(page: Path | None) -> None:
    if page is not None and (page.is_dir() or not page.absolute().parent.is_dir()):
        raise UsageError(
            f"--html {page}: name a file in a folder that exists.",
            f"--html {page}: پرونده‌ای در پوشه‌ای موجود بدهید.",
        )


def _recorded(order: Order, ended: BaseException) -> MigrationRun | None:
    """Return the run to report on after a bad end, if its record can be read at all."""
    if isinstance(ended, UsageError):
        return None
    try:
        return runs.known(order)
    except (MigrationError, Error):
        return None


def _report(found: MigrationRun | None, order: Order) -> dict[str, Any] | None:
    if found is None:
        return None
    return reports.build_report(found, using=order.using, source=order.source)


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM ends the work as Ctrl-C does: children stopped, lease given back, 130."""
    try:
        before = signal.signal(signal.SIGTERM, _interrupt)
    except ValueError:  # not in the main thread, where signals are somebody else's
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
