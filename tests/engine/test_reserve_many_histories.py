"""A batch is as many single reserves in the same order: each is run against a house of its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventSection, Seat, TicketType
from fullhouse.events.services.expire import expire
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.reserve_many import Answer, Wanted, reserve_many
from fullhouse.events.services.sales_rules import set_rule

from .houses import Part, build, faults, make_overdue, snapshot

index = st.integers(0, 9)
ask = st.one_of(
    st.tuples(st.just("allocation"), index, st.integers(0, 4)),
    st.tuples(st.just("allocation"), index, st.integers(1, 3)),
    st.tuples(st.just("seat"), index, st.just(1)),
    st.tuples(st.just("seat"), index, st.just(1)),
    st.tuples(st.just("student seat"), index, st.just(1)),
    st.tuples(st.just("section"), index, st.integers(1, 4)),
)
wanted = st.fixed_dictionaries(
    {"asks": st.lists(ask, min_size=1, max_size=2), "reference": st.none() | st.just("SAME")}
    | {"key": st.none() | st.sampled_from(["k1", "k2", "k3"])}
    | {"customer": st.sampled_from(["", "a", "b"])}
)
batches = st.lists(
    st.tuples(
        st.lists(wanted, min_size=1, max_size=6),
        st.sampled_from(["", "late", "swept", "ruled", "paired", "kept", "neighbourly"]),
    ),
    min_size=1,
    max_size=4,
)


class Side:
    """One of the two houses; names make ids of both comparable."""

    def __init__(self, make_stage: Callable[..., Any]) -> None:
        stage = make_stage(types=("Adult", "Student"))
        adult, student = stage.ticket_type_ids
        built = build(
            stage.performance_id,
            Part(adult, 8, seats=4),
            Part(student, 3),
            Part(None, 5, seats=2),
        )
        self.performance: UUID = stage.performance_id
        self.types, self.section = [adult, student], built.section_id
        self.allocations = [*built.allocation_ids, uuid4()]
        self.seats = [*built.seat_ids[0], *built.seat_ids[2]]
        for place, seat in enumerate(self.seats):
            Seat.objects.filter(pk=seat).update(row_rank=1 + place // 4, seat_rank=place % 4)
        self.holds: list[UUID] = []
        self.names = {str(self.section): "section", str(self.performance): "performance"}
        for what, ids in (("t", self.types), ("a", self.allocations), ("s", self.seats)):
            self.names |= {str(one): f"{what}{n}" for n, one in enumerate(ids)}

    def wanted(self, one: dict[str, Any]) -> Wanted:
        requests: list[Places | SeatRequest] = []
        for what, number, quantity in one["asks"]:
            if what.endswith("seat"):
                sold_as = self.types[1] if what == "student seat" else None
                requests.append(SeatRequest(self.seats[number % 6], sold_as))
            elif what == "allocation":
                requests.append(Places(quantity, allocation_id=self.allocations[number % 4]))
            else:
                kind = self.types[number % 2]
                requests.append(Places(quantity, section_id=self.section, ticket_type_id=kind))
        return Wanted(
            requests,
            reference=one["reference"],
            customer=one["customer"],
            idempotency_key=one["key"],
        )

    def told(self, answer: Answer) -> Any:
        """Return the answer with names in place of ids."""
        if isinstance(answer, Hold):
            self.holds.append(answer.reservation_id)
            self.names.setdefault(str(answer.reservation_id), f"h{len(self.holds)}")
            return (
                self.names[str(answer.reservation_id)], answer.total,
                [(self.names[str(line.allocation_id)], self.names.get(str(line.ticket_type_id)),
                  line.seat_id and self.names[str(line.seat_id)], line.quantity, line.unit_price)
                 for line in answer.lines],
            )  # fmt: skip
        if isinstance(answer, InvalidRequest):
            return answer.argument
        return answer.code, {
            name: self.named(value) for name, value in answer.facts.items() if name != "used_at"
        }

    def named(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.named(one) for one in value]
        return self.names.get(value, value) if isinstance(value, str) else value

    def later(self, what: str) -> None:
        """Let things change: holds pass their deadline, are swept, limits come, rules change."""
        if what in ("late", "swept"):
            make_overdue(*self.holds[::2])
        if what == "ruled":
            set_rule(performance_id=self.performance, max_per_order=3, max_per_customer=4)
        if what == "paired":
            TicketType.objects.filter(pk=self.types[1]).update(places_per_ticket=2)
        if what == "kept":
            Seat.objects.filter(pk=self.seats[0]).update(is_accessible=True, price=35)
        if what == "neighbourly":
            EventSection._base_manager.filter(pk=self.section).update(orphan_rule=True)
        if what == "swept":
            expire(performance_id=self.performance)
            if self.holds:
                try:
                    release(performance_id=self.performance, reservation_id=self.holds[-1])
                except Refusal:
                    return

    def picture(self) -> Any:
        rows = snapshot(self.performance)
        name = {None: None} | {UUID(key): value for key, value in self.names.items()}
        return (
            sorted((name[row[0]], *row[1:]) for row in rows["counters"]),
            sorted((name[row[0]], row[1], name[row[2]]) for row in rows["seats"]),
            sorted((name[row[0]], row[1], row[2], row[4] is None) for row in rows["reservations"]),
            sorted(repr([name[one] for one in row[1:5]] + list(row[5:])) for row in rows["lines"]),
            sorted(repr([name[one] for one in row[:3]] + [*row[3:]]) for row in rows["movements"]),
        )  # fmt: skip


def singly(side: Side, one: Wanted) -> Answer:
    try:
        return reserve(
            performance_id=side.performance, requests=one.requests, reference=one.reference,
            customer=one.customer, idempotency_key=one.idempotency_key,
        )  # fmt: skip
    except (Refusal, InvalidRequest) as answer:
        return answer


@given(batches)
@settings(max_examples=60)
def test_a_batch_equals_its_requests_one_by_one(
    db_committed: None,
    make_stage: Callable[..., Any],
    history: list[tuple[list[dict[str, Any]], str]],
) -> None:
    together, apart = Side(make_stage), Side(make_stage)
    for batch, later in history:
        served = reserve_many(
            performance_id=together.performance, batch=[together.wanted(one) for one in batch]
        )
        single = [singly(apart, apart.wanted(one)) for one in batch]
        assert [together.told(one) for one in served] == [apart.told(one) for one in single]
        assert together.picture() == apart.picture()
        for side in (together, apart):
            side.later(later)
    assert faults(together.performance) == []
