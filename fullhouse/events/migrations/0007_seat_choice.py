"""Installs best available, the orphan rule, and the protection of accessible places."""

from django.db import migrations, models

from fullhouse.events.engine.sql_files import drop_script, script

FUNCTIONS = [
    "functions/recheck_seat_row_v1.sql",
    "triggers/seat_rows.sql",
    "functions/leaves_single_v1.sql",
    "functions/judge_seats_v1.sql",
    "functions/seats_rule_refusal_v1.sql",
    "functions/require_party_v1.sql",
    "functions/party_places_v1.sql",
    "functions/party_refusal_v1.sql",
    "functions/not_together_v1.sql",
    "functions/passed_over_v1.sql",
    "functions/look_at_row_v1.sql",
    "functions/claim_row_v1.sql",
    "functions/split_around_v1.sql",
    "functions/split_in_section_v1.sql",
    "functions/split_party_v1.sql",
    "functions/tighten_rows_v1.sql",
    "functions/rows_for_party_v1.sql",
    "functions/choose_seats_v1.sql",
    "functions/best_available_attempt_v1.sql",
    "functions/best_available_v1.sql",
    "functions/best_available_early_v1.sql",
    "functions/audit_rows_v1.sql",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0006_sharing")]

    operations = [
        migrations.AddField(
            "eventsection",
            "focal_row_rank",
            models.PositiveIntegerField(
                blank=True,
                help_text="rank of the row that best available begins with; empty: the first",
                null=True,
                verbose_name="best row",
            ),
        ),
        migrations.AddField(
            "eventsection",
            "focal_seat_rank",
            models.PositiveIntegerField(
                blank=True,
                help_text="rank in its row that best available keeps near to; "
                "empty: the row's middle",
                null=True,
                verbose_name="best seat",
            ),
        ),
        migrations.AddIndex(
            "seat",
            models.Index(
                fields=["performance", "section", "row_rank", "seat_rank"], name="seat_row"
            ),
        ),
        migrations.RunSQL(
            script("constraints/seat_rows.sql"), script("constraints/seat_rows_reverse.sql")
        ),
        migrations.RunSQL(script(*FUNCTIONS), drop_script(*FUNCTIONS)),
    ]
