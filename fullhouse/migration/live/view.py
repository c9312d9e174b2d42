"""The numbers of a live takeover in a terminal, for as long as a runner is at work."""

from __future__ import annotations

import sys
import time
from typing import Final

from django.db.models.functions import Now
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from fullhouse.migration import runs
from fullhouse.migration.live.numbers import numbers
from fullhouse.migration.models import MigrationRun, MigrationUnit
from fullhouse.migration.report.next_step import next_step
from fullhouse.migration.runs import Order

_EVERY_SECONDS: Final = 1.0


def watch(order: Order) -> MigrationRun:
    """Show the numbers on stderr, anew every second, until no runner is at work on the run.

    Changes nothing and takes no lease. Raises RefusedError if there is no run.
    """
    run = runs.existing(order)
    rows = MigrationRun.objects.using(order.using).filter(pk=run.pk)
    console = Console(file=sys.stderr)
    with Live(table(run, order.using), console=console, auto_refresh=False) as shown:
        while rows.filter(lease_until__gt=Now()).exists():
            time.sleep(_EVERY_SECONDS)
            run.refresh_from_db(using=order.using)
            shown.update(table(run, order.using), refresh=True)
    return run


def table(run: MigrationRun, using: str) -> Table:
    """Return the view: state, units, speed, batch, outbox, what it rests for, the next step."""
    told = numbers(run, using=using) or {}
    units = MigrationUnit.objects.using(using).filter(run=run)
    made = units.filter(done_at__isnull=False).count()
    eta, reason = told.get("eta_seconds"), told.get("throttle")
    step = next_step(run, using=using)
    shown = Table(show_header=False, box=None, padding=(0, 2))
    for name, value in (
        ("State / وضعیت", str(run.state)),
        ("Units / اجراها", f"{made:,} / {units.count():,}"),
        ("Rows / ردیف‌ها", f"{told.get('rows', 0):,}  ({told.get('rows_per_second', 0):,}/s)"),
        ("Time left / مانده", "–" if eta is None else f"{eta:,} s"),
        ("Batch / دسته", f"{told.get('batch_seats', 0):,} seats, {told.get('batch_ms', 0):,} ms"),
        ("Outbox / صف تغییر", f"{told.get('outbox', 0):,}"),
        ("Lock waits / انتظار قفل", f"{told.get('lock_waiters', 0):,}"),
        ("Rests for / درنگ", f"{reason['en']} / {reason['fa']}" if reason else "–"),
        ("Runner / اجراکننده", run.lease_holder or "–"),
        ("Next / گام بعد", f"{step['en']} / {step['fa']}"),
    ):
        shown.add_row(Text(name, style="dim"), Text(value))
    return shown
