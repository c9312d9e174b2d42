"""Commands that a person asked for in the console, and how they ended."""

import django.db.models.functions.datetime
from django.db import migrations, models

import fullhouse.events.domain.ids


class Migration(migrations.Migration):
    dependencies = [("capacity_migration", "0004_over")]

    operations = [
        migrations.CreateModel(
            name="Job",
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
                ("source", models.CharField(max_length=1000, verbose_name="source")),
                ("legacy_schema", models.CharField(max_length=63, verbose_name="legacy schema")),
                ("action", models.CharField(max_length=30, verbose_name="action")),
                ("arguments", models.JSONField(default=list)),
                ("asked_by", models.CharField(max_length=150, verbose_name="asked by")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="asked at",
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                ("exit_code", models.SmallIntegerField(null=True, verbose_name="exit code")),
                ("output", models.TextField(blank=True, default="", verbose_name="output")),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(fields=["legacy_schema", "-asked_at"], name="job_of_schema")
                ],
            },
        ),
    ]
