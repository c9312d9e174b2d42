"""Every list of the admin over a million seats, beside the same lists of a house with almost none.

    python benchmarks/admin.py [--seats 1000000] [--json]

Makes both houses one after the other in a database of its own and asks each list for its first
page, its second, a search for what is there and for what is not, filters, and one evening. Told are
the milliseconds of the whole answer (the best of three), its queries and the slowest of them.
Exit 1 when a page takes more queries for the large house than for the small one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")

FEW: Final = 8_000
ASKED: Final = 3
HOUSE: Final = Path(__file__).with_name("admin_house.sql")
# What is in the house, by the model that is searched; of the others a word that is nowhere.
THERE: Final = {
    "eventperformance": "Concert 7",
    "eventsection": "Block 7",
    "sectiontickettype": "Block 7",
    "sectionalias": "Block 7",
    "event": "Concert 7",
    "venue": "Venue 7",
    "seat": "R1-7",
    "reservation": "FH-77",
    "reservationline": "FH-77",
    "operation": "FH-77",
    "movement": "Concert 7",
    "note": "Concert 7",
    "waitingentry": "Concert 7",
}

# Values of filters of which a house has few or none.
RARE: Final = {
    "status": "reserved",
    "operation": "repair",
    "kind": "offer",
    "is_accessible__exact": 1,
    "state": "new",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One page: milliseconds of the answer, queries, the slowest query's milliseconds."""

    milliseconds: float
    queries: int
    slowest: float
    sql: str


def main() -> int:
    """Measure, print the table or JSON, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seats", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="one model")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    few = _house(FEW, options.only)
    many = _house(options.seats, options.only)
    if options.json:
        print(json.dumps({name: asdict(told) for name, told in many.items()}, indent=2))
    else:
        _print(few, many)
    grown = [
        name for name, told in many.items() if name in few and told.queries > few[name].queries
    ]
    for name in grown:
        print(f"more queries for more seats: {name}", file=sys.stderr)
    return 1 if grown else 0


def _print(few: dict[str, Told], many: dict[str, Told]) -> None:
    heads = ("queries", "few, ms", "many, ms", "ratio", "slowest")
    print(f"{'page':48} {heads[0]:>7} {heads[1]:>8} {heads[2]:>8} {heads[3]:>6} {heads[4]:>11}")
    for name, told in many.items():
        before = few[name].milliseconds if name in few else told.milliseconds
        print(
            f"{name:48} {told.queries:7} {before:8.0f} {told.milliseconds:8.0f}"
            f" {told.milliseconds / before:6.1f} {told.slowest:11.1f}"
        )


def _house(seats: int, only: str) -> dict[str, Told]:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client
    from django.test.utils import setup_databases, teardown_databases

    settings.ALLOWED_HOSTS = ["testserver"]
    made = setup_databases(verbosity=0, interactive=False)
    try:
        build(seats)
        user = User.objects.create(username="admin", is_staff=True, is_superuser=True)
        client = Client()
        client.force_login(user)
        return {name: _ask(client, path, query) for name, path, query in _pages(only)}
    finally:
        teardown_databases(made, verbosity=0)


def build(seats: int) -> None:
    """Make the house in one transaction, and let the planner know of it."""
    from django.db import connection, transaction

    from fullhouse.migration.models import MigrationRun

    MigrationRun.objects.create(source="old", legacy_schema="old", state="cut_over")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fullhouse.engine', 'on', true)")
        cursor.execute(HOUSE.read_text(encoding="utf-8").replace(":seats", str(seats)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _pages(only: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every page that is asked for: what it is called, its address, its query."""
    from django.contrib import admin
    from django.urls import reverse

    from fullhouse.events.models import EventPerformance

    evening = EventPerformance.objects.earliest("date").pk
    for model, each in admin.site._registry.items():
        opts = model._meta
        if not model.__module__.startswith("fullhouse.") or only not in ("", opts.model_name):
            continue
        path = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        yield str(opts.model_name), path, {}
        yield f"{opts.model_name}, page 2", path, {"p": 2}
        if each.search_fields:
            there = THERE.get(str(opts.model_name), "of nobody")
            yield f"{opts.model_name}, search", path, {"q": there}
            yield f"{opts.model_name}, search in vain", path, {"q": "Nothing-99999"}
        if any(field.name == "performance" for field in opts.fields):
            yield f"{opts.model_name}, one evening", path, {"performance": str(evening)}
        yield from _filtered(each, path, str(evening))


def _filtered(each: Any, path: str, evening: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is offered as a filter: in one evening, or everywhere where the list has no evenings."""
    from fullhouse.events.admin.scale import ByEvening

    by_evening = isinstance(each, ByEvening)
    chosen = {"performance": evening} if by_evening else {}
    fields = {one.name for one in each.opts.fields}
    for word, value in RARE.items():
        if word.partition("__")[0] in fields:
            name = f"{each.opts.model_name}, {word.partition('__')[0]}"
            yield f"{name}, one evening" if by_evening else name, path, {**chosen, word: value}


def _ask(client: Any, path: str, query: dict[str, Any]) -> Told:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    best, told = float("inf"), []
    for _ in range(ASKED):
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            status = client.get(path, query).status_code
            took = time.perf_counter() - start
        if status != 200:
            raise SystemExit(f"{path} {query}: {status}")
        if took < best:
            best, told = took, queries.captured_queries
    slowest = max(told, key=lambda one: float(one["time"]))
    return Told(best * 1000, len(told), float(slowest["time"]) * 1000, slowest["sql"])


if __name__ == "__main__":
    sys.exit(main())
