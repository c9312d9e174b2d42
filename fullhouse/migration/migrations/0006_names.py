"""Columns are called by the names that people read; no table changes."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("capacity_migration", "0005_jobs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="anomaly",
            name="count",
            field=models.PositiveIntegerField(default=1, verbose_name="count"),
        ),
        migrations.AlterField(
            model_name="anomaly",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="anomaly",
            name="decided_at",
            field=models.DateTimeField(null=True, verbose_name="decided"),
        ),
        migrations.AlterField(
            model_name="anomaly",
            name="decided_by",
            field=models.CharField(
                blank=True, default="", max_length=100, verbose_name="decided by"
            ),
        ),
        migrations.AlterField(
            model_name="anomaly",
            name="evidence",
            field=models.JSONField(default=dict, verbose_name="evidence"),
        ),
        migrations.AlterField(
            model_name="anomaly",
            name="performance_id",
            field=models.UUIDField(null=True, verbose_name="performance"),
        ),
        migrations.AlterField(
            model_name="anomaly",
            name="policy",
            field=models.CharField(
                choices=[("apply", "apply"), ("ask", "ask"), ("block", "block")],
                default="ask",
                max_length=10,
                verbose_name="without an answer",
            ),
        ),
        migrations.AlterField(
            model_name="anomaly",
            name="rows",
            field=models.JSONField(default=list, verbose_name="table rows"),
        ),
        migrations.AlterField(
            model_name="archivedrow",
            name="content",
            field=models.JSONField(verbose_name="content"),
        ),
        migrations.AlterField(
            model_name="archivedrow",
            name="kind",
            field=models.CharField(max_length=30, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="archivedrow",
            name="performance_id",
            field=models.UUIDField(verbose_name="performance"),
        ),
        migrations.AlterField(
            model_name="archivedrow",
            name="row_id",
            field=models.UUIDField(verbose_name="table row"),
        ),
        migrations.AlterField(
            model_name="job",
            name="arguments",
            field=models.JSONField(default=list, verbose_name="arguments"),
        ),
        migrations.AlterField(
            model_name="job",
            name="seen_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="last seen"
            ),
        ),
        migrations.AlterField(
            model_name="keptrow",
            name="before",
            field=models.JSONField(null=True, verbose_name="as it was before"),
        ),
        migrations.AlterField(
            model_name="keptrow",
            name="kind",
            field=models.CharField(
                choices=[("seat", "seat"), ("performance", "performance"), ("booking", "booking")],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="keptrow",
            name="legacy_key",
            field=models.TextField(db_default="", verbose_name="key in the old system"),
        ),
        migrations.AlterField(
            model_name="keptrow",
            name="row_id",
            field=models.UUIDField(verbose_name="table row"),
        ),
        migrations.AlterField(
            model_name="maderow",
            name="detail",
            field=models.JSONField(default=dict, verbose_name="details"),
        ),
        migrations.AlterField(
            model_name="maderow",
            name="kind",
            field=models.CharField(
                choices=[
                    ("venue", "venue"),
                    ("event", "event"),
                    ("ticket_type", "ticket type"),
                    ("performance", "performance"),
                    ("raised_venue", "raised venue"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="maderow",
            name="row_id",
            field=models.UUIDField(verbose_name="table row"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="backup_path",
            field=models.CharField(blank=True, default="", max_length=1000, verbose_name="backup"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="decisions",
            field=models.JSONField(default=dict, verbose_name="decisions"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="epoch",
            field=models.PositiveIntegerField(default=0, verbose_name="turn of the runner"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="lease_holder",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="runner"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="lease_until",
            field=models.DateTimeField(null=True, verbose_name="runner has it until"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="legacy_hashes",
            field=models.JSONField(default=dict, verbose_name="digests of the old tables"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="live",
            field=models.JSONField(default=dict, verbose_name="state while live"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="paused_at",
            field=models.DateTimeField(null=True, verbose_name="paused"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="plan",
            field=models.JSONField(default=dict, verbose_name="plan"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="plan_sha",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="digest of the plan"
            ),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="report",
            field=models.JSONField(default=dict, verbose_name="report"),
        ),
        migrations.AlterField(
            model_name="migrationrun",
            name="updated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="last change"
            ),
        ),
        migrations.AlterField(
            model_name="migrationunit",
            name="done_at",
            field=models.DateTimeField(null=True, verbose_name="done"),
        ),
        migrations.AlterField(
            model_name="migrationunit",
            name="error",
            field=models.TextField(blank=True, default="", verbose_name="error"),
        ),
        migrations.AlterField(
            model_name="migrationunit",
            name="performance_id",
            field=models.UUIDField(verbose_name="performance"),
        ),
        migrations.AlterField(
            model_name="migrationunit",
            name="seats",
            field=models.PositiveIntegerField(default=0, verbose_name="seats"),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
            ),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="direction",
            field=models.CharField(
                choices=[("forward", "forward"), ("reverse", "back")],
                max_length=10,
                verbose_name="direction",
            ),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="event_id",
            field=models.UUIDField(null=True, verbose_name="event"),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="link",
            field=models.JSONField(null=True, verbose_name="link"),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="performance_id",
            field=models.UUIDField(null=True, verbose_name="performance"),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="run_id",
            field=models.UUIDField(verbose_name="migration run"),
        ),
        migrations.AlterField(
            model_name="runevent",
            name="actor",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="actor"),
        ),
        migrations.AlterField(
            model_name="runevent",
            name="at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
            ),
        ),
        migrations.AlterField(
            model_name="runevent",
            name="detail",
            field=models.JSONField(default=dict, verbose_name="details"),
        ),
        migrations.AlterField(
            model_name="runevent",
            name="from_state",
            field=models.CharField(max_length=20, verbose_name="state before"),
        ),
        migrations.AlterField(
            model_name="runevent",
            name="phase",
            field=models.CharField(max_length=30, verbose_name="phase"),
        ),
        migrations.AlterField(
            model_name="runevent",
            name="sha",
            field=models.CharField(max_length=64, verbose_name="digest"),
        ),
        migrations.AlterField(
            model_name="runevent",
            name="to_state",
            field=models.CharField(max_length=20, verbose_name="state after"),
        ),
        migrations.AlterField(
            model_name="seatalias",
            name="legacy_seat_id",
            field=models.UUIDField(verbose_name="seat in the old system"),
        ),
        migrations.AlterField(
            model_name="seatalias",
            name="performance_id",
            field=models.UUIDField(verbose_name="performance"),
        ),
        migrations.AlterField(
            model_name="seatalias",
            name="seat_id",
            field=models.UUIDField(verbose_name="seat"),
        ),
    ]
