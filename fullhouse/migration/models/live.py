"""What a live takeover keeps on record: which performances changed since they were last made."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """Something changed on the other side, and what stands here must be made anew.

    `performance_id` names the unit; without it `event_id` means every unit of that event, and
    without both only the catalogue (venues, events, ticket types) changed. `link`: a row that a
    unit only reads changed; which unit that is, is looked up when the row is read: which link, and
    the columns by which its rows are matched (live/links.py). Written by triggers in
    the writer's own transaction, so a change that is rolled back leaves none; an id may become
    visible after a higher one. Deleted by exactly the ids that were read, once their units are
    made. Plain columns instead of foreign keys: a seller must never wait for a run's row.
    """

    class Direction(models.TextChoices):
        FORWARD = "forward", _("forward")
        REVERSE = "reverse", _("back")

    run_id = models.UUIDField(_("migration run"))
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    performance_id = models.UUIDField(_("performance"), null=True)
    event_id = models.UUIDField(_("event"), null=True)
    link = models.JSONField(_("link"), null=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("outbox row")
        verbose_name_plural = _("outbox rows")
        indexes = [
            models.Index(fields=["run_id", "direction", "id"], name="outbox_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.performance_id or self.event_id or 'catalogue'}"
