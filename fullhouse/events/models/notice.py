"""What happened beside the ledger that others are told of."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7


class Notice(models.Model):
    """Something to announce that moved no place; written in the transaction that did it.

    `performance_id` null: of the whole house. Two columns that only SQL reads, `txid` and `turn`,
    are those of the ledger (docs/adr/0007-outbox.md). Old notices are taken away by the worker.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=RandomUUID(), editable=False)
    performance_id = models.UUIDField(_("performance"), null=True)
    kind = models.CharField(_("kind"), max_length=50)
    facts = models.JSONField(_("facts"), default=dict, db_default={})
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.kind
