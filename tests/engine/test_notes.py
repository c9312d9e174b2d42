"""Notes only grow, and only the engine writes them."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from fullhouse.events.engine.failures import sqlstate_of
from fullhouse.events.models import Note
from fullhouse.events.services.extend import extend
from fullhouse.events.services.reserve import Places, reserve

from .conftest import Hall

INSERT = "INSERT INTO events_note (performance_id, operation) VALUES ('{performance}', 'extend')"


@pytest.fixture
def note(hall: Hall) -> Note:
    """What extending a hold has left."""
    asked = [Places(1, allocation_id=hall.pool)]
    held = reserve(performance_id=hall.performance_id, requests=asked)
    extend(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        ttl_seconds=1200,
        reason="as it was",
    )
    return Note.objects.get(performance=hall.performance_id)


@pytest.mark.parametrize(
    ("marker", "statement", "state"),
    [
        ("on", "UPDATE events_note SET reason = 'otherwise' WHERE id = '{id}'", "23I08"),
        ("on", "DELETE FROM events_note WHERE id = '{id}'", "23I08"),
        ("on", "TRUNCATE events_note", "23I08"),
        ("", INSERT, "23I06"),
    ],
)
def test_a_note_stays_as_it_is(note: Note, marker: str, statement: str, state: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fullhouse.engine', %s, true)", [marker])
        with pytest.raises(DatabaseError) as caught:
            cursor.execute(statement.format(id=note.pk, performance=note.performance_id))
        transaction.set_rollback(True)
    assert sqlstate_of(caught.value) == state
    assert Note.objects.get(pk=note.pk).reason == "as it was"


def test_the_engine_may_write_one(note: Note) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fullhouse.engine', 'on', true)")
        cursor.execute(INSERT.format(performance=note.performance_id))
        assert cursor.rowcount == 1
        transaction.set_rollback(True)
