"""Columns are called by the names that people read; no table changes."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0013_outbox"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="eventperformance",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="eventperformance",
            name="has_rules",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="has rules"
            ),
        ),
        migrations.AlterField(
            model_name="eventperformance",
            name="plan_version",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="version of the seats"
            ),
        ),
        migrations.AlterField(
            model_name="eventsection",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="eventsection",
            name="name_key",
            field=models.CharField(
                db_default="",
                default="",
                editable=False,
                max_length=200,
                verbose_name="key of the name",
            ),
        ),
        migrations.AlterField(
            model_name="movement",
            name="allocation_id",
            field=models.UUIDField(verbose_name="allocation"),
        ),
        migrations.AlterField(
            model_name="movement",
            name="from_state",
            field=models.CharField(
                choices=[("available", "available"), ("reserved", "reserved"), ("sold", "sold")],
                max_length=10,
                null=True,
                verbose_name="state before",
            ),
        ),
        migrations.AlterField(
            model_name="movement",
            name="migration_run_id",
            field=models.UUIDField(null=True, verbose_name="migration run"),
        ),
        migrations.AlterField(
            model_name="movement",
            name="reservation_id",
            field=models.UUIDField(null=True, verbose_name="reservation"),
        ),
        migrations.AlterField(
            model_name="movement",
            name="seat_id",
            field=models.UUIDField(null=True, verbose_name="seat"),
        ),
        migrations.AlterField(
            model_name="movement",
            name="to_state",
            field=models.CharField(
                choices=[("available", "available"), ("reserved", "reserved"), ("sold", "sold")],
                max_length=10,
                null=True,
                verbose_name="state after",
            ),
        ),
        migrations.AlterField(
            model_name="note",
            name="reservation_id",
            field=models.UUIDField(null=True, verbose_name="reservation"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="performance_id",
            field=models.UUIDField(null=True, verbose_name="performance"),
        ),
        migrations.AlterField(
            model_name="operation",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="created"
            ),
        ),
        migrations.AlterField(
            model_name="operation",
            name="digest",
            field=models.BinaryField(verbose_name="digest"),
        ),
        migrations.AlterField(
            model_name="operation",
            name="key",
            field=models.CharField(max_length=200, verbose_name="key"),
        ),
        migrations.AlterField(
            model_name="operation",
            name="operation",
            field=models.CharField(max_length=30, verbose_name="operation"),
        ),
        migrations.AlterField(
            model_name="operation",
            name="outcome",
            field=models.JSONField(null=True, verbose_name="answer"),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="origin_id",
            field=models.UUIDField(blank=True, editable=False, null=True, verbose_name="came from"),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="token_hash",
            field=models.BinaryField(null=True, verbose_name="digest of the secret"),
        ),
        migrations.AlterField(
            model_name="seat",
            name="row_rank",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="rank of the row"
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="seat_rank",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="rank in the row"
            ),
        ),
        migrations.AlterField(
            model_name="seat",
            name="x",
            field=models.FloatField(blank=True, null=True, verbose_name="place across"),
        ),
        migrations.AlterField(
            model_name="seat",
            name="y",
            field=models.FloatField(blank=True, null=True, verbose_name="place in depth"),
        ),
        migrations.AlterField(
            model_name="seatingplan",
            name="previous",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="next",
                to="events.seatingplan",
                verbose_name="previous version",
            ),
        ),
        migrations.AlterField(
            model_name="sectiontickettype",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="tickettype",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="venue",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="waitingentry",
            name="offer_id",
            field=models.UUIDField(blank=True, editable=False, null=True, verbose_name="offer"),
        ),
        migrations.AlterField(
            model_name="waitingentry",
            name="token_hash",
            field=models.BinaryField(null=True, verbose_name="digest of the secret"),
        ),
    ]
