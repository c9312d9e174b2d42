"""The till of Fullhouse: its services, as an application calls them after the cut-over."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from fullhouse.migration.live.rehearse.sale import Sale


class HinderedError(Exception):
    """Nothing was sold: the house said no, or others were in the way."""


class GoneError(Exception):
    """Fullhouse does not know the performance (any more): it is sold elsewhere."""


class LostError(Exception):
    """The connection went before the answer came; whether it took effect is not known."""


class FullhouseTill:
    """Sells through the services in this process; each call is a transaction of its own."""

    def __init__(self, database: dict[str, Any]) -> None:
        import django
        from django.apps import apps
        from django.db import Error, connections

        if not apps.ready:
            django.setup()
        connections.databases["default"] = database
        connections["default"].close()
        del connections["default"]

        from fullhouse.events.models import EventPerformance

        on_sale = EventPerformance.objects.filter(status="on_sale").values_list("pk", flat=True)
        try:
            self._performances = list(on_sale)
        except Error as error:
            connections["default"].close()
            raise LostError(str(error)) from error
        if not self._performances:
            raise GoneError("nothing is on sale in Fullhouse")

    def hold(self, luck: random.Random) -> Sale | None:
        """Hold one to three seats, or places where a section has none."""
        from fullhouse.events.services.availability import availability, free_seats
        from fullhouse.events.services.reserve import Places, SeatRequest, reserve

        performance = luck.choice(self._performances)
        count = luck.randint(1, 3)
        house = self._asked(availability, performance_id=performance)
        open_sections = [one for one in house.sections if one.available_capacity]
        if not open_sections:
            return None
        section = luck.choice(open_sections)
        free = self._asked(free_seats, performance_id=performance, section_id=section.section_id)
        requests: list[SeatRequest | Places]
        if free:
            chosen = luck.sample(free[:40], min(count, len(free[:40])))
            requests = [SeatRequest(seat.seat_id) for seat in chosen]
        else:
            parts = [one for one in section.ticket_types if one.unseated_available]
            if not parts:  # somebody was quicker
                return None
            part = luck.choice(parts)
            places = min(count, part.unseated_available)
            requests = [Places(places, allocation_id=part.allocation_id)]
        held = self._asked(
            reserve, performance_id=performance, requests=requests, ttl_seconds=86_400
        )
        seats = [str(line.seat_id) for line in held.lines if line.seat_id]
        places = sum(line.quantity for line in held.lines)
        return Sale(str(held.reservation_id), str(performance), seats, places, "held")

    def change(self, sale: Sale, state: str) -> bool:
        """Confirm a hold, release one, or refund a sale; False if it is not there."""
        from fullhouse.events.services.confirm import confirm
        from fullhouse.events.services.refund import refund
        from fullhouse.events.services.release import release

        verb: Any = confirm
        if state == "free":
            verb = refund if sale.state == "sold" else release
        self._asked(verb, performance_id=UUID(sale.performance), reservation_id=UUID(sale.key))
        return True

    def _asked(self, verb: Any, **arguments: object) -> Any:
        from django.db import Error, connections

        from fullhouse.events.domain.errors import CapacityError, Refusal

        try:
            return verb(**arguments)
        except Refusal as refusal:
            if refusal.code == "unknown":
                raise GoneError(str(refusal)) from refusal
            raise HinderedError(str(refusal)) from refusal
        except (CapacityError, Error) as error:
            # Whatever went wrong, the next call begins on a connection that works.
            connections["default"].close()
            raise LostError(str(error)) from error
