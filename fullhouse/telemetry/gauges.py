"""What the database says at the moment it is asked: places, messages waiting, connections.

Read anew for each scrape, in three short statements, by whichever process answers it. How many
performances are told is bounded: the next ones, FULLHOUSE_METRICS_PERFORMANCES of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import Error, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg import sql

from fullhouse.events.engine.sql_files import schema

# A queue so long needs no exact number.
_MOST_COUNTED: Final = 100_000

_PLACES: Final = """
    SELECT p.id::text, sum(a.available_capacity), sum(a.reserved_capacity), sum(a.sold_capacity)
    FROM (SELECT id FROM {fh}.events_eventperformance
          WHERE status = 'on_sale' AND date >= current_date
          ORDER BY date, start_time, id LIMIT %s) AS p
    JOIN {fh}.events_sectiontickettype AS a ON a.performance_id = p.id
    GROUP BY p.id
"""
_OUTBOX: Final = """
    SELECT s.status, (SELECT count(*) FROM (SELECT FROM {fh}.announce_webhookdelivery AS d
                      WHERE d.status = s.status LIMIT %s) AS counted)
    FROM (VALUES ('pending'), ('dead')) AS s(status)
"""
_CONNECTIONS: Final = """
    SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1
"""


class DatabaseGauges(Collector):
    """Gauges of the house. Where the database does not answer, `fullhouse_database_up` is 0."""

    def collect(self) -> Iterable[Metric]:
        """Return the gauges; never raises for a database that is away."""
        up = GaugeMetricFamily("fullhouse_database_up", "1 where the database answers.")
        try:
            found = list(self._read())
        except Error:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *found]

    def _read(self) -> Iterator[Metric]:
        yield _gauge(
            "fullhouse_places",
            "Places of the next performances on sale, by state; expired holds not yet swept are "
            "reserved.",
            ("performance", "state"),
            (
                ((performance, state), count)
                for performance, *counts in _rows(_PLACES, settings.FULLHOUSE_METRICS_PERFORMANCES)
                for state, count in zip(("available", "reserved", "sold"), counts, strict=True)
            ),
        )
        if apps.is_installed("fullhouse.announce"):
            yield _gauge(
                "fullhouse_outbox_messages",
                f"Webhook messages that wait (pending) or were given up (dead), up to "
                f"{_MOST_COUNTED}.",
                ("status",),
                (((status,), count) for status, count in _rows(_OUTBOX, _MOST_COUNTED)),
            )
        yield _gauge(
            "fullhouse_database_connections",
            "Connections of clients to the database, by state.",
            ("state",),
            (((state,), count) for state, count in _rows(_CONNECTIONS)),
        )


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(fh=sql.Identifier(schema())), values)
        return list(cursor.fetchall())


def _gauge(
    name: str, text: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], Any]]
) -> Metric:
    gauge = GaugeMetricFamily(name, text, labels=labels)
    for of, value in values:
        gauge.add_metric(of, float(value))
    return gauge
