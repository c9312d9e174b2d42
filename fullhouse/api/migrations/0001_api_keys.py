"""The table of API keys."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.functions.datetime
from django.db import migrations, models

import fullhouse.events.domain.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("events", "0010_plans_and_stories"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
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
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "prefix",
                    models.CharField(
                        editable=False, max_length=16, unique=True, verbose_name="prefix"
                    ),
                ),
                ("secret_hash", models.BinaryField()),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "read"),
                                ("sell", "sell"),
                                ("manage", "manage"),
                                ("admin", "admin"),
                            ],
                            max_length=10,
                        ),
                        size=4,
                        verbose_name="scopes",
                    ),
                ),
                (
                    "requests_per_minute",
                    models.PositiveIntegerField(
                        default=6000,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="requests per minute",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="revoked"
                    ),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="last used"
                    ),
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
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "ordering": ["-created_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scopes__contained_by", ["read", "sell", "manage", "admin"]),
                            ("scopes__len__gt", 0),
                        ),
                        name="apikey_scopes_known",
                    )
                ],
            },
        ),
    ]
