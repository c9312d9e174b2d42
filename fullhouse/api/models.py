"""API keys: who may ask for more than the public may."""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Event


class Scope(models.TextChoices):
    """What a key may do; `admin` includes the others."""

    READ = "read", _("read")
    SELL = "sell", _("sell")
    MANAGE = "manage", _("manage")
    ADMIN = "admin", _("admin")


class ApiKey(models.Model):
    """A key: `prefix` is its public half, of the secret half only the SHA-256 is kept.

    `events` empty: all events. `requests_per_minute` is of one server process. `last_used_at` is
    right to the minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=16, unique=True, editable=False)
    secret_hash = models.BinaryField(_("digest of the secret"), editable=False)
    scopes = ArrayField(
        models.CharField(max_length=10, choices=Scope), verbose_name=_("scopes"), size=4
    )
    events = models.ManyToManyField(
        Event, blank=True, related_name="+", verbose_name=_("only for events")
    )
    requests_per_minute = models.PositiveIntegerField(
        _("requests per minute"), default=6000, validators=[MinValueValidator(1)]
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values, scopes__len__gt=0),
                name="apikey_scopes_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def may(self, scope: str) -> bool:
        """Tell whether the key has a scope, by name or through `admin`."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def is_live(self, now: datetime.datetime) -> bool:
        """Tell whether the key is neither revoked nor past its end at `now` (aware UTC)."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)
