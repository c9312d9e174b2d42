"""Cut-over and the way back: legacy rows as they were, and the archive of a rolled-back run."""

import django.db.models.deletion
from django.db import migrations, models

from fullhouse.migration.sql_files import text


class Migration(migrations.Migration):
    dependencies = [("capacity_migration", "0003_live")]

    operations = [
        migrations.CreateModel(
            name="KeptRow",
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
                            ("seat", "Seat"),
                            ("performance", "Performance"),
                            ("booking", "Booking"),
                        ],
                        max_length=20,
                    ),
                ),
                ("row_id", models.UUIDField()),
                ("before", models.JSONField(null=True)),
                ("legacy_key", models.TextField(db_default="")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_rows",
                        to="capacity_migration.migrationrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept row",
                "verbose_name_plural": "kept rows",
                "constraints": [
                    models.UniqueConstraint(fields=("run", "kind", "row_id"), name="kept_row_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchivedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("performance_id", models.UUIDField()),
                ("kind", models.CharField(max_length=30)),
                ("row_id", models.UUIDField()),
                ("content", models.JSONField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="archived_rows",
                        to="capacity_migration.migrationrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "archived row",
                "verbose_name_plural": "archived rows",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "kind", "row_id"), name="archived_row_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            text("triggers/archived_movements.sql"),
            text("triggers/archived_movements_reverse.sql"),
        ),
    ]
