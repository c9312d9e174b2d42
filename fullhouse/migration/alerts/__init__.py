"""Telling others how a takeover goes: alarms on stderr, and a command of the operator's.

See docs/reference/capacity_migration-alerts.md.
"""

from fullhouse.migration.alerts.alerts import Alerts, add_arguments

__all__ = ["Alerts", "add_arguments"]
