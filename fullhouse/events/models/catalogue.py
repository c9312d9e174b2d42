"""What is put on sale: venue, event, ticket type, performance.

Small reference data. Nothing here points at the rows of a performance, so that these tables
can be copied to every node of a distributed database.
"""

from functools import cache
from zoneinfo import available_timezones

from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models.counters import Counter, PerformanceManager
from fullhouse.events.staff_groups import OWN_PERMISSIONS
from fullhouse.language.writing import clock, day, is_persian, isolated


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


class Venue(models.Model):
    """A house. `total_capacity` is places per performance; performances do not add up."""

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    name = models.CharField(_("name"), max_length=255)
    city = models.CharField(_("city"), max_length=100, blank=True, default="", db_default="")
    country = models.CharField(_("country"), max_length=100, blank=True, default="", db_default="")
    total_capacity = models.PositiveIntegerField(_("total capacity"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", db_default="UTC")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """I1: never smaller than the largest of its performances. Its clock is a known one."""
        if self.time_zone not in _time_zones():
            raise ValidationError(
                {"time_zone": _("No time zone has this name; one is, for example, Asia/Tehran.")}
            )
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
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

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
    places_per_ticket = models.PositiveSmallIntegerField(
        _("places per ticket"),
        default=1,
        db_default=1,
        validators=[MinValueValidator(1)],
        help_text=_("a family ticket or a whole table takes several; its price is for all of them"),
    )
    is_active = models.BooleanField(_("on offer"), default=True, db_default=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("ticket type")
        verbose_name_plural = _("ticket types")
        ordering = ["event", "name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="tickettype_event_name"),
            models.CheckConstraint(
                condition=models.Q(price_modifier__gte=0), name="tickettype_modifier_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(places_per_ticket__gt=0),
                name="tickettype_places_per_ticket_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EventPerformance(models.Model):
    """One evening. `max_capacity` is places, kept by the engine as the sum of its sections.

    A new performance starts at 0 and grows with its sections. `date` and `start_time` are
    local to the venue. `available_capacity`, `reserved_capacity`, `sold_capacity` and
    `current_capacity` (reserved + sold) are sums over its allocations: read, not stored.
    `has_rules` is kept by the database: whether any SalesRule speaks of this performance.
    So is `plan_version`: it rises whenever the set of its seats, their labels or their order
    change. `seating_plan` is the version of the plan that its house was built from or changed to.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ON_SALE = "on_sale", _("on sale")
        CLOSED = "closed", _("closed")
        POSTPONED = "postponed", _("postponed")
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
    hold_ceiling_seconds = models.PositiveIntegerField(
        _("longest hold, seconds"),
        default=3600,
        db_default=3600,
        validators=[MinValueValidator(1)],
        help_text=_("however often a hold is extended, counted from its beginning"),
    )
    waiting_list_first = models.BooleanField(
        _("freed places go to the waiting list first"), default=False, db_default=False
    )
    accessible_release_at = models.DateTimeField(
        _("accessible places are released"),
        null=True,
        blank=True,
        help_text=_("until then they are kept for those who need them; empty: always"),
    )
    has_rules = models.BooleanField(_("has rules"), default=False, db_default=False, editable=False)
    seating_plan = models.ForeignKey(
        "events.SeatingPlan",
        models.PROTECT,
        related_name="performances",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("seating plan"),
    )
    plan_version = models.PositiveIntegerField(
        _("version of the seats"), default=0, db_default=0, editable=False
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    available_capacity = Counter()
    reserved_capacity = Counter()
    sold_capacity = Counter()
    current_capacity = Counter()

    objects = PerformanceManager()

    class Meta:
        verbose_name = _("performance")
        verbose_name_plural = _("performances")
        permissions = OWN_PERMISSIONS
        ordering = ["date", "start_time", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "date", "start_time"], name="performance_event_date_time"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["draft", "on_sale", "closed", "postponed", "cancelled"]
                ),
                name="performance_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(hold_ceiling_seconds__gt=0),
                name="performance_hold_ceiling_positive",
            ),
        ]

    def __str__(self) -> str:
        title = isolated(str(self.event))
        if is_persian():
            return f"{title} · {day(self.date)}، {clock(self.start_time)}"
        return f"{title} · {self.date} {self.start_time:%H:%M}"

    def clean(self) -> None:
        """I1: a performance moves only to an event whose venue holds it. Sales open, then close."""
        opens, closes = self.sales_open_at, self.sales_close_at
        if opens and closes and opens >= closes:
            raise ValidationError({"sales_close_at": _("Must be later than when sales open.")})
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
