"""Fixtures that every test may use: a real server, real commits, data of its own."""

import datetime
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from fullhouse.events.domain.ids import uuid7

settings.register_profile(
    "fullhouse",
    deadline=None,
    # The same examples each time, so that a change is what makes a test fail; FULLHOUSE_EXPLORE=1
    # looks for new ones.
    derandomize="FULLHOUSE_EXPLORE" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("fullhouse")

# A shell starts what runs beside it with interrupts ignored, and every child would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """Each test starts in the site's language: a page served in a test leaves its own active."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="module")
def _own_session(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Each file of tests has a database session of its own.

    A session keeps a plan for every statement of every function it ever ran, and goes through all
    of them whenever a table comes or goes; takeovers make and drop thousands. In one session for
    the whole suite that was nine tenths of the server's work.
    """
    yield
    with django_db_blocker.unblock():
        if not connection.in_atomic_block:
            connection.close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """Make the test database, whatever was collected.

    pytest-django makes it only for tests that use its own fixtures; a run of `db_committed` tests
    alone would write into the configured database.
    """
    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def db_committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits. Nothing is flushed: the ledger refuses it, so each test makes its own house."""
    with django_db_blocker.unblock():
        yield
        if connection.in_atomic_block:
            pytest.fail("the test left a transaction open")


@pytest.fixture
def conninfo(db_committed: None) -> str:
    """How another process reaches the test database, schema included."""
    known = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname", "options")
    return psycopg.conninfo.make_conninfo(**{k: known[k] for k in wanted if known.get(k)})


@dataclass(frozen=True, slots=True)
class Stage:
    """An empty performance of an event with ticket types, and its venue."""

    venue_id: UUID
    event_id: UUID
    performance_id: UUID
    ticket_type_ids: tuple[UUID, ...]


@pytest.fixture
def make_stage() -> Any:
    """Return a maker of stages; needs `db` or `db_committed` beside it."""

    def make(*, total_capacity: int = 2000, types: tuple[str, ...] = ("Adult",)) -> Stage:
        from fullhouse.events.models import Event, EventPerformance, TicketType, Venue

        venue = Venue.objects.create(name="Grand Hall", total_capacity=total_capacity)
        event = Event.objects.create(venue=venue, title="Concert", slug=f"concert-{uuid7()}")
        kinds = [TicketType.objects.create(event=event, name=name) for name in types]
        evening = EventPerformance.objects.create(
            event=event, date=datetime.date(2027, 3, 20), start_time=datetime.time(20)
        )
        return Stage(venue.pk, event.pk, evening.pk, tuple(kind.pk for kind in kinds))

    return make
