"""`fullhouse capacity_migration rehearse`: the whole takeover on a copy, beside sellers, proved.

Exit: 0 every proof holds, 4 one does not; else as the phase that failed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, TextIO, cast

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, Error
from rich.console import Console
from rich.table import Table

from fullhouse.migration import endings
from fullhouse.migration.exit_codes import ExitCode, MigrationError
from fullhouse.migration.live.rehearse.rehearsal import Rehearsal, rehearse, require
from fullhouse.migration.report.watcher import TerminalWatcher
from fullhouse.migration.runs import Order
from fullhouse.migration.source import SourceError

_TITLES: Final = {
    "acknowledged": "What customers were told is stored, once / گفته‌ها به مشتری یک بار ثبت است",
    "equal": "Both sides are equal, row by row / دو سو سطربه‌سطر برابرند",
    "ledger": "The ledger is the counters / دفتر کل با شمارنده‌ها یکی است",
    "identity": "Over, back and over again changes nothing / رفت و برگشت چیزی را عوض نمی‌کند",
}


def add_parser(actions: Any) -> None:
    """Add `rehearse` to the actions of the command."""
    text = "Rehearse the whole takeover on a copy, beside sellers, and prove it; changes nothing."
    one = actions.add_parser("rehearse", help=text, description=text)
    one.add_argument("--source", default="events", help="preset or .toml file (default: events)")
    one.add_argument("--schema", default="legacy", help="the legacy schema (default: legacy)")
    one.add_argument("--sellers", type=int, default=4, help="processes that sell (default: 4)")
    one.add_argument(
        "--seconds", type=float, default=30.0, help="how long they sell at least (default: 30)"
    )
    one.add_argument(
        "--rate", type=float, default=0.0, help="sellers' steps a second in all (default: no limit)"
    )
    one.add_argument("--decisions", type=Path, metavar="FILE", help="answers, as for `plan`")
    one.add_argument("--split", choices=("pool", "equal"), help="as for `plan`")
    one.add_argument("--json", action="store_true", help="the outcome as JSON, alone on stdout")
    one.add_argument("--database", default=DEFAULT_DB_ALIAS, help="Django database alias")


def handle(command: BaseCommand, options: dict[str, Any]) -> None:
    """Rehearse and show it. Raises CommandError with the exit code if it does not hold."""
    order = Order(
        source=options["source"],
        schema=options["schema"],
        using=options["database"],
        decisions=options["decisions"],
        split=options["split"],
    )
    done: Rehearsal | None = None
    ended: endings.Ending | None = None
    try:
        done = rehearse(
            order,
            sellers=options["sellers"],
            seconds=options["seconds"],
            rate=options["rate"],
            watcher=TerminalWatcher(Console(stderr=True)),
        )
        require(done)
    except (MigrationError, KeyboardInterrupt) as error:
        ended = error
    except (Error, psycopg.Error, SourceError) as error:
        ended = endings.explained(error)
        if ended is None:
            raise
    if options["json"]:
        command.stdout.write(json.dumps(_json(done, ended), ensure_ascii=False, default=str))
    elif done is not None:
        out = cast(TextIO, command.stdout)
        _show(Console(file=out, no_color=bool(options["no_color"])), done)
    if ended is not None:
        raise _error(ended)


def _json(done: Rehearsal | None, ended: endings.Ending | None) -> dict[str, Any]:
    error = None
    if isinstance(ended, MigrationError):
        error = {"en": ended.english, "fa": ended.persian, "facts": ended.facts}
    outcome = done.to_json() if done else {"holds": False}
    return {"exit_code": int(endings.code(ended)), "error": error} | outcome


def _error(ended: endings.Ending) -> CommandError:
    if isinstance(ended, MigrationError):
        return CommandError(
            f"{ended.english}\n{ended.persian}", returncode=int(endings.code(ended))
        )
    return CommandError(
        "Stopped. The copy is gone, and the source was not touched.\n"
        "ایستاد. رونوشت برداشته شد و به مبدأ دست نخورده است.",
        returncode=int(ExitCode.STOPPED),
    )


def _show(console: Console, done: Rehearsal) -> None:
    phases = Table("phase / گام", "s", "answers", "p50 ms", "p95 ms", "p99 ms", "held ms")
    for one in done.phases:
        waits = one["waits"]
        told = [str(waits.get(name, "")) for name in ("count", "p50_ms", "p95_ms", "p99_ms")]
        phases.add_row(one["phase"], str(one["seconds"]), *told, str(one.get("held_ms", "")))
    console.print(phases)
    for proof in done.proofs:
        sign = "[green]✓[/]" if proof.holds else "[red]✗[/]"
        numbers = ", ".join(f"{name} {value:,}" for name, value in proof.numbers.items() if value)
        console.print(f"{sign} {_TITLES[proof.name]}\n    {numbers}", highlight=False)
    if done.holds:
        console.print(
            f"{done.sellers} sellers, {done.seconds:.0f} s: every proof holds. "
            "/ همهٔ اثبات‌ها برقرار است.",
            highlight=False,
        )
