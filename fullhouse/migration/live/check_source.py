"""What `source check` says of a live takeover: what is lacking, and whether `[reverse]` fits."""

from __future__ import annotations

from fullhouse.migration.live import cannot_hold, write_by_source
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.session import opened
from fullhouse.migration.source import Source
from fullhouse.migration.source.findings import Findings
from fullhouse.migration.source.live import lack


def check_live(source: Source, schema: str, found: Findings, *, using: str) -> None:
    """Add what stands in the way of a live takeover of a source that can be read.

    Each statement of the way back is planned over the tables, and none is run.
    """
    lacking = lack(source)
    if lacking is not None:
        found.add("note", "not_live", lacking.where, lacking.en, lacking.fa)
        return
    english, persian = cannot_hold.forecast(source)
    found.add("note", "way_back_lacks", "reverse", english, persian)
    if source.reverse is None:
        return
    run = MigrationRun(source=source.name, legacy_schema=schema)
    with opened(run, using=using, source=source, back=True) as session:
        session.execute("live/reverse/00_tables.sql")
        session.execute("live/reverse/05_back_views.sql")
        for number, statement in enumerate(write_by_source.statements(source, schema), 1):
            reason = write_by_source.cannot_run(session.cursor, statement, using)
            if reason is not None:
                found.add(
                    "warning",
                    "statement_does_not_fit",
                    f"reverse.{number}",
                    f"Statement {number} cannot run: {reason}.",
                    f"دستور {number} اجرا نمی‌شود: {reason}.",
                )
