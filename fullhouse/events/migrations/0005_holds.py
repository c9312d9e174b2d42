"""Installs extending, late confirmation, notes that only grow, and holds in batches."""

from django.db import migrations

from fullhouse.events.engine.sql_files import drop_script, schema, script

FILES = [
    "triggers/notes_only_grow.sql",
    "functions/longer_hold_v1.sql",
    "functions/extend_v1.sql",
    "functions/retake_refusal_v1.sql",
    "functions/retake_v1.sql",
    "functions/late_rules_refusal_v1.sql",
    "functions/late_refusal_v1.sql",
    "functions/nth_id_v1.sql",
    "functions/batch_items_v1.sql",
    "functions/plain_items_v1.sql",
    "functions/require_many_v1.sql",
    "functions/reserve_problem_v1.sql",
    "functions/reserve_batched_v1.sql",
    "functions/write_run_v1.sql",
    "functions/decide_run_v1.sql",
    "functions/reserve_run_v1.sql",
    "functions/reserve_stretch_v1.sql",
    "functions/reserve_runs_v1.sql",
    "functions/claim_keys_v1.sql",
    "functions/keep_answers_v1.sql",
    "functions/lock_batch_v1.sql",
    "functions/seat_items_v1.sql",
    "functions/reserve_seat_run_v1.sql",
    "functions/reserve_in_turn_v1.sql",
    "functions/reserve_mixed_v1.sql",
    "functions/made_facts_v1.sql",
    "functions/reserve_many_v1.sql",
    "functions/reserve_many_early_v1.sql",
]
# Its function is another migration's, and so does not take it along.
TRUNCATE = f"DROP TRIGGER IF EXISTS no_truncate ON {schema()}.events_note;"


class Migration(migrations.Migration):
    dependencies = [("events", "0004_inventory_models")]

    operations = [migrations.RunSQL(script(*FILES), TRUNCATE + drop_script(*FILES))]
