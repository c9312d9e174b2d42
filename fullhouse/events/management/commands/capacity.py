"""`fullhouse capacity`: prove the house and mend it, show it now, then, and how it came about.

Exit codes: 0 ok, 2 wrong arguments or an unknown performance, 4 a mismatch was found,
5 the database was in the way (try again).
"""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from collections import Counter
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS
from rich.markup import escape
from rich.table import Table

from fullhouse.events.domain.errors import CapacityError
from fullhouse.events.engine.inventory import Inventory, inspect
from fullhouse.events.management.mending import add_repair_arguments, mend
from fullhouse.events.management.past import (
    add_at_arguments,
    add_explain_arguments,
    show_at,
    show_story,
)
from fullhouse.events.management.telling import as_json, console_on, exit_codes
from fullhouse.events.services.audit import Finding, audit
from fullhouse.events.services.availability import Availability, availability
from fullhouse.events.services.expire import expire_due
from fullhouse.events.services.notices import announce

MISMATCH = 4
_CODES = "Exit codes: 0 ok, 2 wrong arguments, 4 a mismatch was found, 5 try again."
_ACTIONS = {
    "audit": (
        "Recompute every rule (I1 to I7) and the ledger; name each row that does not add up.",
        "fullhouse capacity audit\n"
        "  fullhouse capacity audit --repair\n"
        "  fullhouse capacity audit --repair --yes --reason 'restored from a backup'\n"
        "  fullhouse capacity audit --performance 0193f6a2-7c1e-7aaa-8000-000000000001\n"
        "  fullhouse capacity audit --json",
    ),
    "engine": (
        "Compare the engine in the database with its SQL files.",
        "fullhouse capacity engine\n  fullhouse capacity engine --json",
    ),
    "expire": (
        "Sweep the holds whose deadline has passed, in batches.",
        "fullhouse capacity expire\n  fullhouse capacity expire --json",
    ),
    "availability": (
        "Show what can be had now, by section and ticket type.",
        "fullhouse capacity availability 0193f6a2-7c1e-7aaa-8000-000000000001\n"
        "  fullhouse capacity availability 0193f6a2-7c1e-7aaa-8000-000000000001 --json",
    ),
    "at": (
        "Show every counter, and with --seats each seat, as it was at a past instant.",
        "fullhouse capacity at --performance 0193f6a2-7c1e-7aaa-8000-000000000001"
        " --time 2027-03-20T19:30",
    ),
    "explain": (
        "Tell the story of a seat, an allocation or a reservation in sentences.",
        "fullhouse capacity explain --performance 0193f6a2-7c1e-7aaa-8000-000000000001"
        " --seat Stalls/A/12\n"
        "  fullhouse capacity explain --reservation 0193f6a2-7c1e-7aaa-8000-000000000002"
        " --language fa",
    ),
}


class Command(BaseCommand):
    """Each action is one method."""

    help = "Prove the house, mend it, sweep holds, show it now, then, and how it came about."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        made = {}
        for name, (text, examples) in _ACTIONS.items():
            made[name] = actions.add_parser(
                name,
                help=text,
                description=text,
                epilog=f"Examples:\n  {examples}\n\n{_CODES}",
                formatter_class=RawDescriptionHelpFormatter,
            )
            made[name].add_argument("--json", action="store_true", help="for programs to read")
            made[name].add_argument(
                "--database", default=DEFAULT_DB_ALIAS, help="Django database alias"
            )
        made["audit"].add_argument("--performance", type=UUID, help="only this one (its id)")
        add_repair_arguments(made["audit"])
        add_at_arguments(made["at"])
        add_explain_arguments(made["explain"])
        made["availability"].add_argument("performance", type=UUID, help="the performance's id")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = console_on(self.stdout, options)
        with exit_codes():
            getattr(self, f"do_{options['action']}")(options)

    def do_audit(self, options: dict[str, Any]) -> None:
        if options["repair"]:
            if left := mend(self.console, self.stdout.write, options):
                raise CommandError(f"{left} finding(s) left.", returncode=MISMATCH)
            return
        findings = audit(performance_id=options["performance"], using=options["database"])
        if options["json"]:
            self._json({"clean": not findings, "findings": [asdict(each) for each in findings]})
        elif findings:
            self.console.print(_findings_table(findings))
        else:
            self.console.print("[green]Everything adds up: I1 to I7, ledger, lines, seats.[/]")
        if findings:
            self._announce(findings, options["database"])
            raise CommandError(f"{len(findings)} finding(s).", returncode=MISMATCH)

    def _announce(self, findings: tuple[Finding, ...], using: str) -> None:
        """Tell who listens to events; that it cannot be told does not change what was found."""
        rules = dict(sorted(Counter(each.rule for each in findings).items()))
        try:
            announce(
                kind="audit.failed", facts={"findings": len(findings), "rules": rules}, using=using
            )
        except CapacityError as error:
            self.stderr.write(f"audit.failed was not announced: {error}")

    def do_engine(self, options: dict[str, Any]) -> None:
        found = inspect(using=options["database"])
        if options["json"]:
            self._json({"clean": found.clean, **asdict(found)})
        else:
            self.console.print(_inventory_table(found))
        if not found.clean:
            raise CommandError(
                "The engine in the database is not the one of the SQL files: "
                "run `fullhouse migrate`, then look at what is still named above.",
                returncode=MISMATCH,
            )

    def do_expire(self, options: dict[str, Any]) -> None:
        swept = expire_due(actor="capacity expire", using=options["database"])
        if options["json"]:
            self._json({"holds": swept.holds, "places": swept.places})
        else:
            self.console.print(f"{swept.holds} hold(s) expired, {swept.places} place(s) free again")

    def do_availability(self, options: dict[str, Any]) -> None:
        found = availability(performance_id=options["performance"], using=options["database"])
        if options["json"]:
            self._json(asdict(found))
        else:
            self.console.print(_availability_table(found))

    def do_at(self, options: dict[str, Any]) -> None:
        if (told := show_at(self.console, options)) is not None:
            self.stdout.write(told)

    def do_explain(self, options: dict[str, Any]) -> None:
        if (told := show_story(self.console, options)) is not None:
            self.stdout.write(told)

    def _json(self, value: dict[str, Any]) -> None:
        self.stdout.write(as_json(value))


def _findings_table(findings: tuple[Finding, ...]) -> Table:
    table = Table("Rule", title=f"{len(findings)} finding(s)", show_lines=True)
    table.add_column("Row, performance", no_wrap=True)
    table.add_column("Expected")
    table.add_column("Found")
    for each in findings:
        row = f"{each.table}\n{each.id}\n{each.performance_id}"
        table.add_row(each.rule, row, escape(each.expected), escape(each.found))
    return table


def _inventory_table(found: Inventory) -> Table:
    table = Table("State", "Kind", "Name", title="Engine")
    for state, style in (
        ("installed", "green"),
        ("missing", "red"),
        ("modified", "yellow"),
        ("stray", "magenta"),
    ):
        for item in getattr(found, state):
            table.add_row(f"[{style}]{state}[/]", item.kind, escape(item.name))
    return table


def _availability_table(found: Availability) -> Table:
    table = Table("Section", "Ticket type", title=f"{found.available_capacity} places available")
    for heading in ("Capacity", "Available", "Reserved", "Sold", "Price"):
        table.add_column(heading, justify="right")
    for section in found.sections:
        own = (section.total_capacity, section.available_capacity)
        used = (section.reserved_capacity, section.sold_capacity)
        table.add_row(escape(section.name), "", *map(str, (*own, *used)), "", style="bold")
        for each in section.ticket_types:
            numbers = (each.allocated_capacity, each.available_capacity)
            more = (each.reserved_capacity, each.sold_capacity)
            price = f"{each.final_price} {section.currency}"
            name = "pool" if each.name is None else escape(each.name)
            table.add_row("", name, *map(str, (*numbers, *more)), price)
    return table
