"""Columns are called by the names that people read; no table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_api_keys"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="secret_hash",
            field=models.BinaryField(verbose_name="digest of the secret"),
        ),
    ]
