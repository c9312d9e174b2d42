"""Installs what seat maps read: the seats in their order, and their states."""

from django.db import migrations

from fullhouse.events.engine.sql_files import drop_script, script

FUNCTIONS = ["functions/seat_plan_v1.sql", "functions/seat_states_v1.sql"]


class Migration(migrations.Migration):
    dependencies = [("events", "0010_plans_and_stories")]

    operations = [migrations.RunSQL(script(*FUNCTIONS), drop_script(*FUNCTIONS))]
