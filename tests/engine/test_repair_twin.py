"""Random damage under a forged marker: the engine's repair and the pure one mend the same."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain import repair as twin
from fullhouse.events.domain.house import House, Movement, broken_rules
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.refund import refund
from fullhouse.events.services.repair import RepairStep, plan_repair, repair
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .houses import Part, build, loaded
from .test_histories import picture

STATES = ("available", "reserved", "sold")
ENDS = ("reserved", "sold", "released", "refunded")

number = st.integers(0, 99)
state = st.sampled_from(STATES)
edge = st.sampled_from([None, *STATES])
damage = st.one_of(
    st.tuples(st.just("counters"), number, state, state, st.integers(1, 2)),
    st.tuples(st.just("size"), number, state, st.integers(-2, 2)),
    st.tuples(st.just("unseated"), number, st.sampled_from([-1, 1])),
    st.tuples(st.just("seat"), number, state),
    st.tuples(st.just("line"), number, st.sampled_from(ENDS)),
    st.tuples(st.just("sale"), number, st.sampled_from(ENDS)),
    st.tuples(st.just("refund_by_hand"), number),
    st.tuples(st.just("quantity"), number, st.sampled_from([-1, 1])),
    st.tuples(st.just("entry"), number, number, edge, edge, st.booleans(), st.booleans()),
    st.tuples(st.just("home"), number, number),
)


class Hall:
    """Adults 6 (3 numbered) and a pool of 5 (2 numbered), with sales, a hold, a refund."""

    def __init__(self, make_stage: Callable[..., Any]) -> None:
        stage = make_stage()
        self.performance_id: UUID = stage.performance_id
        built = build(
            self.performance_id, Part(stage.ticket_type_ids[0], 6, seats=3), Part(None, 5, seats=2)
        )
        self.section = built.section_id
        self.allocations = built.allocation_ids
        self.seats = [seat for part in built.seat_ids for seat in part]
        here = {"performance_id": self.performance_id}
        asked: list[list[Places | SeatRequest]] = [
            [Places(2, allocation_id=self.allocations[0]), SeatRequest(self.seats[3])],
            [SeatRequest(self.seats[0])],
            [Places(1, allocation_id=self.allocations[1]), SeatRequest(self.seats[1])],
            [Places(1, allocation_id=self.allocations[0])],
        ]
        self.sales = [reserve(**here, requests=one).reservation_id for one in asked]
        for sold in self.sales[:2] + self.sales[3:]:
            confirm(**here, reservation_id=sold)
        refund(**here, reservation_id=self.sales[3])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM events_reservationline WHERE performance_id = %s ORDER BY id",
                [self.performance_id],
            )
            self.lines = [row[0] for row in cursor.fetchall()]

    def forge(self, what: str, *values: Any) -> None:
        """Write past the engine; what the database itself refuses stays as it was."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL fullhouse.engine = 'on'")
                getattr(self, f"_{what}")(cursor.execute, *values)
        except DatabaseError:
            pass  # a constraint: this much even a forged marker cannot do

    def _counters(self, run: Any, one: int, start: str, end: str, places: int) -> None:
        key = self.allocations[one % 2]
        if start != end:
            self._shift(run, key, start, -places)
            self._shift(run, key, end, places, allocated=False)
            run(
                "UPDATE events_sectiontickettype SET allocated_capacity = available_capacity"
                " + reserved_capacity + sold_capacity WHERE id = %s",
                [key],
            )

    @staticmethod
    def _shift(run: Any, key: UUID, state: str, places: int, *, allocated: bool = True) -> None:
        loose = ", unseated_available = unseated_available + %s" if state == "available" else ""
        run(
            f"UPDATE events_sectiontickettype SET {state}_capacity = {state}_capacity + %s,"
            f" allocated_capacity = allocated_capacity + %s {loose} WHERE id = %s",
            [places, places, *([places] if loose else []), key],
        )

    def _size(self, run: Any, one: int, state: str, places: int) -> None:
        self._shift(run, self.allocations[one % 2], state, places)
        run(
            "UPDATE events_eventsection SET total_capacity = total_capacity + %s WHERE id = %s",
            [places, self.section],
        )
        run(
            "UPDATE events_eventperformance SET max_capacity = max_capacity + %s WHERE id = %s",
            [places, self.performance_id],
        )

    def _unseated(self, run: Any, one: int, places: int) -> None:
        run(
            "UPDATE events_sectiontickettype SET unseated_available = unseated_available + %s"
            " WHERE id = %s",
            [places, self.allocations[one % 2]],
        )

    def _seat(self, run: Any, one: int, state: str) -> None:
        run("UPDATE events_seat SET status = %s WHERE id = %s", [state, self._one_seat(one)])

    def _home(self, run: Any, one: int, other: int) -> None:
        values = [self.allocations[other % 2], self._one_seat(one)]
        run("UPDATE events_seat SET allocation_id = %s WHERE id = %s", values)

    def _line(self, run: Any, one: int, status: str) -> None:
        values = [status, self.lines[one % len(self.lines)]]
        run("UPDATE events_reservationline SET status = %s WHERE id = %s", values)

    def _quantity(self, run: Any, one: int, places: int) -> None:
        values = [places, self.lines[one % len(self.lines)]]
        run("UPDATE events_reservationline SET quantity = quantity + %s WHERE id = %s", values)

    def _sale(self, run: Any, one: int, status: str) -> None:
        values = [status, self.sales[one % len(self.sales)]]
        run("UPDATE events_reservation SET status = %s WHERE id = %s", values)

    def _refund_by_hand(self, run: Any, one: int) -> None:
        """Line, seat and counters say refunded; only the ledger was not told."""
        line = self.lines[one % len(self.lines)]
        run(
            "UPDATE events_sectiontickettype AS a SET sold_capacity = sold_capacity - l.quantity,"
            " available_capacity = available_capacity + l.quantity, unseated_available ="
            " unseated_available + CASE WHEN l.seat_id IS NULL THEN l.quantity ELSE 0 END"
            " FROM events_reservationline AS l"
            " WHERE l.id = %s AND l.status = 'sold' AND a.id = l.allocation_id",
            [line],
        )
        run(
            "UPDATE events_seat AS s SET status = 'available' FROM events_reservationline AS l"
            " WHERE l.id = %s AND l.status = 'sold' AND s.id = l.seat_id",
            [line],
        )
        run(
            "UPDATE events_reservationline SET status = 'refunded' WHERE id = %s"
            " AND status = 'sold'",
            [line],
        )

    def _entry(
        self,
        run: Any,
        one: int,
        other: int,
        start: str | None,
        end: str | None,
        seated: bool,
        owned: bool,
    ) -> None:
        run(
            "INSERT INTO events_movement (id, performance_id, allocation_id, seat_id,"
            " reservation_id, from_state, to_state, quantity, operation)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 1, 'forged')",
            [
                uuid7(),
                self.performance_id,
                self.allocations[one % 2],
                self._one_seat(other) if seated else None,
                self.sales[other % len(self.sales)] if owned else None,
                start,
                end,
            ],
        )

    def _one_seat(self, one: int) -> UUID:
        return self.seats[one % len(self.seats)]


def as_twin(step: RepairStep) -> twin.Step | None:
    """Return an engine's step as the twin tells it; rows of seats have no twin."""
    after = step.after
    if step.table == "events_movement":
        ids = (after["allocation_id"], after["seat_id"], after["reservation_id"])
        keys = (None if one is None else UUID(one) for one in ids)
        states = (after["from_state"], after["to_state"])
        entry = Movement(*keys, *states, after["quantity"], "repair")
        return twin.Step("movement", entry.allocation, entry)
    if step.table == "events_sectiontickettype":
        names = ("available", "unseated", "reserved", "sold")
        return twin.Step("allocation", step.id, tuple(_counter(after, name) for name in names))
    named = {
        "events_seat": ("seat", "status"),
        "events_reservation": ("reservation", "status"),
        "events_eventsection": ("section", "total_capacity"),
        "events_eventperformance": ("performance", "max_capacity"),
    }
    if step.table not in named:
        return None
    table, column = named[step.table]
    return twin.Step(table, None if table == "performance" else step.id, after[column])


def _counter(after: Any, name: str) -> int:
    column = "unseated_available" if name == "unseated" else f"{name}_capacity"
    return int(after[column])


def sound(house: House) -> bool:
    return not broken_rules(house) and not twin.unsound(house)


@given(st.lists(damage, min_size=1, max_size=4))
@settings(max_examples=80)
def test_engine_and_pure_repair_agree(
    db_committed: None, make_stage: Callable[..., Any], wounds: list[tuple[Any, ...]]
) -> None:
    hall = Hall(make_stage)
    here = {"performance_id": hall.performance_id}
    before = loaded(hall.performance_id)
    assert sound(before)
    assert twin.mend(before) == []
    for what, *values in wounds:
        hall.forge(what, *values)
    pure = loaded(hall.performance_id)
    lines = [repr(one.lines) for one in pure.reservations.values()]
    plan = plan_repair(**here)
    told = [step for step in map(as_twin, plan.steps) if step is not None]
    assert Counter(twin.mend(pure)) == Counter(told)
    assert [repr(one.lines) for one in pure.reservations.values()] == lines
    assert sound(pure) == (plan.left == ())
    repair(**here, digest=plan.digest, actor="ann", reason="forged")
    assert picture(pure) == picture(loaded(hall.performance_id))
    assert twin.mend(pure) == []
