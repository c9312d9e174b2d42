"""Where places live: section, allocation, seat.

Every row carries its performance, and the composite foreign keys (migration 0002) make the
database refuse a row whose parent belongs to another performance.
"""

from decimal import Decimal

from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.domain.names import name_key
from fullhouse.events.domain.pricing import final_price
from fullhouse.events.models.catalogue import EventPerformance, TicketType
from fullhouse.events.models.counters import Counter, SectionManager


class EventSection(models.Model):
    """A part of the house in one performance. `total_capacity` is places (I3).

    `name_key` is set by the database from `name`: two spellings of one name cannot be two
    sections of one performance. Counters are sums over its allocations: read, not stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="sections", db_index=False
    )
    name = models.CharField(_("name"), max_length=100)
    name_key = models.CharField(
        _("key of the name"), max_length=200, editable=False, default="", db_default=""
    )
    total_capacity = models.PositiveIntegerField(_("total capacity"), default=0, db_default=0)
    base_price = models.DecimalField(
        _("base price"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD", db_default="USD")
    position = models.PositiveIntegerField(_("order"), default=0, db_default=0)
    orphan_rule = models.BooleanField(
        _("leave no single seat"),
        default=False,
        db_default=False,
        help_text=_("buyers may not leave one free seat between taken ones or at a row's end"),
    )
    focal_row_rank = models.PositiveIntegerField(
        _("best row"),
        null=True,
        blank=True,
        help_text=_("rank of the row that best available begins with; empty: the first"),
    )
    focal_seat_rank = models.PositiveIntegerField(
        _("best seat"),
        null=True,
        blank=True,
        help_text=_("rank in its row that best available keeps near to; empty: the row's middle"),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    available_capacity = Counter()
    reserved_capacity = Counter()
    sold_capacity = Counter()

    objects = SectionManager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["performance", "position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "name_key"], name="section_performance_name"
            ),
            models.UniqueConstraint(fields=["performance", "id"], name="section_performance_id"),
            models.CheckConstraint(
                condition=models.Q(base_price__gte=0), name="section_base_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The name is free in this performance, also in another spelling."""
        twins = EventSection.objects.filter(
            performance=self.performance_id, name_key=name_key(self.name)
        ).exclude(pk=self.pk)
        if twin := twins.first():
            raise ValidationError(
                {"name": _("This performance has that section already: %s") % twin.name}
            )


class SectionTicketType(models.Model):
    """An allocation: the places of a section given to one ticket type, or to its pool.

    The leaf, and the only hot row. `ticket_type` null is the section's pool, from which every
    type of the event may sell. All counters are places and only the engine moves them:
    `available + reserved + sold = allocated` (I4). `unseated_available` counts those of the
    available places that have no numbered seat; general admission takes from it, so that it
    never takes a numbered place (I5). `price_modifier` multiplies the section's base price.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="allocations", db_index=False
    )
    section = models.ForeignKey(
        EventSection, models.PROTECT, related_name="allocations", db_constraint=False
    )
    ticket_type = models.ForeignKey(
        TicketType, models.PROTECT, related_name="allocations", null=True, blank=True
    )
    allocated_capacity = models.PositiveIntegerField(_("allocated"))
    available_capacity = models.PositiveIntegerField(_("available"))
    unseated_available = models.PositiveIntegerField(_("available without a seat"))
    reserved_capacity = models.PositiveIntegerField(_("reserved"), default=0, db_default=0)
    sold_capacity = models.PositiveIntegerField(_("sold"), default=0, db_default=0)
    price_modifier = models.DecimalField(
        _("price modifier"), max_digits=12, decimal_places=6, default=1, db_default=1
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["section", "ticket_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "section", "ticket_type"],
                name="allocation_section_type",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(fields=["performance", "id"], name="allocation_performance_id"),
            models.UniqueConstraint(
                fields=["performance", "section", "id"], name="allocation_section_id"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    allocated_capacity=models.F("available_capacity")
                    + models.F("reserved_capacity")
                    + models.F("sold_capacity")
                ),
                name="i4_allocation_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(unseated_available__lte=models.F("available_capacity")),
                name="i5_unseated_within_available",
            ),
            models.CheckConstraint(
                condition=models.Q(price_modifier__gte=0),
                name="allocation_modifier_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ticket_type) if self.ticket_type_id else str(_("pool"))

    @property
    def final_price(self) -> Decimal:
        """The price of one place, rounded to the currency's minor unit."""
        section = self.section
        return final_price(section.base_price, self.price_modifier, section.currency)


class Seat(models.Model):
    """A numbered place. It belongs to exactly one allocation of its section.

    Labels are shown as given; adjacency comes from `row_rank` and `seat_rank`, never from a
    number read out of a label. `price` null means the allocation's price.
    """

    class Status(models.TextChoices):
        AVAILABLE = "available", _("available")
        RESERVED = "reserved", _("reserved")
        SOLD = "sold", _("sold")

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="seats", db_index=False, db_constraint=False
    )
    section = models.ForeignKey(
        EventSection, models.PROTECT, related_name="seats", db_index=False, db_constraint=False
    )
    allocation = models.ForeignKey(
        SectionTicketType, models.PROTECT, related_name="seats", db_constraint=False
    )
    row_number = models.CharField(_("row"), max_length=20)
    seat_number = models.CharField(_("seat"), max_length=20)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.AVAILABLE,
        db_default=Status.AVAILABLE,
        editable=False,
    )
    price = models.DecimalField(
        _("own price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_accessible = models.BooleanField(_("wheelchair accessible"), default=False, db_default=False)
    is_companion = models.BooleanField(_("companion seat"), default=False, db_default=False)
    is_premium = models.BooleanField(_("premium"), default=False, db_default=False)
    has_restricted_view = models.BooleanField(_("restricted view"), default=False, db_default=False)
    row_rank = models.PositiveIntegerField(_("rank of the row"), default=0, db_default=0)
    seat_rank = models.PositiveIntegerField(_("rank in the row"), default=0, db_default=0)
    x = models.FloatField(_("place across"), null=True, blank=True)
    y = models.FloatField(_("place in depth"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["section", "row_rank", "seat_rank"]
        indexes = [
            models.Index(
                fields=["performance", "section", "row_rank", "seat_rank"], name="seat_row"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "section", "row_number", "seat_number"],
                name="seat_section_row_number",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["available", "reserved", "sold"]),
                name="seat_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gte=0),
                name="seat_price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_number}-{self.seat_number}"


class SectionAlias(models.Model):
    """Another spelling under which a section is found: old names keep working."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="section_aliases", db_index=False
    )
    section = models.ForeignKey(
        EventSection, models.CASCADE, related_name="aliases", db_constraint=False
    )
    spelling = models.CharField(_("spelling"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("section alias")
        verbose_name_plural = _("section aliases")
        ordering = ["section", "spelling"]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "spelling"], name="section_alias_spelling"
            ),
        ]

    def __str__(self) -> str:
        return self.spelling
