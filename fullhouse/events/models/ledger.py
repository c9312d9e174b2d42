"""What happened: the append-only ledger, and the answers already given."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models.catalogue import EventPerformance
from fullhouse.language.writing import arrow, number


class Movement(models.Model):
    """`quantity` places of an allocation went from one state to another.

    `from_state` null: the places were made; `to_state` null: they were taken away. Summed up
    by allocation and state, the ledger gives exactly the counters (I6). Append-only, and no
    personal data. Plain columns instead of foreign keys: the ledger outlives what it speaks
    of, and a check that nothing needs would be paid on every sale; the audit looks instead.
    """

    class State(models.TextChoices):
        AVAILABLE = "available", _("available")
        RESERVED = "reserved", _("reserved")
        SOLD = "sold", _("sold")

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance,
        models.DO_NOTHING,
        related_name="movements",
        db_constraint=False,
        db_index=False,
    )
    allocation_id = models.UUIDField(_("allocation"))
    seat_id = models.UUIDField(_("seat"), null=True)
    reservation_id = models.UUIDField(_("reservation"), null=True)
    from_state = models.CharField(_("state before"), max_length=10, choices=State, null=True)
    to_state = models.CharField(_("state after"), max_length=10, choices=State, null=True)
    quantity = models.PositiveIntegerField(_("places"))
    operation = models.CharField(_("operation"), max_length=30)
    actor = models.CharField(_("actor"), max_length=100, blank=True, default="", db_default="")
    reason = models.CharField(_("reason"), max_length=255, blank=True, default="", db_default="")
    at = models.DateTimeField(_("at"), db_default=Now())
    migration_run_id = models.UUIDField(_("migration run"), null=True)

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering = ["performance", "at", "id"]
        indexes = [
            models.Index(fields=["performance", "allocation_id"], name="movement_allocation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="movement_quantity_positive"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(from_state__isnull=True)
                    | models.Q(from_state__in=["available", "reserved", "sold"])
                )
                & (
                    models.Q(to_state__isnull=True)
                    | models.Q(to_state__in=["available", "reserved", "sold"])
                ),
                name="movement_states_known",
            ),
        ]

    def __str__(self) -> str:
        before, after = self.get_from_state_display(), self.get_to_state_display()
        return f"{number(self.quantity)}: {before or '–'} {arrow()} {after or '–'}"


class Operation(models.Model):
    """The answer given under an idempotency key: same key, same answer.

    `digest` is of the whole request; the same key with another body is refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance,
        models.DO_NOTHING,
        related_name="operations",
        db_constraint=False,
        db_index=False,
    )
    key = models.CharField(_("key"), max_length=200)
    operation = models.CharField(_("operation"), max_length=30)
    digest = models.BinaryField(_("digest"))
    outcome = models.JSONField(_("answer"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        constraints = [
            models.UniqueConstraint(fields=["performance", "key"], name="operation_key"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


class Note(models.Model):
    """What was done to a performance or a reservation that moved no place, and why.

    Extending a hold, transferring a sale, overriding the waiting list, postponing an evening.
    Append-only, as the ledger is; `facts` are JSON for machines, `reason` for people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance,
        models.DO_NOTHING,
        related_name="notes",
        db_constraint=False,
        db_index=False,
    )
    reservation_id = models.UUIDField(_("reservation"), null=True)
    operation = models.CharField(_("operation"), max_length=30)
    actor = models.CharField(_("actor"), max_length=100, blank=True, default="", db_default="")
    reason = models.CharField(_("reason"), max_length=255, blank=True, default="", db_default="")
    facts = models.JSONField(_("facts"), default=dict, db_default={})
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["performance", "at", "id"]
        indexes = [
            models.Index(fields=["performance", "reservation_id"], name="note_reservation"),
        ]

    def __str__(self) -> str:
        return f"{self.operation}: {self.reason}"
