"""Seating plans: the houses that performances are built from."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models.catalogue import Venue


class SeatingPlan(models.Model):
    """One version of a plan. It never changes: what changes is a new version.

    `version` counts from 1 under one `name`; `previous` is the version that it followed.
    `document` is our own JSON (domain/plans/own.py), `digest` the SHA-256 of what it holds.
    `seats` are numbered places, `places` all of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    name = models.CharField(_("name"), max_length=200)
    version = models.PositiveIntegerField(_("version"))
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="next",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("previous version"),
    )
    venue = models.ForeignKey(
        Venue, models.PROTECT, related_name="plans", null=True, blank=True, verbose_name=_("venue")
    )
    digest = models.CharField(_("digest"), max_length=64)
    document = models.JSONField(_("document"))
    seats = models.PositiveIntegerField(_("numbered seats"))
    places = models.PositiveIntegerField(_("places"))
    source_format = models.CharField(_("format it came in"), max_length=20)
    created_by = models.CharField(
        _("made by"), max_length=100, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("seating plan")
        verbose_name_plural = _("seating plans")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="seatingplan_name_version"),
            models.CheckConstraint(
                condition=models.Q(version__gt=0), name="seatingplan_version_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
