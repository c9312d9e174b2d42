"""What other parts of Fullhouse hang on a takeover is named before anything is removed."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from fullhouse.api.models import ApiKey
from fullhouse.events.models import Event, EventPerformance
from fullhouse.migration import rollback, run
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.models import MadeRow
from fullhouse.migration.progress import Silence
from fullhouse.migration.runs import Order, State

from ..shell import legacy_schema
from .over_scene import small_house, stage


@pytest.fixture
def keys(db_committed: None) -> Iterator[list[ApiKey]]:
    made: list[ApiKey] = []
    yield made
    for one in made:
        one.delete()


def limited(keys: list[ApiKey], event: UUID) -> ApiKey:
    """A key that may ask about this event only."""
    key = ApiKey.objects.create(
        name="kiosk", prefix=event.hex[-12:], secret_hash=b"x", scopes=["read"]
    )
    key.events.add(event)
    keys.append(key)
    return key


def test_a_key_limited_to_an_event_is_named_and_nothing_is_removed(
    keys: list[ApiKey], tmp_path: Path
) -> None:
    with legacy_schema(seats=40) as schema:
        order = Order("events", schema, yes=True, backup_dir=tmp_path, backup_form="copy")
        done = run.run(order, Silence())
        event = MadeRow.objects.filter(run=done, kind="event").values_list("row_id", flat=True)[0]
        before = MadeRow.objects.filter(run=done).count()
        key = limited(keys, event)
        with pytest.raises(RefusedError, match=f"event {event}: an API key is limited to it"):
            rollback.rollback(order, Silence())
        assert MadeRow.objects.filter(run=done).count() == before
        key.events.clear()
        assert rollback.rollback(order, Silence()).state == State.ROLLED_BACK
        assert not Event.objects.filter(pk=event).exists()


def test_after_a_cut_over_the_event_stays_with_its_key(keys: list[ApiKey]) -> None:
    house, evenings = small_house(performances=1)
    with stage(house) as one:
        one.take_over()
        one.cut_over()
        event = EventPerformance.objects.get(pk=evenings[0]).event_id
        key = limited(keys, event)
        assert one.roll_back().state == State.ROLLED_BACK
        assert key.events.get().pk == event
        assert not EventPerformance.objects.filter(pk=evenings[0]).exists()
        one.take_over()
        assert one.differences() == []
        key.events.clear()
