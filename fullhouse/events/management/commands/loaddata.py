"""Django's `loaddata`, so that `dumpdata events | loaddata` works into an empty database.

Only the engine moves places; a fixture is the exception that has to prove itself: the rows are
loaded under the engine's marker, and before the commit every rule is checked and the audit run
on what was touched. A fixture that does not add up is refused, and nothing of it stays.
"""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject
from django.db import connections, models

from fullhouse.events.models import EventPerformance
from fullhouse.events.services.audit import Finding, audit

SHOWN = 20


class Command(loaddata.Command):
    def loaddata(self, fixture_labels: Any) -> None:
        """Load in the transaction that Django has begun, then check; raises CommandError."""
        self.touched: set[UUID] = set()
        with connections[self.using].cursor() as cursor:
            cursor.execute("SET LOCAL fullhouse.engine TO 'on'")
            # The fixture brings the version of the very seats that it brings.
            cursor.execute("SET LOCAL fullhouse.plan_version TO 'given'")
            super().loaddata(fixture_labels)
            cursor.execute("SET LOCAL fullhouse.engine TO 'off'")
            cursor.execute("SET LOCAL fullhouse.plan_version TO ''")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if self.touched:
            self._refuse(
                [each for each in audit(using=self.using) if each.performance_id in self.touched]
            )

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Save one row, and remember which performance it touched."""
        saved: bool = super().save_obj(obj)
        row: models.Model = obj.object
        if isinstance(row, EventPerformance):
            self.touched.add(row.pk)
        elif row._meta.app_label == "events":
            self.touched.update(filter(None, [getattr(row, "performance_id", None)]))
        return saved

    def _refuse(self, findings: list[Finding]) -> None:
        if not findings:
            return
        shown = "\n".join(f"  {finding}" for finding in findings[:SHOWN])
        more = f"\n  and {len(findings) - SHOWN} more" if len(findings) > SHOWN else ""
        raise CommandError(
            f"The fixture does not add up, nothing was loaded:\n{shown}{more}\n"
            "داده‌های این پرونده با هم نمی‌خوانند و چیزی بارگذاری نشد.",
            returncode=4,
        )
