"""`fullhouse plan`: seating plans in versions: import, export, list, show, apply, change.

Exit codes: 0 ok, 1 a fault, 2 refused or wrong arguments, 5 the database was in the way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans import formats
from fullhouse.events.domain.plans.document import BYTES_MOST, Plan
from fullhouse.events.domain.plans.house import Terms
from fullhouse.events.management.telling import (
    action_parser,
    as_json,
    console_on,
    exit_codes,
    language_of,
)
from fullhouse.events.models import EventPerformance, SeatingPlan, TicketType
from fullhouse.events.services.plans import (
    ChangedPlan,
    apply_plan,
    change_plan,
    document_of,
    keep_plan,
    kept_plan,
)

_ID = "0193f6a2-7c1e-7aaa-8000-000000000001"
_ACTIONS = {
    "import": (
        "Keep a plan from a file, as the next version of its name. The same plan again is no "
        "new version.",
        "fullhouse plan import hall.csv --name 'Grand Hall'",
        "fullhouse plan import hall.json --format pretix --name 'Grand Hall' --json",
    ),
    "export": (
        "Write a version of a plan as a file, and say what its format cannot hold.",
        "fullhouse plan export --name 'Grand Hall' --format csv --output hall.csv",
        "fullhouse plan export --name 'Grand Hall' --version 2 > hall.json",
    ),
    "list": ("List the plans that are kept.", "fullhouse plan list", "fullhouse plan list --json"),
    "show": (
        "Show the sections of a plan, in places.",
        "fullhouse plan show --name 'Grand Hall'",
    ),
    "apply": (
        "Build the house of a performance from a plan; any number of performances may share one.",
        f"fullhouse plan apply --plan 'Grand Hall' --performance {_ID} --price 40",
        f"fullhouse plan apply --plan 'Grand Hall' --performance {_ID}"
        " --prices Gold=80 Silver=50 --types Gold=VIP --currency EUR",
    ),
    "change": (
        "Change a performance to another version of its plan, beside its sales.",
        f"fullhouse plan change --plan 'Grand Hall' --performance {_ID} --price 40 --dry-run",
    ),
}


class Command(BaseCommand):
    """Each action is one method."""

    help = "Seating plans: import, export, list, show, apply, change."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        made = {}
        for name, (text, *examples) in _ACTIONS.items():
            made[name] = action_parser(actions, name, text, *examples)
            made[name].add_argument("--database", default=DEFAULT_DB_ALIAS, help="Django alias")
            made[name].add_argument("--language", choices=("en", "fa"), help="else the site's")
        made["import"].add_argument("file", type=Path, help="the file, or - for standard input")
        made["import"].add_argument("--name", required=True, help="the plan's name")
        made["import"].add_argument("--venue", type=UUID, help="the venue it is of (its id)")
        for name in ("import", "export"):
            made[name].add_argument("--format", choices=tuple(formats.FORMATS))
        for name in ("export", "show"):
            made[name].add_argument("--name", required=True, help="the plan's name")
        made["export"].add_argument("--output", type=Path, help="left out: standard output")
        for name in ("apply", "change"):
            _add_terms(made[name])
        for name in ("export", "show", "apply", "change"):
            made[name].add_argument("--version", type=int, help="left out: the last one")
        made["change"].add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = console_on(self.stdout, options)
        self.using: str = options["database"]
        with exit_codes():
            getattr(self, f"do_{options['action']}")(options)

    def do_import(self, options: dict[str, Any]) -> None:
        text = _text(options["file"])
        chosen = options["format"] or formats.guessed(options["file"].name, text)
        with self._progress(options) as bar:
            total = text.count("\n") if chosen == "csv" else text.count('"seat_number"')
            task = bar.add_task("Reading", total=total or None)
            plan = formats.read(text, chosen, lambda seats: bar.advance(task, seats))
            bar.update(bar.add_task("Keeping", total=None), completed=plan.seats)
            kept = keep_plan(
                plan=plan,
                name=options["name"],
                venue_id=options["venue"],
                source_format=chosen,
                actor="plan import",
                using=self.using,
            )
        if options["json"]:
            self.stdout.write(as_json(asdict(kept)))
            return
        state = "kept" if kept.new else "there already"
        self.console.print(
            f"{escape(kept.name)} v{kept.version}: {kept.seats} seats, {kept.places} places, "
            f"{state}"
        )

    def do_export(self, options: dict[str, Any]) -> None:
        kept = kept_plan(name=options["name"], version=options["version"], using=self.using)
        chosen = options["format"] or "fullhouse"
        text, lost = formats.write(document_of(kept), chosen)
        language = language_of(options)
        told = [loss.told(language) for loss in lost]
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        elif not options["json"]:
            self.stdout.write(text, ending="")
        if options["json"]:
            name, version = kept.name, kept.version
            said = {"name": name, "version": version, "format": chosen, "lost": told}
            self.stdout.write(as_json({**said, **({} if options["output"] else {"file": text})}))
        elif told:
            heading = "در این قالب نمی‌ماند:" if language == "fa" else "This format cannot hold:"
            self.stderr.write("\n".join([heading, *(f"  {one}" for one in told)]))

    def do_list(self, options: dict[str, Any]) -> None:
        rows = SeatingPlan.objects.using(self.using).defer("document").select_related("venue")
        if options["json"]:
            names = ("name", "version", "id", "digest", "seats", "places", "created_at")
            plans = [{name: getattr(row, name) for name in names} for row in rows]
            self.stdout.write(as_json({"plans": plans}))
            return
        table = Table("Plan", "Version", "Seats", "Places", "Venue", "Made")
        for row in rows:
            venue = row.venue.name if row.venue else ""
            numbers = map(str, (row.version, row.seats, row.places))
            table.add_row(escape(row.name), *numbers, escape(venue), f"{row.created_at:%Y-%m-%d}")
        self.console.print(table)

    def do_show(self, options: dict[str, Any]) -> None:
        kept = kept_plan(name=options["name"], version=options["version"], using=self.using)
        plan = document_of(kept)
        if options["json"]:
            self.stdout.write(as_json(kept.document))
        else:
            self.console.print(_sections(kept, plan))

    def do_apply(self, options: dict[str, Any]) -> None:
        kept = kept_plan(name=options["plan"], version=options["version"], using=self.using)
        with self._progress(options) as bar:
            bar.add_task("Building", total=None)
            opened = apply_plan(
                performance_id=options["performance"],
                kept=kept,
                terms=self._terms(options),
                actor=options["actor"],
                reason=options["reason"],
                using=self.using,
            )
        if options["json"]:
            self.stdout.write(as_json({"plan": str(kept), **asdict(opened)}))
        else:
            self.console.print(
                f"{len(opened.sections)} section(s) of {escape(str(kept))}; the performance has "
                f"{opened.max_capacity} places"
            )

    def do_change(self, options: dict[str, Any]) -> None:
        kept = kept_plan(name=options["plan"], version=options["version"], using=self.using)
        with self._progress(options) as bar:
            bar.add_task("Changing", total=None)
            done = change_plan(
                performance_id=options["performance"],
                kept=kept,
                terms=self._terms(options),
                dry_run=options["dry_run"],
                actor=options["actor"],
                reason=options["reason"],
                using=self.using,
            )
        if options["json"]:
            self.stdout.write(as_json(asdict(done)))
        else:
            _show_change(self.console, done)

    def _terms(self, options: dict[str, Any]) -> Terms:
        types = {}
        for category, name in _pairs("types", options["types"]):
            types[category] = self._ticket_type(options["performance"], name)
        return Terms(
            prices={
                category: _amount("prices", price)
                for category, price in _pairs("prices", options["prices"])
            },
            price=None if options["price"] is None else _amount("price", options["price"]),
            currency=options["currency"],
            ticket_types=types,
        )

    def _ticket_type(self, performance_id: UUID, name: str) -> UUID:
        """Return the event's ticket type of that name or code."""
        event = EventPerformance.objects.using(self.using).filter(pk=performance_id)
        rows = TicketType.objects.using(self.using).filter(event__in=event.values("event"))
        found = rows.filter(name=name).first() or rows.filter(code=name).first()
        if found is None:
            known = ", ".join(rows.values_list("name", flat=True)) or "none"
            raise InvalidRequest("types", f"the event has no ticket type {name!r}; it has {known}")
        return found.pk

    @contextmanager
    def _progress(self, options: dict[str, Any]) -> Iterator[Progress]:
        """Show progress on standard error, where a person may see it."""
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(),
        )  # fmt: skip
        quiet = options["json"] or not sys.stderr.isatty()
        with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
            yield bar


def _add_terms(parser: CommandParser) -> None:
    parser.add_argument("--plan", required=True, help="the plan's name")
    parser.add_argument("--performance", type=UUID, required=True, help="its id")
    parser.add_argument("--price", help="of one place of a category that names none")
    parser.add_argument("--prices", nargs="+", metavar="CATEGORY=PRICE", default=[])
    parser.add_argument(
        "--types", nargs="+", metavar="CATEGORY=TYPE", default=[],
        help="give a category's places to one ticket type; others go to the pool",
    )  # fmt: skip
    parser.add_argument("--currency", default="USD", help="three letters")
    parser.add_argument("--actor", default="plan", help="who, for the ledger")
    parser.add_argument("--reason", default="", help="why, for the ledger")


def _text(path: Path) -> str:
    """Return a file's text, within the size that a plan may have."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(BYTES_MOST + 1)
        else:
            with path.open("rb") as file:
                data = file.read(BYTES_MOST + 1)
    except OSError as error:
        raise InvalidRequest("file", f"{path}: {error.strerror}") from error
    if len(data) > BYTES_MOST:
        raise InvalidRequest("file", f"{path}: at most {BYTES_MOST // 1024**2} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest("file", f"{path}: byte {error.start} is not UTF-8") from error


def _pairs(argument: str, given: list[str]) -> Iterator[tuple[str, str]]:
    for one in given:
        name, equals, value = one.rpartition("=")
        if not equals or not name or not value:
            raise InvalidRequest(argument, f"{one!r} must be CATEGORY=VALUE")
        yield name, value


def _amount(argument: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise InvalidRequest(argument, f"{text!r} is not an amount") from error
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        raise InvalidRequest(argument, f"{text!r} must be 0 or more, with at most 2 decimals")
    return amount


def _sections(kept: SeatingPlan, plan: Plan) -> Table:
    table = Table("Section", title=escape(str(kept)))
    for heading in ("Rows", "Seats", "Unseated", "Places", "Accessible", "Restricted view"):
        table.add_column(heading, justify="right")
    for section in plan.sections:
        seats = list(section.seats)
        numbers = (
            len(section.rows), len(seats), section.unseated, section.places,
            sum(seat.accessible for seat in seats), sum(seat.restricted_view for seat in seats),
        )  # fmt: skip
        table.add_row(escape(section.name), *map(str, numbers))
    return table


def _show_change(console: Console, done: ChangedPlan) -> None:
    verb = "Would change" if done.dry_run else "Changed"
    console.print(
        f"{verb}: {done.added} seat(s) added, {done.removed} removed, {done.updated} moved or "
        f"relabelled; the performance has {done.max_capacity} places"
    )
    for one in done.unseated:
        console.print(f"  {escape(one.section)}: {one.change:+d} places without a number")
    for label, names in (("New", done.new_sections), ("Emptied", done.emptied_sections)):
        if names:
            console.print(f"  {label}: {escape(', '.join(names))}")
