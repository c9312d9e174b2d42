"""What a worker does besides sending: each may run anywhere, again and beside others."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from fullhouse.announce.locks import held
from fullhouse.announce.models import WebhookDelivery
from fullhouse.announce.relay import relay
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventPerformance, Notice, WaitingEntry
from fullhouse.events.services.expire import expire_due
from fullhouse.events.services.waiting_offers import offer_waiting

ACTOR: Final = "worker"
KEEP: Final = datetime.timedelta(days=30)
#: Offers to one performance in one round; the next round goes on.
_MOST_OFFERS: Final = 100


@dataclass(frozen=True, slots=True)
class Task:
    """`run` returns how much was done. At most one worker runs a task of a name at a time."""

    name: str
    every_seconds: float
    run: Callable[[], int]


def run_task(task: Task) -> int | None:
    """Run a task unless another worker is at it (None). Raises what the task raises."""
    with held(f"task {task.name}") as got:
        return task.run() if got else None


def sweep() -> int:
    """End overdue holds, and what the house and channels kept until now; return the holds."""
    return expire_due(actor=ACTOR).holds


def offer_rounds() -> int:
    """Offer free places to who waits, where a performance says that the list comes first."""
    waiting = WaitingEntry.objects.filter(status=WaitingEntry.Status.WAITING)
    performances = EventPerformance._base_manager.filter(
        waiting_list_first=True, status="on_sale", pk__in=waiting.values("performance_id")
    )
    offers = 0
    for performance_id in performances.order_by("pk").values_list("pk", flat=True):
        try:
            for _ in range(_MOST_OFFERS):
                offer_waiting(performance_id=performance_id, actor=ACTOR)
                offers += 1
        except Refusal:
            continue
    return offers


def tidy() -> int:
    """Take away what was delivered or given up, and told, 30 days ago; return the deliveries."""
    before = timezone.now() - KEEP
    Notice.objects.filter(at__lt=before).delete()
    ended = WebhookDelivery.objects.exclude(status=WebhookDelivery.Status.PENDING)
    return ended.filter(ended_at__lt=before).delete()[0]


TASKS: Final = (
    Task("sweep", 5, sweep),
    Task("offers", 30, offer_rounds),
    Task("relay", 0.5, relay),
    Task("tidy", 3600, tidy),
)
