"""Installs version 1 of the engine: functions, then the triggers that guard the invariants."""

from django.db import migrations

from fullhouse.events.engine.sql_files import drop_script, script

SUPPORT = [
    "functions/uuid7.sql",
    "functions/name_key.sql",
    "functions/seat_key.sql",
    "functions/final_price.sql",
]
TRIGGERS = [
    "triggers/read_committed.sql",
    "triggers/section_name_key.sql",
    "triggers/i1_venue_holds_performance.sql",
    "triggers/i2_performance_is_its_sections.sql",
    "triggers/i3_section_is_its_allocations.sql",
    "triggers/i6_only_the_engine_moves_places.sql",
    "triggers/ledger_is_append_only.sql",
]


def _install(files: list[str]) -> migrations.RunSQL:
    return migrations.RunSQL(script(*files), drop_script(*files))


class Migration(migrations.Migration):
    dependencies = [("events", "0002_add_capacity_models")]

    operations = [_install(SUPPORT), _install(TRIGGERS)]
