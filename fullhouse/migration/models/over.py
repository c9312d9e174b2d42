"""What cut-over and the way back keep on record: legacy rows as they were, and an archive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fullhouse.migration.models.run import MigrationRun


class KeptRow(models.Model):
    """A legacy row as it was before Fullhouse wrote to it for the first time.

    `before` holds the columns that are written; empty for a row that Fullhouse itself added. Where
    the state comes back to what it was at the cut-over, the row gets exactly these values again.
    `legacy_key`: under which key the legacy side has a row that Fullhouse added; empty where that
    is `row_id` itself.
    """

    class Kind(models.TextChoices):
        SEAT = "seat", _("seat")
        PERFORMANCE = "performance", _("performance")
        BOOKING = "booking", _("booking")

    run = models.ForeignKey(MigrationRun, models.CASCADE, related_name="kept_rows")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    row_id = models.UUIDField(_("table row"))
    before = models.JSONField(_("as it was before"), null=True)
    legacy_key = models.TextField(_("key in the old system"), db_default="")

    class Meta:
        verbose_name = _("kept row")
        verbose_name_plural = _("kept rows")
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "row_id"], name="kept_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class ArchivedRow(models.Model):
    """A row of Fullhouse that left its table when a run that had been cut over was rolled back.

    `content` is the whole row. The ledger forgets nothing: a movement that the engine made may
    leave its table only if it stands here (0004).
    """

    run = models.ForeignKey(MigrationRun, models.PROTECT, related_name="archived_rows")
    performance_id = models.UUIDField(_("performance"))
    kind = models.CharField(_("kind"), max_length=30)
    row_id = models.UUIDField(_("table row"))
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("archived row")
        verbose_name_plural = _("archived rows")
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "row_id"], name="archived_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"
