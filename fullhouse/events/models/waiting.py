"""Who waits for places that are not free, in which order, and what was offered."""

from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models.capacity import EventSection
from fullhouse.events.models.catalogue import EventPerformance, TicketType
from fullhouse.language.writing import number


class WaitingEntry(models.Model):
    """A party that waits for `quantity` places of one section, all or none.

    `section` null: any; `ticket_type` null: any, each place at its allocation's price. `together`:
    numbered seats only side by side in one row. First come first served (`joined_at`, then id)
    among those whom the free places suffice. An offer holds the places for `offer_seconds` as the
    Reservation `offer_id`, under the same `token_hash` (SHA-256 of the secret told on joining).
    `customer` and `contact` are here alone, never in ledger or notes, and can be erased.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SKIPPED = "skipped", _("passed over")
        OFFERED = "offered", _("offered")
        TAKEN = "taken", _("taken")
        EXPIRED = "expired", _("offer expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="waiting", db_index=False
    )
    section = models.ForeignKey(
        EventSection,
        models.PROTECT,
        related_name="waiting",
        null=True,
        blank=True,
        db_constraint=False,
    )
    ticket_type = models.ForeignKey(
        TicketType, models.PROTECT, related_name="waiting", null=True, blank=True
    )
    quantity = models.PositiveIntegerField(_("places"), validators=[MinValueValidator(1)])
    together = models.BooleanField(_("side by side"), default=True, db_default=True)
    customer = models.CharField(
        _("customer"), max_length=255, blank=True, default="", db_default=""
    )
    contact = models.CharField(_("contact"), max_length=255, blank=True, default="", db_default="")
    token_hash = models.BinaryField(_("digest of the secret"), null=True, editable=False)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.WAITING,
        db_default=Status.WAITING,
    )
    offer_id = models.UUIDField(_("offer"), null=True, blank=True, editable=False)
    offer_seconds = models.PositiveIntegerField(
        _("time to take an offer, seconds"), default=3600, db_default=3600
    )
    joined_at = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("waiting list entry")
        verbose_name_plural = _("waiting list")
        ordering = ["performance", "joined_at", "id"]
        indexes = [
            models.Index(
                fields=["performance", "joined_at", "id"],
                name="waiting_in_order",
                condition=models.Q(status="waiting"),
            ),
            models.Index(
                fields=["performance", "offer_id"],
                name="waiting_offer",
                condition=models.Q(status="offered"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "customer", "section", "ticket_type"],
                name="waiting_once",
                nulls_distinct=False,
                condition=models.Q(status__in=["waiting", "skipped", "offered"])
                & ~models.Q(customer=""),
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="waiting_quantity_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["waiting", "skipped", "offered", "taken", "expired", "withdrawn"]
                ),
                name="waiting_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="offered") | models.Q(offer_id__isnull=False),
                name="waiting_offer_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{number(self.quantity)} × {self.ticket_type or self.section or _('any place')}"
