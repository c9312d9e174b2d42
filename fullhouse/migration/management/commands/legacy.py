"""`fullhouse legacy load` and `fullhouse legacy sample`: legacy data into staging, and made up.

Exit: 0 done, 2 usage, 3 target schema refused, 4 file refused, 5 database failed (try again),
6 another load is running, 130 stopped.
"""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, cast

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, Error, connections
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from fullhouse.migration.legacy import staging
from fullhouse.migration.legacy.loader import Loaded, load_file, load_items
from fullhouse.migration.legacy.reader import Item
from fullhouse.migration.legacy.refusals import FileRefusedError, LegacyError
from fullhouse.migration.legacy.sample.generate import SEASON_START, Sample
from fullhouse.migration.legacy.sample.write import write_file, write_manifest

_SHOW_EVERY_SEATS = 1000


class Command(BaseCommand):
    help = "Load a legacy dumpdata file into staging tables, or make a sample of such data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        load = actions.add_parser("load", help="load a dumpdata file into a staging schema")
        load.add_argument("file", type=Path, help=".json, .json.gz, .jsonl or .jsonl.gz")
        load.add_argument("--schema", default="legacy", help="target schema (default: legacy)")
        sample = actions.add_parser("sample", help="make legacy data of a given size and dirt")
        sample.add_argument("--seats", type=_seats, required=True, help="rows of seats, 1 or more")
        sample.add_argument("--dirty", type=_share, default=0.3, help="0 (none) to 1; default 0.3")
        sample.add_argument("--seed", type=int, default=1, help="the same seed, the same data")
        sample.add_argument(
            "--first-day",
            type=_day,
            default=SEASON_START,
            metavar="YYYY-MM-DD",
            help=f"of each event's first performance; default {SEASON_START}",
        )
        sample.add_argument("--manifest", type=Path, help="say in this JSON file what was put in")
        target = sample.add_mutually_exclusive_group(required=True)
        target.add_argument("--output", type=Path, help="dumpdata file, .json or .json.gz")
        target.add_argument("--schema", help="staging schema to load into, without a file")
        for action in (load, sample):
            action.add_argument("--replace", action="store_true", help="replace an earlier load")
            action.add_argument("--json", action="store_true", help="print the outcome as JSON")
            action.add_argument("--database", default=DEFAULT_DB_ALIAS, help="database alias")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "load":
                self._load(options)
            else:
                self._sample(options)
        except FileRefusedError as error:
            raise CommandError(
                f"{options['file']}, {error.english}. Nothing was loaded.\n"
                f"{options['file']}، {error.persian}. چیزی بارگذاری نشد.",
                returncode=error.exit_code,
            ) from error
        except LegacyError as error:
            raise CommandError(
                f"{error.english}\n{error.persian}", returncode=error.exit_code
            ) from error
        except OSError as error:
            raise CommandError(
                f"{error}. Check the path, its permissions and the disk.\n"
                "پرونده خوانده یا نوشته نشد؛ مسیر، اجازه‌ها و فضای دیسک را ببینید.",
                returncode=2,
            ) from error
        except (psycopg.OperationalError, Error) as error:
            raise CommandError(
                f"The database failed and nothing was loaded; try again. {error}\n"
                "پایگاه داده پاسخ نداد و چیزی بارگذاری نشد؛ دوباره بکوشید.",
                returncode=5,
            ) from error

    def _load(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        staging.check_name(options["schema"], settings.FULLHOUSE_SCHEMA)
        with _bar(options, DownloadColumn()) as bar:
            loaded = load_file(
                _raw_connection(options["database"]),
                path=path,
                schema=options["schema"],
                replace=options["replace"],
                progress=_file_progress(bar, path),
            )
        if options["json"]:
            self.stdout.write(json.dumps(asdict(loaded), ensure_ascii=False))
        else:
            self._tell(loaded)

    def _sample(self, options: dict[str, Any]) -> None:
        sample = Sample(
            seats=options["seats"],
            dirty=options["dirty"],
            seed=options["seed"],
            first_day=options["first_day"],
        )
        if options["schema"]:
            staging.check_name(options["schema"], settings.FULLHOUSE_SCHEMA)
        started = time.monotonic()
        loaded = None
        with _bar(options, MofNCompleteColumn()) as bar:
            items = _watched(bar, sample)
            if options["schema"]:
                loaded = load_items(
                    _raw_connection(options["database"]),
                    items=items,
                    schema=options["schema"],
                    source=f"sample {sample.seats} {sample.dirty} {sample.seed}",
                    sha256=sample.sha256,
                    replace=options["replace"],
                )
            else:
                write_file(items, options["output"])
        if options["manifest"]:
            if loaded and loaded.already_loaded:
                for _ in sample:
                    """The counts of a sample are known after it was made."""
            write_manifest(sample, options["manifest"])
        if options["json"]:
            outcome: dict[str, Any] = (
                asdict(loaded) if loaded else {"output": str(options["output"])}
            )
            outcome |= {"rows": dict(sample.rows), "dirt": sample.dirt}
            outcome["seconds"] = round(time.monotonic() - started, 3)
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
        elif loaded:
            self._tell(loaded)
        else:
            self.stdout.write(
                f"Wrote {sample.rows.total():,} rows with {sum(sample.dirt.values()):,}"
                f" contradictions to {options['output']}. / نوشته شد."
            )

    def _tell(self, loaded: Loaded) -> None:
        for table, rows in loaded.tables.items():
            self.stdout.write(f"  {loaded.schema}.{table}: {rows:,} rows")
        for model, rows in loaded.skipped_models.items():
            self.stdout.write(f"  skipped: {rows:,} rows of {model} (not of this layout)")
        for name, rows in loaded.ignored_fields.items():
            self.stdout.write(f"  not kept: field {name} of {rows:,} rows (no column for it)")
        if loaded.rejects:
            self.stdout.write(
                f"  rejected: {loaded.rejects:,} values; see {loaded.schema}.load_rejects"
            )
        if loaded.already_loaded:
            self.stdout.write(
                f"Already loaded into schema {loaded.schema}; nothing was changed."
                " / پیش‌تر بارگذاری شده بود؛ چیزی تغییر نکرد."
            )
        else:
            self.stdout.write(
                f"Loaded {loaded.rows:,} rows into schema {loaded.schema}"
                f" in {loaded.seconds:.1f} s. / بارگذاری شد."
            )


def _seats(text: str) -> int:
    seats = int(text)
    if seats < 1:
        raise ArgumentTypeError("1 or more")
    return seats


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise ArgumentTypeError("from 0 to 1")
    return share


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r}: give a day as YYYY-MM-DD") from error
    if not 1970 <= day.year <= 9000:
        raise ArgumentTypeError(f"{text}: give a year from 1970 to 9000")
    return day


def _raw_connection(alias: str) -> staging.Connection:
    connection = connections[alias]
    connection.ensure_connection()
    return cast(staging.Connection, connection.connection)


def _bar(options: dict[str, Any], done: ProgressColumn) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        done,
        TextColumn("{task.fields[speed]:,} rows/s"),
        TimeRemainingColumn(),
        console=console,
        disable=options["json"] or not console.is_terminal,
    )


def _file_progress(bar: Progress, path: Path) -> Callable[[int, int], None]:
    """Return a callback that moves the bar by stored bytes."""
    task = bar.add_task(path.name, total=path.stat().st_size, speed=0)

    def report(done: int, rows: int) -> None:
        bar.update(task, completed=done, speed=_speed(bar, rows))

    return report


def _watched(bar: Progress, sample: Sample) -> Iterator[Item]:
    """Yield the items of a sample and move the bar by seats."""
    task = bar.add_task("sample", total=sample.seats, speed=0)
    for item in sample:
        yield item
        seats = sample.rows["events.seat"]
        if not seats % _SHOW_EVERY_SEATS:
            bar.update(task, completed=seats, speed=_speed(bar, sample.rows.total()))
    bar.update(task, completed=sample.seats)


def _speed(bar: Progress, rows: int) -> int:
    return int(rows / max(bar.tasks[0].elapsed or 0.0, 0.1))
