"""The steps of the demo, in order. Each prints what it proved, or raises DemoFailed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import Error, connection
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from fullhouse.database.client import Target
from fullhouse.database.report import describe
from fullhouse.events.services.audit import audit
from fullhouse.migration import run as takeover
from fullhouse.migration.endings import code, explained
from fullhouse.migration.exit_codes import MigrationError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.report import build_report, show_report
from fullhouse.migration.report.watcher import TerminalWatcher
from fullhouse.migration.runs import OVER, Order, State
from fullhouse.migration.source import SourceError
from fullhouse.web.demo import account
from fullhouse.web.demo.contradiction import contradiction
from fullhouse.web.demo.failed import DemoFailed, require
from fullhouse.web.demo.sale import sell_a_few
from fullhouse.web.demo.source import LegacyData, load

FINDINGS_SHOWN = 10


@dataclass(slots=True)
class Evening:
    """One demo: where it prints, which data, and what it found, by step."""

    console: Console
    data: LegacyData
    facts: dict[str, Any] = field(default_factory=dict)

    def play(self) -> None:
        """Run all steps. Raises DemoFailed at the first that does not hold."""
        self._set_up()
        self._load()
        self._contradict()
        run = self._take_over()
        self._sell(run)
        self._audit()
        self._account()

    def _title(self, text: str) -> None:
        self.console.print(f"\n[bold]{escape(text)}[/]")

    def _say(self, text: str) -> None:
        self.console.print(f"  {escape(text)}", highlight=False)

    def _set_up(self) -> None:
        self._title("1. Set up")
        connection.ensure_connection()
        call_command("migrate", verbosity=0, interactive=False)
        known = describe(Target.configured())
        where = known.get("cluster") or known["url"]
        self._say(f"PostgreSQL {known.get('postgresql')}, schema {known['schema']}, in {where}")
        self.facts["database"] = {"postgresql": known.get("postgresql"), "url": known["url"]}

    def _load(self) -> None:
        self._title("2. A legacy database")
        with self._bar() as report:
            loaded = load(self.data, report)
        verb = "is there from an earlier evening" if loaded.already_loaded else "was loaded"
        self._say(f"{loaded.rows:,} rows, schema {loaded.schema}: {verb}")
        self.facts["loaded"] = {"schema": loaded.schema, "tables": loaded.tables}

    def _contradict(self) -> None:
        self._title("3. It contradicts itself")
        found = contradiction(self.data.schema)
        for line in found.lines() or ["Nothing of what is looked for was found"]:
            self._say(f"- {line}")
        self.facts["contradiction"] = asdict(found)

    def _take_over(self) -> MigrationRun:
        self._title("4. Back up, plan, take over, validate")
        order = Order(source="events", schema=self.data.schema, yes=True)
        earlier = MigrationRun.objects.filter(
            legacy_schema=order.schema, state__in=(State.VALIDATED, *OVER)
        ).first()
        # After the cut-over there is nothing left to run; what was proved before it is on record.
        run = earlier if earlier and earlier.state in OVER else _take_over(order)
        require(run.state in (State.VALIDATED, *OVER), f"the run ended as {run.state}")
        report = build_report(run)
        require(
            bool(report["validation"] and report["validation"]["ok"]),
            "the two sides were not found equal",
        )
        if earlier:
            self._say(
                f"Taken over on an earlier evening: {report['progress']['units']:,} "
                f"performances, {report['anomalies']['total']:,} contradictions decided"
            )
        else:
            show_report(self.console, report)
            self.console.print(_totals(report["totals"]))
        self.facts["takeover"] = {
            "run": str(run.pk),
            "state": str(run.state),
            "performances": report["progress"]["units"],
            "anomalies": report["anomalies"]["total"],
            "validation": report["validation"],
        }
        return run

    def _sell(self, run: MigrationRun) -> None:
        self._title("5. Sell a few places")
        ids = list(run.units.values_list("performance_id", flat=True))
        sold_in = sell_a_few(ids, self._say)
        self.facts["sold_in"] = str(sold_in) if sold_in else None

    def _audit(self) -> None:
        self._title("6. Audit: ledger = counters = lines = seats")
        findings = audit()
        for finding in findings[:FINDINGS_SHOWN]:
            self._say(str(finding))
        require(not findings, f"{len(findings):,} rows do not add up: fullhouse capacity audit")
        self._say("Every place of every performance is accounted for")
        self.facts["audit"] = {"findings": 0}

    def _account(self) -> None:
        self._title("7. The pages")
        password = account.ensure_demo_user()
        self._say(f"Staff: user {account.USERNAME}, password {password}")
        self._say(f"(kept in {account.password_file()})")
        self.facts["user"] = account.USERNAME

    @contextmanager
    def _bar(self) -> Iterator[Any]:
        shown = Console(stderr=True)
        columns = (TextColumn("  loading"), BarColumn(), TextColumn("{task.fields[rows]:,} rows"))
        with Progress(*columns, console=shown, disable=not shown.is_terminal) as bar:
            total = self.data.file.stat().st_size if self.data.file else None
            task = bar.add_task("loading", total=total, rows=0)
            yield lambda done, rows: bar.update(task, completed=done, rows=rows)


def _take_over(order: Order) -> MigrationRun:
    """Do what is left of the takeover. Raises DemoFailed with the takeover's own exit code."""
    try:
        return takeover.run(order, TerminalWatcher(Console(stderr=True)))
    except MigrationError as error:
        raise DemoFailed(f"{error.english}\n{error.persian}", int(code(error))) from error
    except (Error, psycopg.Error, SourceError) as error:
        ended = explained(error)
        if ended is None:
            raise
        raise DemoFailed(f"{ended.english}\n{ended.persian}", int(code(ended))) from error


def _totals(totals: dict[str, dict[str, int]]) -> Table:
    """Return the whole house before and after, in places."""
    table = Table(title="In all", title_justify="left")
    for name in ("", "before", "after"):
        table.add_column(name, justify="right" if name else "left")
    for name in ("performances", "sections", "max_capacity", "available", "reserved", "sold"):
        shown = (f"{totals.get(side, {}).get(name, 0):,}" for side in ("before", "after"))
        table.add_row(name.replace("_", " "), *shown)
    return table
