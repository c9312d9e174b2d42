"""Installs house kinds with a scheduled release, handing over, and the waiting list."""

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import fullhouse.events.domain.ids
from fullhouse.events.engine.sql_files import drop_script, script

FUNCTIONS = [
    "functions/require_set_aside_v1.sql",
    "functions/require_house_v1.sql",
    "functions/require_hand_over_v1.sql",
    "functions/require_changes_v1.sql",
    "functions/require_waiting_v1.sql",
    "functions/list_first_v1.sql",
    "functions/lock_lines_v1.sql",
    "functions/end_offers_v1.sql",
    "functions/lock_entry_v1.sql",
    "functions/waiting_window_v1.sql",
    "functions/waiting_seats_v1.sql",
    "functions/waiting_fit_v1.sql",
    "functions/make_offer_v1.sql",
    "functions/offer_round_v1.sql",
    "functions/offer_freed_v1.sql",
    "functions/clear_all_overdue_v1.sql",
    "functions/offer_out_of_turn_v1.sql",
    "functions/copy_lines_v1.sql",
    "functions/price_lines_v1.sql",
    "functions/note_comp_v1.sql",
    "functions/list_prices_v1.sql",
    "functions/hand_over_lines_v1.sql",
    "functions/hand_over_refusal_v1.sql",
    "functions/hand_over_plan_v1.sql",
    "functions/pass_on_v1.sql",
    "functions/hand_over_v1.sql",
    "functions/amend_house_v1.sql",
    "functions/comp_v1.sql",
    "functions/join_waiting_refusal_v1.sql",
    "functions/join_waiting_v1.sql",
    "functions/skip_waiting_v1.sql",
    "functions/withdraw_waiting_v1.sql",
    "functions/offer_waiting_v1.sql",
    "functions/offer_refusal_v1.sql",
    "functions/take_offer_v1.sql",
    "functions/audit_waiting_v1.sql",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0007_seat_choice")]

    operations = [
        migrations.CreateModel(
            name="WaitingEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=fullhouse.events.domain.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="places",
                    ),
                ),
                (
                    "together",
                    models.BooleanField(db_default=True, default=True, verbose_name="side by side"),
                ),
                (
                    "customer",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=255,
                        verbose_name="customer",
                    ),
                ),
                (
                    "contact",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=255,
                        verbose_name="contact",
                    ),
                ),
                ("token_hash", models.BinaryField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("skipped", "passed over"),
                            ("offered", "offered"),
                            ("taken", "taken"),
                            ("expired", "offer expired"),
                            ("withdrawn", "withdrawn"),
                        ],
                        db_default="waiting",
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("offer_id", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "offer_seconds",
                    models.PositiveIntegerField(
                        db_default=3600, default=3600, verbose_name="time to take an offer, seconds"
                    ),
                ),
                (
                    "joined_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="joined",
                    ),
                ),
                (
                    "performance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="events.eventperformance",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="events.eventsection",
                    ),
                ),
                (
                    "ticket_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="events.tickettype",
                    ),
                ),
            ],
            options={
                "verbose_name": "waiting list entry",
                "verbose_name_plural": "waiting list",
                "ordering": ["performance", "joined_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["performance", "joined_at", "id"],
                        name="waiting_in_order",
                    ),
                    models.Index(
                        condition=models.Q(("status", "offered")),
                        fields=["performance", "offer_id"],
                        name="waiting_offer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status__in", ["waiting", "skipped", "offered"]),
                            models.Q(("customer", ""), _negated=True),
                        ),
                        fields=("performance", "customer", "section", "ticket_type"),
                        name="waiting_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="waiting_quantity_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["waiting", "skipped", "offered", "taken", "expired", "withdrawn"],
                            )
                        ),
                        name="waiting_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "offered"), _negated=True),
                            ("offer_id__isnull", False),
                            _connector="OR",
                        ),
                        name="waiting_offer_named",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            script("constraints/waiting_keys.sql"),
            script("constraints/waiting_keys_reverse.sql"),
        ),
        migrations.RunSQL(script(*FUNCTIONS), drop_script(*FUNCTIONS)),
    ]
