"""Who may buy what, when and how much of it, beyond what is left."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models.catalogue import EventPerformance, TicketType


class SalesRule(models.Model):
    """Limits and a sales window for one ticket type of a performance, or for all of them.

    `ticket_type` null speaks of the whole order. Limits count tickets, not places; null is no
    limit. A window narrows the performance's own, it never widens it. Per customer counts live
    lines (held and not overdue, or sold) of all reservations with that `customer` in this
    performance, but for comps. Rules are set by `services.sales_rules`, which notes who and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance = models.ForeignKey(
        EventPerformance, models.PROTECT, related_name="rules", db_index=False
    )
    ticket_type = models.ForeignKey(
        TicketType, models.PROTECT, related_name="rules", null=True, blank=True
    )
    sales_open_at = models.DateTimeField(_("sales open"), null=True, blank=True)
    sales_close_at = models.DateTimeField(_("sales close"), null=True, blank=True)
    min_per_order = models.PositiveIntegerField(_("least per order"), null=True, blank=True)
    max_per_order = models.PositiveIntegerField(_("most per order"), null=True, blank=True)
    max_per_customer = models.PositiveIntegerField(_("most per customer"), null=True, blank=True)

    class Meta:
        verbose_name = _("sales rule")
        verbose_name_plural = _("sales rules")
        ordering = ["performance", "ticket_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "ticket_type"],
                name="salesrule_type",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(min_per_order__isnull=True)
                | models.Q(max_per_order__isnull=True)
                | models.Q(min_per_order__lte=models.F("max_per_order")),
                name="salesrule_least_within_most",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ticket_type) if self.ticket_type_id else str(_("whole order"))
