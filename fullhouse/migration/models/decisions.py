"""Contradictions found in the legacy data, and what was decided about each."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.migration.models.run import MigrationRun


class Anomaly(models.Model):
    """One contradiction: its evidence, the proposal, the decision taken and by whom.

    `rows` are the legacy keys concerned. `decision` '' is an open question; `policy` says what
    happens without an answer: `apply` the proposal, `ask`, or `block` the run.
    """

    class Policy(models.TextChoices):
        APPLY = "apply", _("apply")
        ASK = "ask", _("ask")
        BLOCK = "block", _("block")

    run = models.ForeignKey(MigrationRun, models.CASCADE, related_name="anomalies")
    performance_id = models.UUIDField(_("performance"), null=True)
    kind = models.CharField(_("kind"), max_length=50)
    subject = models.CharField(_("subject"), max_length=255)
    rows = models.JSONField(_("table rows"), default=list)
    count = models.PositiveIntegerField(_("count"), default=1)
    evidence = models.JSONField(_("evidence"), default=dict)
    proposal = models.CharField(_("proposal"), max_length=100)
    policy = models.CharField(
        _("without an answer"), max_length=10, choices=Policy, default=Policy.ASK
    )
    decision = models.CharField(_("decision"), max_length=100, blank=True, default="")
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True, default="")
    decided_at = models.DateTimeField(_("decided"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("anomaly")
        verbose_name_plural = _("anomalies")
        ordering = ["run", "kind", "performance_id", "id"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class SeatAlias(models.Model):
    """A legacy seat row that was the same physical seat as another: its key still leads there."""

    run = models.ForeignKey(MigrationRun, models.CASCADE, related_name="seat_aliases")
    performance_id = models.UUIDField(_("performance"))
    legacy_seat_id = models.UUIDField(_("seat in the old system"))
    seat_id = models.UUIDField(_("seat"))

    class Meta:
        verbose_name = _("seat alias")
        verbose_name_plural = _("seat aliases")
        constraints = [
            models.UniqueConstraint(
                fields=["performance_id", "legacy_seat_id"], name="seat_alias_legacy_seat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legacy_seat_id} → {self.seat_id}"
