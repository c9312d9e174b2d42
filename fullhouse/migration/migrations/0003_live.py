"""The live takeover: an outbox of changed performances, and what a run reports meanwhile."""

import django.db.models.functions.datetime
from django.db import migrations, models

from fullhouse.events.engine.sql_files import schema


class Migration(migrations.Migration):
    dependencies = [("capacity_migration", "0002_takeover")]

    operations = [
        migrations.AddField(
            model_name="migrationrun",
            name="live",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="migrationrun",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run_id", models.UUIDField()),
                (
                    "direction",
                    models.CharField(
                        choices=[("forward", "Forward"), ("reverse", "Reverse")], max_length=10
                    ),
                ),
                ("performance_id", models.UUIDField(null=True)),
                ("event_id", models.UUIDField(null=True)),
                ("link", models.JSONField(null=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "outbox row",
                "verbose_name_plural": "outbox rows",
                "indexes": [
                    models.Index(fields=["run_id", "direction", "id"], name="outbox_of_run")
                ],
            },
        ),
        # A queue: nearly all rows are dead soon, and a scan from its head passes every one of them.
        migrations.RunSQL(
            f"ALTER TABLE {schema()}.capacity_migration_outbox"
            " SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);",
            migrations.RunSQL.noop,
        ),
    ]
