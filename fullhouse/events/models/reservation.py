"""Who has which places: reservation and its lines."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models.capacity import Seat, SectionTicketType
from fullhouse.events.models.catalogue import EventPerformance, TicketType
from fullhouse.language.writing import number


class LineStatus(models.TextChoices):
    """States of a reservation and of its lines; `reserved` and `sold` occupy places."""

    RESERVED = "reserved", _("reserved")
    SOLD = "sold", _("sold")
    RELEASED = "released", _("released")
    EXPIRED = "expired", _("expired")
    REFUNDED = "refunded", _("refunded")


class Reservation(models.Model):
    """A hold, a sale, or places that the house keeps. A hold is a reservation `reserved`.

    `expires_at` is aware UTC; null never expires. `token_hash` is the SHA-256 of the secret
    given to the buyer. `reason` says why the house keeps places, `owner` for whom; `kind` legacy
    marks holds taken over from another system. `origin_id` is the reservation, perhaps of another
    performance, that this one's places came from or replaced: no foreign key, as that one may be
    elsewhere.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("sale")
        HOUSE = "house", _("house")
        KILL = "kill", _("not for sale")
        COMP = "comp", _("complimentary")
        CHANNEL = "channel", _("sales channel")
        OFFER = "offer", _("waiting list offer")
        LEGACY = "legacy", _("legacy hold")

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="reservations", db_index=False
    )
    reference = models.CharField(_("reference"), max_length=100)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.SALE, db_default=Kind.SALE
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=LineStatus,
        default=LineStatus.RESERVED,
        db_default=LineStatus.RESERVED,
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    token_hash = models.BinaryField(_("digest of the secret"), null=True, editable=False)
    customer = models.CharField(
        _("customer"), max_length=255, blank=True, default="", db_default=""
    )
    channel = models.CharField(_("channel"), max_length=50, blank=True, default="", db_default="")
    reason = models.CharField(_("reason"), max_length=255, blank=True, default="", db_default="")
    owner = models.CharField(_("owner"), max_length=100, blank=True, default="", db_default="")
    origin_id = models.UUIDField(_("came from"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["performance", "expires_at"],
                name="reservation_due",
                condition=models.Q(status="reserved", expires_at__isnull=False),
            ),
            models.Index(
                fields=["performance", "customer"],
                name="reservation_customer",
                condition=~models.Q(customer=""),
            ),
            models.Index(
                fields=["performance", "channel"],
                name="reservation_channel",
                condition=models.Q(kind="channel"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "reference"], name="reservation_reference"
            ),
            models.UniqueConstraint(
                fields=["performance", "id"], name="reservation_performance_id"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=LineStatus.values), name="reservation_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["sale", "house", "kill", "comp", "channel", "offer", "legacy"]
                ),
                name="reservation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReservationLine(models.Model):
    """Places of one reservation in one allocation; with a seat, exactly that one.

    `allocation` is where the places are counted, `ticket_type` what was sold, `unit_price`
    what one ticket of `places_per_ticket` places costs in the section's currency, so that the
    line costs `unit_price * quantity / places_per_ticket`. `overbooked` places were sold beyond the
    house (taken over from another system): they are counted, and refunding them shrinks it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    reservation = models.ForeignKey(
        Reservation, models.PROTECT, related_name="lines", db_constraint=False
    )
    allocation = models.ForeignKey(
        SectionTicketType, models.PROTECT, related_name="lines", db_constraint=False
    )
    ticket_type = models.ForeignKey(
        TicketType, models.PROTECT, related_name="lines", null=True, blank=True, db_index=False
    )
    seat = models.ForeignKey(
        Seat,
        models.PROTECT,
        related_name="lines",
        null=True,
        blank=True,
        db_index=False,
    )
    quantity = models.PositiveIntegerField(_("places"))
    places_per_ticket = models.PositiveSmallIntegerField(
        _("places per ticket"), default=1, db_default=1
    )
    unit_price = models.DecimalField(_("unit price"), max_digits=12, decimal_places=2)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=LineStatus,
        default=LineStatus.RESERVED,
        db_default=LineStatus.RESERVED,
    )
    overbooked = models.BooleanField(_("overbooked"), default=False, db_default=False)

    class Meta:
        verbose_name = _("reservation line")
        verbose_name_plural = _("reservation lines")
        ordering = ["reservation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "seat"],
                name="i5_seat_in_one_live_line",
                condition=models.Q(seat__isnull=False, status__in=["reserved", "sold"]),
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="line_quantity_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(places_per_ticket__gt=0), name="line_places_per_ticket_positive"
            ),
            models.CheckConstraint(
                condition=Exact(models.F("quantity") % models.F("places_per_ticket"), 0),
                name="line_whole_tickets",
            ),
            models.CheckConstraint(
                condition=models.Q(seat__isnull=True) | models.Q(quantity=1, overbooked=False),
                name="line_seat_is_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=LineStatus.values), name="line_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{number(self.quantity)} × {self.ticket_type or self.allocation}"
