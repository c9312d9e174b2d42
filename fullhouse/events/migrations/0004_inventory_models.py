"""What the inventory needs beyond capacity: notes, sales rules, kinds of reservations."""

import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import fullhouse.events.domain.ids


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_install_engine_v1"),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
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
                ("reservation_id", models.UUIDField(null=True)),
                ("operation", models.CharField(max_length=30, verbose_name="operation")),
                (
                    "actor",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=100, verbose_name="actor"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=255, verbose_name="reason"
                    ),
                ),
                ("facts", models.JSONField(db_default={}, default=dict, verbose_name="facts")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["performance", "at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SalesRule",
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
                    "sales_open_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="sales open"),
                ),
                (
                    "sales_close_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="sales close"),
                ),
                (
                    "min_per_order",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="least per order"
                    ),
                ),
                (
                    "max_per_order",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="most per order"
                    ),
                ),
                (
                    "max_per_customer",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="most per customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "sales rule",
                "verbose_name_plural": "sales rules",
                "ordering": ["performance", "ticket_type"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="eventperformance",
            name="performance_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="reservation",
            name="reservation_kind_known",
        ),
        migrations.AddField(
            model_name="eventperformance",
            name="accessible_release_at",
            field=models.DateTimeField(
                blank=True,
                help_text="until then they are kept for those who need them; empty: always",
                null=True,
                verbose_name="accessible places are released",
            ),
        ),
        migrations.AddField(
            model_name="eventperformance",
            name="has_rules",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="eventperformance",
            name="hold_ceiling_seconds",
            field=models.PositiveIntegerField(
                db_default=3600,
                default=3600,
                help_text="however often a hold is extended, counted from its beginning",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="longest hold, seconds",
            ),
        ),
        migrations.AddField(
            model_name="eventperformance",
            name="waiting_list_first",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="freed places go to the waiting list first",
            ),
        ),
        migrations.AddField(
            model_name="eventsection",
            name="orphan_rule",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="buyers may not leave one free seat between taken ones or at a row's end",
                verbose_name="leave no single seat",
            ),
        ),
        migrations.AddField(
            model_name="reservation",
            name="origin_id",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="reservation",
            name="owner",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=100, verbose_name="owner"
            ),
        ),
        migrations.AddField(
            model_name="reservationline",
            name="places_per_ticket",
            field=models.PositiveSmallIntegerField(
                db_default=1, default=1, verbose_name="places per ticket"
            ),
        ),
        migrations.AddField(
            model_name="tickettype",
            name="places_per_ticket",
            field=models.PositiveSmallIntegerField(
                db_default=1,
                default=1,
                help_text="a family ticket or a whole table takes several; "
                "its price is for all of them",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="places per ticket",
            ),
        ),
        migrations.AlterField(
            model_name="eventperformance",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("on_sale", "on sale"),
                    ("closed", "closed"),
                    ("postponed", "postponed"),
                    ("cancelled", "cancelled"),
                ],
                db_default="on_sale",
                default="on_sale",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "sale"),
                    ("house", "house"),
                    ("kill", "not for sale"),
                    ("comp", "complimentary"),
                    ("channel", "sales channel"),
                    ("offer", "waiting list offer"),
                    ("legacy", "legacy hold"),
                ],
                db_default="sale",
                default="sale",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventperformance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "on_sale", "closed", "postponed", "cancelled"])
                ),
                name="performance_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventperformance",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_ceiling_seconds__gt", 0)),
                name="performance_hold_ceiling_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["sale", "house", "kill", "comp", "channel", "offer", "legacy"])
                ),
                name="reservation_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservationline",
            constraint=models.CheckConstraint(
                condition=models.Q(("places_per_ticket__gt", 0)),
                name="line_places_per_ticket_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="tickettype",
            constraint=models.CheckConstraint(
                condition=models.Q(("places_per_ticket__gt", 0)),
                name="tickettype_places_per_ticket_positive",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="performance",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="notes",
                to="events.eventperformance",
            ),
        ),
        migrations.AddField(
            model_name="salesrule",
            name="performance",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rules",
                to="events.eventperformance",
            ),
        ),
        migrations.AddField(
            model_name="salesrule",
            name="ticket_type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rules",
                to="events.tickettype",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["performance", "reservation_id"], name="note_reservation"),
        ),
        migrations.AddConstraint(
            model_name="salesrule",
            constraint=models.UniqueConstraint(
                fields=("performance", "ticket_type"), name="salesrule_type", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="salesrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_per_order__isnull", True),
                    ("max_per_order__isnull", True),
                    ("min_per_order__lte", models.F("max_per_order")),
                    _connector="OR",
                ),
                name="salesrule_least_within_most",
            ),
        ),
    ]
