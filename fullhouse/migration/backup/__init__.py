"""The first phase: a copy of the legacy schema that was proved to be restorable and equal.

One exported snapshot gives the dump and the checksums; the dump is restored into a passing
database or schema, its checksums are taken anew, and both must be equal. `manifest.json` is
written last, by rename: a folder without one is not a backup.
"""

from fullhouse.migration.backup.checksums import Checksums, Difference, TableSum, differences
from fullhouse.migration.backup.manifest import Manifest, read_manifest
from fullhouse.migration.backup.take import Backup, current_checksums, take_backup

__all__ = [
    "Backup",
    "Checksums",
    "Difference",
    "Manifest",
    "TableSum",
    "current_checksums",
    "differences",
    "read_manifest",
    "take_backup",
]
