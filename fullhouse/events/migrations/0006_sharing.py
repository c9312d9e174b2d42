"""Installs limits, sales windows, tickets of several places, and sales channels."""

from django.db import migrations, models
from django.db.models.lookups import Exact

from fullhouse.events.engine.sql_files import drop_script, script

FUNCTIONS = [
    "functions/has_rules_v1.sql",
    "functions/keep_rules_flag_v1.sql",
    "functions/audit_rules_v1.sql",
    "functions/lock_customer_v1.sql",
    "functions/customer_tickets_v1.sql",
    "functions/rules_refusal_v1.sql",
    "functions/require_rule_v1.sql",
    "functions/lock_rule_v1.sql",
    "functions/set_rule_v1.sql",
    "functions/drop_rule_v1.sql",
    "functions/lock_channel_v1.sql",
    "functions/draw_channel_v1.sql",
    "functions/require_channel_v1.sql",
    "functions/allot_channel_v1.sql",
    "functions/change_channel_v1.sql",
    "functions/release_channel_v1.sql",
    "functions/availability_v1.sql",
    "functions/free_seats_v1.sql",
    "triggers/rules_flag.sql",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0005_holds")]

    operations = [
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("customer", ""), _negated=True),
                fields=["performance", "customer"],
                name="reservation_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("kind", "channel")),
                fields=["performance", "channel"],
                name="reservation_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservationline",
            constraint=models.CheckConstraint(
                condition=Exact(models.F("quantity") % models.F("places_per_ticket"), 0),
                name="line_whole_tickets",
            ),
        ),
        migrations.RunSQL(script(*FUNCTIONS), drop_script(*FUNCTIONS)),
    ]
