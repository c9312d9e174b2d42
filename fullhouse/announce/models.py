"""Who is told, what was sent to them, and how far the relay has come."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.announce.kinds import Kind
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Event

#: The lane of what tells of no performance.
NIL: Final = uuid.UUID(int=0)


class WebhookEndpoint(models.Model):
    """An address that hears of events; `event_types` and `events` empty: of all.

    The signing secret is made from `salt` and the site's secret key and is not stored. For a day
    after it was changed messages are signed with `previous_salt` too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    url = models.URLField(_("address"), max_length=500)
    event_types = ArrayField(
        models.CharField(max_length=40, choices=[(each.value, each.value) for each in Kind]),
        verbose_name=_("types of events"),
        default=list,
        blank=True,
    )
    events = models.ManyToManyField(
        Event, blank=True, related_name="+", verbose_name=_("only for events")
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    disabled_because = models.CharField(
        _("disabled because"), max_length=200, blank=True, default="", editable=False
    )
    salt = models.UUIDField(_("salt"), default=uuid.uuid4, editable=False)
    previous_salt = models.UUIDField(_("previous salt"), null=True, editable=False)
    rotated_at = models.DateTimeField(_("secret changed"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """A message to one endpoint. Of one lane they go in the order of their ids.

    `lane` is the performance that it tells of, the nil UUID for the whole house. `body` is what is
    signed, byte for byte. `message_id` is the same in every attempt and replay.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        DELIVERED = "delivered", _("delivered")
        DEAD = "dead", _("given up")

    id = models.BigAutoField(_("number"), primary_key=True)
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", db_index=False
    )
    message_id = models.CharField(_("message"), max_length=80)
    kind = models.CharField(_("type"), max_length=40)
    lane = models.UUIDField(_("performance"), default=NIL)
    body = models.TextField(_("body"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.PENDING, db_index=False
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), db_default=Now())
    last_answer = models.CharField(_("last answer"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("created"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="delivery_message"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "lane", "id"],
                condition=models.Q(status="pending"),
                name="delivery_pending",
            ),
            models.Index(
                fields=["ended_at"], condition=~models.Q(status="pending"), name="delivery_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class Relay(models.Model):
    """One row: how far the ledger was read. `position` is a snapshot of `server`'s transactions.

    Rows written before `floor_at` are old, whatever their transaction's number says: a dump
    restored into another server brings numbers of that other server.
    """

    id = models.PositiveSmallIntegerField(_("number"), primary_key=True, default=1)
    position = models.TextField(_("position"))
    server = models.CharField(_("server"), max_length=40)
    read_at = models.DateTimeField(_("read"))
    floor_at = models.DateTimeField(_("what is older is past"), null=True)

    class Meta:
        verbose_name = _("relay position")
        verbose_name_plural = _("relay positions")

    def __str__(self) -> str:
        return self.position


class Level(models.Model):
    """What was last told of a performance: open, low or sold_out."""

    performance_id = models.UUIDField(_("performance"), primary_key=True)
    level = models.CharField(_("level"), max_length=10)

    class Meta:
        verbose_name = _("told level")
        verbose_name_plural = _("told levels")

    def __str__(self) -> str:
        return self.level
