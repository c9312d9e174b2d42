"""Endpoints, deliveries, how far the relay came; notices of what the ledger does not tell."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import fullhouse.events.domain.ids
from fullhouse.events.engine.sql_files import render, schema

_TRIGGERS = Path(__file__).resolve().parent.parent / "sql/triggers"
_PHASE = _TRIGGERS / "migration_phase.sql"
_NOTES = _TRIGGERS / "reservation_notes.sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0013_outbox"),
        ("capacity_migration", "0004_over"),
    ]

    operations = [
        migrations.CreateModel(
            name="Level",
            fields=[
                ("performance_id", models.UUIDField(primary_key=True, serialize=False)),
                ("level", models.CharField(max_length=10)),
            ],
            options={"verbose_name": "told level", "verbose_name_plural": "told levels"},
        ),
        migrations.CreateModel(
            name="Relay",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("position", models.TextField()),
                ("server", models.CharField(max_length=40)),
                ("read_at", models.DateTimeField()),
                ("floor_at", models.DateTimeField(null=True)),
            ],
            options={"verbose_name": "relay position", "verbose_name_plural": "relay positions"},
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=fullhouse.events.domain.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                (
                    "event_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("performance.low", "performance.low"),
                                ("performance.sold_out", "performance.sold_out"),
                                ("performance.back", "performance.back"),
                                ("performance.changed", "performance.changed"),
                                ("reservation.reserved", "reservation.reserved"),
                                ("reservation.extended", "reservation.extended"),
                                ("reservation.confirmed", "reservation.confirmed"),
                                ("reservation.released", "reservation.released"),
                                ("reservation.expired", "reservation.expired"),
                                ("reservation.refunded", "reservation.refunded"),
                                ("reservation.exchanged", "reservation.exchanged"),
                                ("reservation.transferred", "reservation.transferred"),
                                ("capacity.changed", "capacity.changed"),
                                ("audit.failed", "audit.failed"),
                                ("migration.phase_changed", "migration.phase_changed"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types of events",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                (
                    "disabled_because",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=200,
                        verbose_name="disabled because",
                    ),
                ),
                ("salt", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("previous_salt", models.UUIDField(editable=False, null=True)),
                (
                    "rotated_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="secret changed"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="created",
                    ),
                ),
                (
                    "events",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="events.event",
                        verbose_name="only for events",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook endpoint",
                "verbose_name_plural": "webhook endpoints",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("message_id", models.CharField(max_length=80, verbose_name="message")),
                ("kind", models.CharField(max_length=40, verbose_name="type")),
                ("lane", models.UUIDField(default=uuid.UUID(int=0), verbose_name="performance")),
                ("body", models.TextField(verbose_name="body")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("delivered", "delivered"),
                            ("dead", "given up"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_try_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="next attempt",
                    ),
                ),
                (
                    "last_answer",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="last answer"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="announce.webhookendpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "pending")),
                        fields=["endpoint", "lane", "id"],
                        name="delivery_pending",
                    ),
                    models.Index(
                        condition=models.Q(("status", "pending"), _negated=True),
                        fields=["ended_at"],
                        name="delivery_ended",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint", "message_id"), name="delivery_message"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            render(_PHASE),
            f"DROP FUNCTION IF EXISTS {schema()}.notice_migration_phase() CASCADE",
        ),
        migrations.RunSQL(
            render(_NOTES),
            f"DROP FUNCTION IF EXISTS {schema()}.notice_reservation() CASCADE",
        ),
    ]
