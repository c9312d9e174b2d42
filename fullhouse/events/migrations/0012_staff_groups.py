"""Names what staff may be allowed to do, and installs what changes rows with a note.

The groups themselves are made after `migrate` (staff_groups.py).
"""

from django.db import migrations

from fullhouse.events.engine.sql_files import drop_script, script

FUNCTIONS = [
    "functions/note_change_v1.sql",
    "functions/edit_some_seats_v1.sql",
    "functions/edit_seats_v1.sql",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0011_seat_maps")]

    operations = [
        migrations.RunSQL(script(*FUNCTIONS), drop_script(*FUNCTIONS)),
        migrations.AlterModelOptions(
            name="eventperformance",
            options={
                "ordering": ["date", "start_time", "id"],
                "permissions": (
                    ("sell", "Can hold, sell, exchange and transfer places"),
                    ("refund", "Can refund sold places"),
                    ("manage_house", "Can keep places for the house and give them away"),
                    (
                        "manage_structure",
                        "Can change sections, seats, plans and the state of performances",
                    ),
                    ("audit", "Can audit the house"),
                    ("repair", "Can repair what an audit found"),
                ),
                "verbose_name": "performance",
                "verbose_name_plural": "performances",
            },
        ),
    ]
