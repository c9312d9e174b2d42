"""The legacy data of the demo: made up on the spot, or a file of the visitor's."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import cast

from django.db import connection
from django.utils import timezone

from fullhouse.migration.legacy import staging
from fullhouse.migration.legacy.loader import Loaded, load_file, load_items
from fullhouse.migration.legacy.refusals import LegacyError
from fullhouse.migration.legacy.sample.generate import Sample
from fullhouse.web.demo.failed import DemoFailed

DEFAULT_SEATS = 3000
MOST_SEATS = 2_000_000
# The first evening that is made up: soon, so that the house is on sale.
DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class LegacyData:
    """Which data: `seats` made up, or `file`; and the schema that they are staged in."""

    seats: int = DEFAULT_SEATS
    file: Path | None = None

    @property
    def made_up(self) -> bool:
        """Tell whether no real person is in the data."""
        return self.file is None

    @property
    def schema(self) -> str:
        """One schema for each choice, so that another choice does not disturb the first."""
        if self.file is not None:
            slug = re.sub(r"[^a-z0-9]+", "_", self.file.name.split(".")[0].lower()).strip("_")
            path = sha256(os.fsencode(self.file.resolve())).hexdigest()
            return f"file_{slug[:24]}_{path[:6]}"
        return "legacy_demo" if self.seats == DEFAULT_SEATS else f"legacy_demo_{self.seats}"


def load(data: LegacyData, progress: Callable[[int, int], None]) -> Loaded:
    """Load into staging; the same data again change nothing. Raises DemoFailed.

    Every kind of dirt that the layout is known for is in what is made up.
    """
    connection.ensure_connection()
    raw = cast(staging.Connection, connection.connection)
    try:
        if data.file is not None:
            return load_file(raw, path=data.file, schema=data.schema, progress=progress)
        # The size is the seed, so that samples of two sizes have no key in common.
        first_day = timezone.localdate() + timedelta(days=DAYS_AHEAD)
        return load_items(
            raw,
            items=Sample(seats=data.seats, dirty=1.0, seed=data.seats, first_day=first_day),
            schema=data.schema,
            source=f"sample of {data.seats} seats",
            # Without the day, so that tomorrow finds what was made today.
            sha256=Sample(seats=data.seats, dirty=1.0, seed=data.seats).sha256,
        )
    except LegacyError as error:
        raise DemoFailed(f"{error.english}\n{error.persian}", error.exit_code) from error
    except OSError as error:
        raise DemoFailed(f"{data.file}: {error.strerror or error}", 2) from error
