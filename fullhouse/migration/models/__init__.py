"""What a takeover keeps on record: runs, their history, units, anomalies and decisions."""

from fullhouse.migration.models.decisions import Anomaly, SeatAlias
from fullhouse.migration.models.run import MigrationRun, MigrationUnit, RunEvent

__all__ = ["Anomaly", "MigrationRun", "MigrationUnit", "RunEvent", "SeatAlias"]
