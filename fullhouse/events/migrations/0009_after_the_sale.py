"""Installs exchange, reseating, transfer, postponing and cancelling."""

from django.db import migrations

from fullhouse.events.engine.sql_files import drop_script, script

FUNCTIONS = [
    "functions/changeable_v1.sql",
    "functions/closed_refusal_v1.sql",
    "functions/require_reason_v1.sql",
    "functions/require_moves_v1.sql",
    "functions/lock_swap_v1.sql",
    "functions/add_lines_v1.sql",
    "functions/exchange_plan_v1.sql",
    "functions/exchange_rules_v1.sql",
    "functions/exchange_attempt_v1.sql",
    "functions/exchange_v1.sql",
    "functions/claim_part_v1.sql",
    "functions/lock_performance_v1.sql",
    "functions/exchange_out_v1.sql",
    "functions/exchange_in_v1.sql",
    "functions/moving_reservations_v1.sql",
    "functions/reseat_refusal_v1.sql",
    "functions/move_lines_to_seats_v1.sql",
    "functions/reseat_attempt_v1.sql",
    "functions/reseat_v1.sql",
    "functions/split_lines_v1.sql",
    "functions/customer_refusal_v1.sql",
    "functions/transfer_lines_v1.sql",
    "functions/transfer_v1.sql",
    "functions/lock_live_v1.sql",
    "functions/refunds_due_v1.sql",
    "functions/free_allocations_v1.sql",
    "functions/end_all_lines_v1.sql",
    "functions/cancel_performance_v1.sql",
    "functions/postpone_refusal_v1.sql",
    "functions/postpone_performance_v1.sql",
    "functions/resume_performance_v1.sql",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0008_house_and_waiting_list")]

    operations = [migrations.RunSQL(script(*FUNCTIONS), drop_script(*FUNCTIONS))]
