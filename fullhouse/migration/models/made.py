"""Which rows a run made, so that the way back takes those and no others."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fullhouse.migration.models.run import MigrationRun


class MadeRow(models.Model):
    """A venue, event, ticket type or performance that a run made, or a venue that it raised.

    `detail` holds what a raised venue was before: {"total_capacity": places}.
    """

    class Kind(models.TextChoices):
        VENUE = "venue", _("venue")
        EVENT = "event", _("event")
        TICKET_TYPE = "ticket_type", _("ticket type")
        PERFORMANCE = "performance", _("performance")
        RAISED_VENUE = "raised_venue", _("raised venue")

    run = models.ForeignKey(MigrationRun, models.CASCADE, related_name="made_rows")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    row_id = models.UUIDField(_("table row"))
    detail = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("row made")
        verbose_name_plural = _("rows made")
        constraints = [
            models.UniqueConstraint(fields=["row_id", "kind"], name="made_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"
