"""What is put on sale: venue, event, ticket type, performance.

Small reference data. Nothing here points at the rows of a performance, so that these tables
can be copied to every node of a distributed database.
"""

from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models.counters import Counter, PerformanceManager


class Venue(models.Model):
    """A house. `total_capacity` is places per performance; performances do not add up."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    name = models.CharField(_("name"), max_length=255)
    city = models.CharField(_("city"), max_length=100, blank=True, default="", db_default="")
    country = models.CharField(_("country"), max_length=100, blank=True, default="", db_default="")
    total_capacity = models.PositiveIntegerField(_("total capacity"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", db_default="UTC")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """I1: never smaller than the largest of its performances."""
        largest = (
            EventPerformance.objects.filter(event__venue=self).order_by("-max_capacity").first()
        )
        total = self.total_capacity
        if largest and total is not None and total < largest.max_capacity:
            raise ValidationError({"total_capacity": _i1(total, largest)})


class Event(models.Model):
    """A show, given at one venue."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="events")
    title = models.CharField(_("title"), max_length=255)
    slug = models.SlugField(_("slug"), max_length=255, unique=True, allow_unicode=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """I1: an event moves only to a venue that holds its largest performance."""
        venue = Venue.objects.filter(pk=self.venue_id).first()
        largest = EventPerformance.objects.filter(event=self).order_by("-max_capacity").first()
        if venue and largest and largest.max_capacity > venue.total_capacity:
            raise ValidationError({"venue": _i1(venue.total_capacity, largest)})


class TicketType(models.Model):
    """What a buyer chooses: adult, student, VIP. `price_modifier` multiplies a base price."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="ticket_types")
    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=50, blank=True, default="", db_default="")
    price_modifier = models.DecimalField(
        _("price modifier"),
        max_digits=12,
        decimal_places=6,
        default=1,
        db_default=1,
        help_text=_("multiplier"),
    )
    is_active = models.BooleanField(_("on offer"), default=True, db_default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("ticket type")
        verbose_name_plural = _("ticket types")
        ordering = ["event", "name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="tickettype_event_name"),
            models.CheckConstraint(
                condition=models.Q(price_modifier__gte=0), name="tickettype_modifier_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EventPerformance(models.Model):
    """One evening. `max_capacity` is places, kept by the engine as the sum of its sections.

    A new performance starts at 0 and grows with its sections. `date` and `start_time` are
    local to the venue. `available_capacity`, `reserved_capacity`, `sold_capacity` and
    `current_capacity` (reserved + sold) are sums over its allocations: read, not stored.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ON_SALE = "on_sale", _("on sale")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="performances")
    date = models.DateField(_("date"))
    start_time = models.TimeField(_("start time"))
    max_capacity = models.PositiveIntegerField(
        _("capacity"), default=0, db_default=0, editable=False
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status,
        default=Status.ON_SALE,
        db_default=Status.ON_SALE,
    )
    sales_open_at = models.DateTimeField(_("sales open"), null=True, blank=True)
    sales_close_at = models.DateTimeField(_("sales close"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    available_capacity = Counter()
    reserved_capacity = Counter()
    sold_capacity = Counter()
    current_capacity = Counter()

    objects = PerformanceManager()

    class Meta:
        verbose_name = _("performance")
        verbose_name_plural = _("performances")
        ordering = ["date", "start_time", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "date", "start_time"], name="performance_event_date_time"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "on_sale", "closed", "cancelled"]),
                name="performance_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.date} {self.start_time:%H:%M}"

    def clean(self) -> None:
        """I1: a performance moves only to an event whose venue holds it."""
        venue = Venue.objects.filter(events=self.event_id).first()
        if venue and self.max_capacity > venue.total_capacity:
            raise ValidationError({"event": _i1(venue.total_capacity, self)})


def _i1(total: int, performance: EventPerformance) -> ValidationError:
    return ValidationError(
        _("I1: the venue holds %(total)d, the performance of %(date)s needs %(needed)d."),
        code="I1",
        params={
            "total": total,
            "date": performance.date,
            "needed": performance.max_capacity,
        },
    )
