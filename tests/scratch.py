"""Databases of a test's own, and our commands run against them as a person would."""

import os
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection

SECONDS = 120
# Where servers of a test's own live: tests/run names a place in memory if there is one.
ROOM = os.environ.get("FULLHOUSE_TEST_ROOM", "/tmp")  # noqa: S108 - short: a socket lives below


@dataclass(frozen=True, slots=True)
class Scratch:
    """An empty database on the test server. `run` is `fullhouse ...` with it as DATABASE_URL."""

    name: str

    @property
    def url(self) -> str:
        known = connection.get_connection_params()
        wanted = ("host", "port", "user", "password", "passfile")
        return f"postgresql:///{self.name}?" + urlencode(
            {key: known[key] for key in wanted if known.get(key)}
        )

    def run(self, *arguments: str, schema: str = "fullhouse", feed: str = "") -> str:
        """Return what a command printed; raises CalledProcessError with both outputs."""
        return self.attempt(*arguments, schema=schema, feed=feed, check=True).stdout

    def attempt(
        self, *arguments: str, schema: str = "fullhouse", feed: str = "", check: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command and return its exit code and outputs."""
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            env={
                **os.environ,
                "DATABASE_URL": self.url,
                "FULLHOUSE_SCHEMA": schema,
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            },
            input=feed,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query, without a search path of ours."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as direct:
            cursor = direct.execute(query)
            return cursor.fetchall() if cursor.description else []


def create(name: str) -> Scratch:
    """Make an empty database of this name, in place of one that a killed run has left."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return Scratch(name)


def drop(scratch: Scratch) -> None:
    """Take the database away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {scratch.name} WITH (FORCE)")


# Builds a small busy house through the services: sold and reserved seats, general admission, a
# house hold, a refund.
BUSY_HOUSE = """
import datetime
from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.models import *
from fullhouse.events.services.availability import free_seats
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import house
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

venue = Venue.objects.create(name="تالار وحدت", total_capacity=100)
event = Event.objects.create(venue=venue, title="کنسرت", slug="concert")
adult = TicketType.objects.create(event=event, name="Adult")
evening = EventPerformance.objects.create(
    event=event, date=datetime.date(2027, 3, 20), start_time=datetime.time(20))
one = {"performance_id": evening.pk}
opened = open_performance(**one, idempotency_key="open", plan=HousePlan.from_configuration(
    {"sections": [{"name": "بالکن", "total_capacity": 60, "base_price": "20.00",
     "ticket_types": [{"ticket_type_id": str(adult.pk), "allocated_capacity": 40}],
     "seats": [{"row_number": "A", "seat_number": str(n), "ticket_type_id": str(adult.pk)}
               for n in range(1, 11)]}]}))
seats = free_seats(**one, section_id=opened.sections[0].section_id)
for seat in seats[:3]:
    held = reserve(**one, requests=[SeatRequest(seat.seat_id)])
    if seat is not seats[2]:
        confirm(**one, reservation_id=held.reservation_id)
    if seat is seats[0]:
        refund(**one, reservation_id=held.reservation_id)
pool = opened.sections[0].allocations[1]
reserve(**one, requests=[Places(5, allocation_id=pool.allocation_id)])
house(**one, reason="press", seat_ids=[seats[5].seat_id])
"""
