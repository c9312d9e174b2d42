"""Installs version 1 of the engine: functions, then the triggers that guard the invariants."""

from django.db import migrations

from fullhouse.events.engine.sql_files import drop_script, script

SUPPORT = [
    "functions/uuid7.sql",
    "functions/name_key.sql",
    "functions/seat_key.sql",
    "functions/minor_units.sql",
    "functions/final_price.sql",
]
HOT = [
    "functions/operation_begin_v1.sql",
    "functions/operation_end_v1.sql",
    "functions/require_arguments_v1.sql",
    "functions/require_lines_v1.sql",
    "functions/require_requests_v1.sql",
    "functions/require_reserve_v1.sql",
    "functions/lock_sections_v1.sql",
    "functions/lock_hold_v1.sql",
    "functions/free_lines_v1.sql",
    "functions/sell_lines_v1.sql",
    "functions/expire_holds_v1.sql",
    "functions/places_asked_v1.sql",
    "functions/planned_line_v1.sql",
    "functions/given_back_v1.sql",
    "functions/serve_places_v1.sql",
    "functions/ticket_shares_v1.sql",
    "functions/in_the_way_v1.sql",
    "functions/lock_in_the_way_v1.sql",
    "functions/reserve_plan_v1.sql",
    "functions/take_seats_v1.sql",
    "functions/take_v1.sql",
    "functions/reserve_one_v1.sql",
    "functions/own_allocation_v1.sql",
    "functions/reserve_attempt_v1.sql",
    "functions/reserve_v1.sql",
    "functions/reserve_quick_v1.sql",
    "functions/confirm_refusal_v1.sql",
    "functions/confirm_v1.sql",
    "functions/release_v1.sql",
    "functions/expire_v1.sql",
    "functions/line_amount_v1.sql",
    "functions/chosen_lines_v1.sql",
    "functions/give_up_lines_v1.sql",
    "functions/end_if_empty_v1.sql",
    "functions/refund_v1.sql",
    "functions/reserve_early_v1.sql",
    "functions/confirm_early_v1.sql",
    "functions/release_early_v1.sql",
]
STRUCTURE = [
    "functions/capacity_checks_v1.sql",
    "functions/lock_house_v1.sql",
    "functions/configured_sections_v1.sql",
    "functions/configured_allocations_v1.sql",
    "functions/configured_seats_v1.sql",
    "functions/configuration_problem_v1.sql",
    "functions/open_performance_refusal_v1.sql",
    "functions/build_sections_v1.sql",
    "functions/open_performance_v1.sql",
    "functions/require_places_v1.sql",
    "functions/clear_way_v1.sql",
    "functions/seats_refusal_v1.sql",
    "functions/house_refusal_v1.sql",
    "functions/set_aside_v1.sql",
    "functions/house_v1.sql",
    "functions/give_back_refusal_v1.sql",
    "functions/give_back_v1.sql",
    "functions/make_allocation_v1.sql",
    "functions/record_places_v1.sql",
    "functions/apply_resize_v1.sql",
    "functions/shrink_refusal_v1.sql",
    "functions/resize_locked_v1.sql",
    "functions/resize_v1.sql",
    "functions/move_places_v1.sql",
    "functions/reallocate_locked_v1.sql",
    "functions/reallocate_v1.sql",
    "functions/audit_sums_v1.sql",
    "functions/audit_seats_v1.sql",
    "functions/audit_lines_v1.sql",
    "functions/audit_ledger_v1.sql",
    "functions/audit_v1.sql",
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

    operations = [_install(SUPPORT), _install(TRIGGERS), _install(HOT), _install(STRUCTURE)]
