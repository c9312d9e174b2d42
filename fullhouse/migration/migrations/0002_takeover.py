"""Which rows a run made, and which runs may take their movements back."""

import django.db.models.deletion
from django.db import migrations, models

from fullhouse.events.engine.sql_files import schema
from fullhouse.migration.sql_files import text


class Migration(migrations.Migration):
    dependencies = [
        ("capacity_migration", "0001_initial"),
        ("events", "0003_install_engine_v1"),
    ]

    operations = [
        migrations.CreateModel(
            name="MadeRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("venue", "venue"),
                            ("event", "event"),
                            ("ticket_type", "ticket type"),
                            ("performance", "performance"),
                            ("raised_venue", "raised venue"),
                        ],
                        max_length=20,
                    ),
                ),
                ("row_id", models.UUIDField()),
                ("detail", models.JSONField(default=dict)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="made_rows",
                        to="capacity_migration.migrationrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "row made",
                "verbose_name_plural": "rows made",
                "constraints": [
                    models.UniqueConstraint(fields=("row_id", "kind"), name="made_row_once")
                ],
            },
        ),
        migrations.RunSQL(
            text("triggers/movements_of_a_run.sql"),
            f"DROP FUNCTION IF EXISTS {schema()}.check_migration_run CASCADE;",
        ),
        # Whoever deletes a seat has its lines looked up by the foreign key, which has no index.
        migrations.RunSQL(
            f"CREATE INDEX line_of_seat ON {schema()}.events_reservationline (seat_id)"
            " WHERE seat_id IS NOT NULL;",
            f"DROP INDEX IF EXISTS {schema()}.line_of_seat;",
        ),
    ]
