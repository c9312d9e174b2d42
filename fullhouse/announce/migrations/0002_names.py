"""Columns are called by the names that people read; no table changes."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("announce", "0001_webhooks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="level",
            name="level",
            field=models.CharField(max_length=10, verbose_name="level"),
        ),
        migrations.AlterField(
            model_name="level",
            name="performance_id",
            field=models.UUIDField(primary_key=True, serialize=False, verbose_name="performance"),
        ),
        migrations.AlterField(
            model_name="relay",
            name="floor_at",
            field=models.DateTimeField(null=True, verbose_name="what is older is past"),
        ),
        migrations.AlterField(
            model_name="relay",
            name="id",
            field=models.PositiveSmallIntegerField(
                default=1, primary_key=True, serialize=False, verbose_name="number"
            ),
        ),
        migrations.AlterField(
            model_name="relay",
            name="position",
            field=models.TextField(verbose_name="position"),
        ),
        migrations.AlterField(
            model_name="relay",
            name="read_at",
            field=models.DateTimeField(verbose_name="read"),
        ),
        migrations.AlterField(
            model_name="relay",
            name="server",
            field=models.CharField(max_length=40, verbose_name="server"),
        ),
        migrations.AlterField(
            model_name="webhookdelivery",
            name="id",
            field=models.BigAutoField(primary_key=True, serialize=False, verbose_name="number"),
        ),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="previous_salt",
            field=models.UUIDField(editable=False, null=True, verbose_name="previous salt"),
        ),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="salt",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="salt"),
        ),
    ]
