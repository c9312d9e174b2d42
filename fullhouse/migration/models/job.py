"""A command of `capacity_migration` that a person asked for in the console."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7


class Job(models.Model):
    """One command, who asked for it, what it said and how it ended.

    `arguments` are the command line after `capacity_migration`. `seen_at` is renewed every second
    by the process that watches the command; one that is not renewed is dead (jobs.py).
    `exit_code` null: under way, or its watcher died.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(_("source"), max_length=1000)
    legacy_schema = models.CharField(_("legacy schema"), max_length=63)
    action = models.CharField(_("action"), max_length=30)
    arguments = models.JSONField(_("arguments"), default=list)
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now(), editable=False)
    seen_at = models.DateTimeField(_("last seen"), db_default=Now())
    ended_at = models.DateTimeField(_("ended at"), null=True)
    exit_code = models.SmallIntegerField(_("exit code"), null=True)
    output = models.TextField(_("output"), blank=True, default="")

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["legacy_schema", "-asked_at"], name="job_of_schema"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.legacy_schema}"
