"""Makes the ledger its own outbox, with notices for what moves no place."""

import django.contrib.postgres.functions
import django.db.models.functions.datetime
from django.db import migrations, models

import fullhouse.events.domain.ids
from fullhouse.events.engine.sql_files import drop_script, script

FUNCTIONS = ["triggers/notices.sql", "functions/changes_v1.sql"]


class Migration(migrations.Migration):
    dependencies = [("events", "0012_staff_groups")]

    operations = [
        migrations.CreateModel(
            name="Notice",
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
                ("performance_id", models.UUIDField(null=True)),
                ("kind", models.CharField(max_length=50, verbose_name="kind")),
                ("facts", models.JSONField(db_default={}, default=dict, verbose_name="facts")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["at", "id"],
            },
        ),
        migrations.RunSQL(
            script("constraints/outbox.sql"), script("constraints/outbox_reverse.sql")
        ),
        migrations.RunSQL(script(*FUNCTIONS), drop_script(*FUNCTIONS)),
    ]
