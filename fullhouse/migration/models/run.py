"""One takeover of one legacy schema: its state, its history, its units of work."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from fullhouse.events.domain.ids import uuid7
from fullhouse.language.writing import arrow, is_persian


class MigrationRun(models.Model):
    """A run. A state changes by compare-and-set together with a `RunEvent`.

    `epoch` grows with every runner that takes the lease; a runner with an older epoch is
    refused. `plan_sha` is the digest of the plan that the later phases must work from.
    `live` is empty for a source that stands still; else it holds what a live takeover last
    reported (`Live.to_json`). `paused_at` asks the runner to stop after its batch.
    """

    #: The schema whose name is in made keys, once the legacy tables are elsewhere (live/places.py).
    home_schema = ""

    class State(models.TextChoices):
        NEW = "new", _("new")
        BACKED_UP = "backed_up", _("backed up")
        PLANNED = "planned", _("planned")
        EXPANDED = "expanded", _("expanded")
        BACKFILLING = "backfilling", _("backfilling")
        PAUSED = "paused", _("paused")
        BACKFILLED = "backfilled", _("backfilled")
        VALIDATED = "validated", _("validated")
        CUT_OVER = "cut_over", _("cut over")
        CONTRACTED = "contracted", _("contracted")
        ROLLED_BACK = "rolled_back", _("rolled back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(_("source"), max_length=100)
    legacy_schema = models.CharField(_("legacy schema"), max_length=63)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    split = models.CharField(_("split"), max_length=10, default="pool")
    epoch = models.PositiveIntegerField(_("turn of the runner"), default=0)
    lease_holder = models.CharField(_("runner"), max_length=200, blank=True, default="")
    lease_until = models.DateTimeField(_("runner has it until"), null=True)
    plan_sha = models.CharField(_("digest of the plan"), max_length=64, blank=True, default="")
    decisions = models.JSONField(_("decisions"), default=dict)
    plan = models.JSONField(_("plan"), default=dict)
    report = models.JSONField(_("report"), default=dict)
    backup_path = models.CharField(_("backup"), max_length=1000, blank=True, default="")
    legacy_hashes = models.JSONField(_("digests of the old tables"), default=dict)
    paused_at = models.DateTimeField(_("paused"), null=True)
    live = models.JSONField(_("state while live"), default=dict)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("last change"), db_default=Now())

    class Meta:
        verbose_name = _("migration run")
        verbose_name_plural = _("migration runs")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "legacy_schema"],
                condition=~models.Q(state__in=["rolled_back", "contracted"]),
                name="run_one_open_per_source",
            ),
        ]

    def __str__(self) -> str:
        state = self.get_state_display() if is_persian() else self.state
        return f"{self.source}:{self.legacy_schema} ({state})"


class RunEvent(models.Model):
    """A step of a run. `sha` covers the step and the `sha` before it, so that none is lost."""

    run = models.ForeignKey(MigrationRun, models.CASCADE, related_name="events")
    at = models.DateTimeField(_("at"), db_default=Now())
    phase = models.CharField(_("phase"), max_length=30)
    from_state = models.CharField(_("state before"), max_length=20)
    to_state = models.CharField(_("state after"), max_length=20)
    actor = models.CharField(_("actor"), max_length=200, blank=True, default="")
    detail = models.JSONField(_("details"), default=dict)
    sha = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("run event")
        verbose_name_plural = _("run events")
        ordering = ["run", "id"]

    def __str__(self) -> str:
        if not is_persian():
            return f"{self.from_state} → {self.to_state}"
        states = dict(MigrationRun.State.choices)
        before, after = states.get(self.from_state), states.get(self.to_state)
        return f"{before or self.from_state} {arrow()} {after or self.to_state}"


class MigrationUnit(models.Model):
    """One performance of a run: the unit that is projected and proved."""

    run = models.ForeignKey(MigrationRun, models.CASCADE, related_name="units")
    performance_id = models.UUIDField(_("performance"))
    seats = models.PositiveIntegerField(_("seats"), default=0)
    done_at = models.DateTimeField(_("done"), null=True)
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(fields=["run", "performance_id"], name="unit_of_run"),
        ]

    def __str__(self) -> str:
        return str(self.performance_id)
