"""A batch that asks for a section: places of the type's own allocation, of the pool, of both."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import TicketType
from fullhouse.events.services.reserve import Hold, Places, reserve
from fullhouse.events.services.reserve_many import Wanted, reserve_many

from .houses import Part, build, counters

QUANTITIES = (2, 1, 5, 3, 1, 1)


class House:
    """Places sold as an adult's and as a student's, who has no allocation of his own."""

    def __init__(self, make_stage: Callable[..., Any], own: int, pool: int) -> None:
        stage = make_stage(types=("Adult", "Student"))
        adult, student = stage.ticket_type_ids
        TicketType.objects.filter(pk=student).update(price_modifier="0.5")
        parts = [Part(adult, own, modifier=Decimal("0.8"))] if own else []
        parts += [Part(None, pool)] if pool else []
        built = build(stage.performance_id, *parts)
        self.performance, self.kinds = stage.performance_id, (adult, student)
        self.section, self.allocations = built.section_id, built.allocation_ids

    def asked(self, number: int) -> Places:
        kind = self.kinds[number % 2]
        return Places(QUANTITIES[number], section_id=self.section, ticket_type_id=kind)

    def told(self, answer: Any) -> Any:
        """Return an answer in words that another house could say too."""
        names: dict[str | UUID | None, str] = {None: "none", self.section: "section"}
        names |= {key: f"allocation {n}" for n, key in enumerate(self.allocations)}
        names |= {key: f"type {n}" for n, key in enumerate(self.kinds)}
        names |= {str(key): name for key, name in names.items()}
        if isinstance(answer, Hold):
            lines = [
                (names[x.allocation_id], names[x.ticket_type_id], x.quantity, x.unit_price)
                for x in answer.lines
            ]
            return "granted", lines, answer.total, answer.currency
        facts = answer.facts.items()
        return answer.code, {k: names.get(v, v) if isinstance(v, str) else v for k, v in facts}


@pytest.mark.parametrize(("own", "pool"), [(9, 0), (0, 9), (4, 9), (4, 2), (30, 30)])
def test_a_batch_is_as_many_single_reserves(
    db_committed: None, make_stage: Callable[..., Any], own: int, pool: int
) -> None:
    one_by_one, together = House(make_stage, own, pool), House(make_stage, own, pool)
    singles = []
    for number in range(len(QUANTITIES)):
        try:
            asked = [one_by_one.asked(number)]
            single: Any = reserve(performance_id=one_by_one.performance, requests=asked)
        except Refusal as refusal:
            single = refusal
        singles.append(one_by_one.told(single))
    batch = [Wanted([together.asked(number)]) for number in range(len(QUANTITIES))]
    answers = reserve_many(performance_id=together.performance, batch=batch)
    assert [together.told(answer) for answer in answers] == singles
    for first, second in zip(one_by_one.allocations, together.allocations, strict=True):
        assert counters(first) == counters(second)
