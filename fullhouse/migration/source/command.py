"""`fullhouse capacity_migration source check FILE --schema NAME`: what a source lacks.

Exit: 0 it can be used (warnings and notes are shown), 2 the file is no source, 3 it does not fit
the tables.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, Error

from fullhouse.migration import endings, guards
from fullhouse.migration.exit_codes import ExitCode, MigrationError
from fullhouse.migration.live.check_source import check_live
from fullhouse.migration.source.check import check
from fullhouse.migration.source.findings import Findings
from fullhouse.migration.source.load import Reading, read

_SIGNS: Final = {"error": "✗", "warning": "!", "note": "·"}
_TITLES: Final = {
    "error": "Wrong / نادرست",
    "warning": "Look at / ببینید",
    "note": "Good to know / دانستنی",
}


def add_parser(actions: Any) -> None:
    """Add `source check` to the actions of the command."""
    text = "Check a source file against the tables of a schema; changes nothing."
    one = actions.add_parser("source", help=text, description=text)
    check_ = one.add_subparsers(dest="what", required=True, metavar="check").add_parser(
        "check", help=text, description=text
    )
    check_.add_argument("file", help="a .toml file, or the name of a preset")
    check_.add_argument("--schema", default="legacy", help="the legacy schema (default: legacy)")
    check_.add_argument("--json", action="store_true", help="the outcome as JSON, alone on stdout")
    check_.add_argument("--database", default=DEFAULT_DB_ALIAS, help="Django database alias")


def handle(command: BaseCommand, options: dict[str, Any]) -> None:
    """Run the check and show it. Raises CommandError with the exit code if it does not fit."""
    reading, found = _look(options)
    usable = reading.source is not None and not reading.problems
    code = ExitCode.REFUSED if found.count("error") else ExitCode.DONE
    if not usable:
        code = ExitCode.USAGE
    if options["json"]:
        command.stdout.write(json.dumps(_json(reading, found, code, options), ensure_ascii=False))
    else:
        _show(command, reading, found)
    if code == ExitCode.USAGE:
        raise CommandError(
            f"{options['file']} is no source yet: {len(reading.problems)} to correct.\n"
            f"{options['file']} هنوز مبدأ نیست: {len(reading.problems)} مورد را درست کنید.",
            returncode=int(code),
        )
    if code == ExitCode.REFUSED:
        raise CommandError(
            f"{options['file']} does not fit schema {options['schema']!r}: "
            f"{found.count('error')} to correct.\n"
            f"{options['file']} با شِمای {options['schema']!r} نمی‌خواند: "
            f"{found.count('error')} مورد را درست کنید.",
            returncode=int(code),
        )
    if not options["json"]:
        where = f"--source {options['file']} --schema {options['schema']}"
        command.stdout.write(
            "It fits. Next, still changing nothing / می‌خواند. گام بعد، باز بی هیچ تغییر:\n"
            f"  fullhouse capacity_migration plan {where}"
        )


def _look(options: dict[str, Any]) -> tuple[Reading, Findings]:
    """Read the file and, if it is a source, check it. Raises CommandError as a takeover ends."""
    try:
        guards.check_name(options["schema"])
        reading = read(options["file"])
        if reading.source is None or reading.problems:
            return reading, Findings()
        found = check(reading.source, options["schema"], using=options["database"])
        if not found.count("error"):
            check_live(reading.source, options["schema"], found, using=options["database"])
        return reading, found
    except (MigrationError, Error, psycopg.Error) as error:
        ended = error if isinstance(error, MigrationError) else endings.explained(error)
        if ended is None:
            raise
        raise CommandError(
            f"{ended.english}\n{ended.persian}", returncode=int(ended.exit_code)
        ) from error


def _json(
    reading: Reading, found: Findings, code: ExitCode, options: dict[str, Any]
) -> dict[str, Any]:
    return {
        "exit_code": int(code),
        "source": reading.source.name if reading.source else None,
        "schema": options["schema"],
        "problems": [asdict(problem) for problem in reading.problems],
        "errors": found.count("error"),
        "warnings": found.count("warning"),
        "findings": found.to_json(),
    }


def _show(command: BaseCommand, reading: Reading, found: Findings) -> None:
    for problem in reading.problems:
        command.stdout.write(f"{_SIGNS['error']} {problem.en}\n    {problem.fa}")
    for weight, title in _TITLES.items():
        items = [item for item in found.items if item.weight == weight]
        if items:
            command.stdout.write(f"{title} ({len(items)})")
        for item in items:
            command.stdout.write(f"  {_SIGNS[weight]} {item.where}: {item.en}\n    {item.fa}")
