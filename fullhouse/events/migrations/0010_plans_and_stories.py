"""Installs seating plans, the time machine, stories and repairs."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import fullhouse.events.domain.ids
from fullhouse.events.engine.sql_files import drop_script, script

FILES = [
    "triggers/plan_is_immutable.sql",
    "triggers/plan_version_rises.sql",
    "functions/plan_sections_v1.sql",
    "functions/plan_differences_v1.sql",
    "functions/plan_configuration_refusal_v1.sql",
    "functions/lock_plan_change_v1.sql",
    "functions/plan_orphans_v1.sql",
    "functions/remove_plan_seats_v1.sql",
    "functions/add_plan_seats_v1.sql",
    "functions/grow_unseated_v1.sql",
    "functions/change_unseated_v1.sql",
    "functions/apply_plan_change_v1.sql",
    "functions/change_plan_locked_v1.sql",
    "functions/change_plan_v1.sql",
    "functions/seats_at_v1.sql",
    "functions/counters_at_v1.sql",
    "functions/story_v1.sql",
    "functions/counters_of.sql",
    "functions/repair_lock_v1.sql",
    "functions/repair_differences_v1.sql",
    "functions/repair_ledger_v1.sql",
    "functions/repair_seats_v1.sql",
    "functions/repair_counters_v1.sql",
    "functions/repair_reservations_v1.sql",
    "functions/repair_sums_v1.sql",
    "functions/repair_rows_v1.sql",
    "functions/repair_rules_v1.sql",
    "functions/repair_v1.sql",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0009_after_the_sale")]

    operations = [
        migrations.CreateModel(
            name="SeatingPlan",
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
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("document", models.JSONField(verbose_name="document")),
                ("seats", models.PositiveIntegerField(verbose_name="numbered seats")),
                ("places", models.PositiveIntegerField(verbose_name="places")),
                (
                    "source_format",
                    models.CharField(max_length=20, verbose_name="format it came in"),
                ),
                (
                    "created_by",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=100,
                        verbose_name="made by",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="made",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="events.seatingplan",
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="events.venue",
                        verbose_name="venue",
                    ),
                ),
            ],
            options={
                "verbose_name": "seating plan",
                "verbose_name_plural": "seating plans",
                "ordering": ["name", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "version"), name="seatingplan_name_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gt", 0)), name="seatingplan_version_positive"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="eventperformance",
            name="seating_plan",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="performances",
                to="events.seatingplan",
                verbose_name="seating plan",
            ),
        ),
        migrations.AddField(
            model_name="eventperformance",
            name="plan_version",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(script(*FILES), drop_script(*FILES)),
    ]
