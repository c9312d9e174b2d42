"""All that is under `/api/v1/manage/`."""

from __future__ import annotations

from typing import Final

from ninja import Router

from fullhouse.api.routes import (
    manage_events,
    manage_house,
    manage_performances,
    manage_plans,
    manage_proof,
    manage_sections,
    manage_sharing,
    manage_ticket_types,
    manage_venues,
    manage_waiting,
)

PREFIX: Final = "/manage/"
ROUTERS: Final[tuple[Router, ...]] = (
    manage_venues.router,
    manage_events.router,
    manage_ticket_types.router,
    manage_performances.router,
    manage_sections.router,
    manage_plans.router,
    manage_house.router,
    manage_sharing.router,
    manage_waiting.router,
    manage_proof.router,
)
