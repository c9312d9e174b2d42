"""What the database says of the run that is told of; a database that fails says nothing."""

from __future__ import annotations

from typing import Final

import psycopg
from django.db import Error

from fullhouse.migration import runs
from fullhouse.migration.exit_codes import MigrationError
from fullhouse.migration.models import MigrationRun, RunEvent
from fullhouse.migration.runs import CLOSED, Order, State

_LARGE: Final = ("plan", "report", "decisions", "legacy_hashes")


class Record:
    """The run of an order, and the moves of authority since `begin`."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._seen = 0

    def begin(self) -> None:
        """Look where the history stands; only what comes after is news."""
        try:
            last = RunEvent.objects.using(self._order.using).order_by("-id")
            self._seen = last.values_list("pk", flat=True).first() or 0
        except (Error, psycopg.Error):
            self._seen = 0

    def run(self) -> MigrationRun | None:
        """Return the run without its plan, or None. Raises database errors."""
        try:
            name = runs.load_source(self._order).name
        except MigrationError:
            return None
        rows = MigrationRun.objects.using(self._order.using).defer(*_LARGE)
        rows = rows.filter(source=name, legacy_schema=self._order.schema)
        return rows.exclude(state__in=CLOSED).first() or rows.order_by("-created_at").first()

    def moves(self) -> list[str]:
        """Return the states cut_over and rolled_back that were entered since the last call."""
        try:
            run = self.run()
            if run is None:
                return []
            events = RunEvent.objects.using(self._order.using).filter(
                run__source=run.source,
                run__legacy_schema=run.legacy_schema,
                to_state__in=(State.CUT_OVER, State.ROLLED_BACK),
                pk__gt=self._seen,
            )
            found = list(events.order_by("pk").values_list("pk", "from_state", "to_state"))
        except (Error, psycopg.Error):
            return []
        if found:
            self._seen = found[-1][0]
        return [str(to) for _, was, to in found if was != to]

    def throttle(self) -> dict[str, str] | None:
        """Return what the runner says that it rests for, as `status` shows it."""
        try:
            run = self.run()
        except (Error, psycopg.Error):
            return None
        said = run.live.get("throttle") if run else None
        return said if isinstance(said, dict) else None
