"""What the legacy data say about themselves, and how it cannot all be true. Read by SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

# {l}: the legacy schema, {f}: Fullhouse's. One row; places, seats, names, as the columns say.
_SQL = """
WITH seat AS (
    SELECT s.id, s.performance_id, s.status, s.ticket_type_id,
           s.section, {f}.name_key(coalesce(s.section, '')) AS section_key,
           {f}.name_key(coalesce(s.row_number, '')) AS row_key,
           {f}.seat_key(coalesce(s.seat_number, '')) AS number_key
    FROM {l}.events_seat AS s
), claimed AS (
    SELECT p.id, p.max_capacity,
           (SELECT sum(value::numeric) FROM jsonb_each_text(p.ticket_capacities)
            WHERE value ~ '^[0-9]{{1,9}}$') AS places
    FROM {l}.events_eventperformance AS p
    WHERE jsonb_typeof(p.ticket_capacities) = 'object' AND p.max_capacity > 0
), worst AS (
    SELECT places, max_capacity FROM claimed WHERE places > max_capacity
    ORDER BY places / max_capacity DESC, id LIMIT 1
), booked AS (
    SELECT b.id AS booking_id, lower(item ->> 'seat_id') AS seat_id
    FROM {l}.events_eventbooking AS b
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE jsonb_typeof(b.selected_seats) WHEN 'array' THEN b.selected_seats ELSE '[]' END
    ) AS item
    WHERE b.status IN ('confirmed', 'completed') AND b.is_active IS NOT FALSE
      AND jsonb_typeof(item) = 'object'
)
SELECT
    (SELECT count(*) FROM {l}.events_eventperformance) AS performances,
    (SELECT count(*) FROM seat) AS seats,
    (SELECT count(*) FROM claimed WHERE places > max_capacity) AS over_claimed,
    (SELECT places FROM worst) AS worst_places,
    (SELECT max_capacity FROM worst) AS worst_house,
    (SELECT count(DISTINCT seat.id) FROM seat JOIN booked ON booked.seat_id = seat.id::text
     WHERE seat.status = 'available') AS sold_shown_free,
    (SELECT count(*) FROM (SELECT seat_id FROM booked WHERE seat_id IS NOT NULL
     GROUP BY seat_id HAVING count(DISTINCT booking_id) > 1) AS twice) AS sold_twice,
    (SELECT count(DISTINCT (performance_id, coalesce(section, ''))) FROM seat) AS spellings,
    (SELECT count(DISTINCT (performance_id, section_key)) FROM seat) AS sections,
    (SELECT count(*) FROM (SELECT FROM seat GROUP BY performance_id, section_key, row_key,
     number_key HAVING count(*) > 1) AS twin) AS twins,
    (SELECT count(*) FROM seat WHERE ticket_type_id IS NULL) AS typeless,
    (SELECT count(*) FROM seat WHERE status IS NULL
     OR status NOT IN ('available', 'reserved', 'sold', 'blocked')) AS unknown_status
"""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Counts over the whole legacy schema; `worst_*` are of the performance furthest off."""

    performances: int
    seats: int
    over_claimed: int
    worst_places: int | None
    worst_house: int | None
    sold_shown_free: int
    sold_twice: int
    spellings: int
    sections: int
    twins: int
    typeless: int
    unknown_status: int

    def lines(self) -> list[str]:
        """Say in sentences what does not add up; what is in order is left out."""
        said = [
            (
                self.over_claimed,
                f"{self.over_claimed:,} of {self.performances:,} performances promise more places "
                f"to their ticket types than the house has{self._worst()}",
            ),
            (self.sold_shown_free, f"{self.sold_shown_free:,} seats are sold and shown as free"),
            (self.sold_twice, f"{self.sold_twice:,} seats are in two confirmed bookings"),
            (
                self.spellings - self.sections,
                f"{self.sections:,} sections are written in {self.spellings:,} spellings",
            ),
            (self.twins, f"{self.twins:,} seats are in the table more than once"),
            (self.unknown_status, f"{self.unknown_status:,} seats have a status outside the list"),
            (self.typeless, f"{self.typeless:,} of {self.seats:,} seats have no ticket type"),
        ]
        return [text for count, text in said if count]

    def _worst(self) -> str:
        if not self.worst_places or not self.worst_house:
            return ""
        times = f"{self.worst_places / self.worst_house:.1f}".removesuffix(".0")
        return f"; one promises {self.worst_places:,} for {self.worst_house:,}: {times} times"


def contradiction(schema: str) -> Contradiction:
    """Count what does not add up in the staged legacy schema. Reads only, all of it once."""
    quote = connection.ops.quote_name
    query = _SQL.format(l=quote(schema), f=quote(settings.FULLHOUSE_SCHEMA))
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[Any, ...] = cursor.fetchone()
    counts: list[Any] = [value if value is None else int(value) for value in row]
    return Contradiction(*counts)
