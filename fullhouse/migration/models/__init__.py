"""What a takeover keeps on record: runs, their history, units, anomalies and decisions."""

from fullhouse.migration.models.decisions import Anomaly, SeatAlias
from fullhouse.migration.models.job import Job
from fullhouse.migration.models.live import Outbox
from fullhouse.migration.models.made import MadeRow
from fullhouse.migration.models.over import ArchivedRow, KeptRow
from fullhouse.migration.models.run import MigrationRun, MigrationUnit, RunEvent

__all__ = [
    "Anomaly",
    "ArchivedRow",
    "Job",
    "KeptRow",
    "MadeRow",
    "MigrationRun",
    "MigrationUnit",
    "Outbox",
    "RunEvent",
    "SeatAlias",
]
