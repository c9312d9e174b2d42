"""What the old project does, in a process of its own; answers JSON on stdout."""

import json
import os
import sys
import threading
import warnings
from typing import Any
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from events.models import EventPerformance, Seat  # noqa: E402

from fullhouse import compat  # noqa: E402
from fullhouse.events.domain.errors import CapacityError  # noqa: E402
from fullhouse.events.services.availability import availability  # noqa: E402


def surface(performance_id: str) -> dict[str, Any]:
    """Use the calls that the project always had."""
    evening = EventPerformance.objects.get(pk=performance_id)
    seat = Seat.objects.filter(performance=evening).order_by("id").first()
    granted, allocation = compat.capacity_manager.reserve_seats(evening, None, "Balcony", 1)
    return {
        "authority": compat.authority(),
        "apps": sorted(config.name for config in apps.get_app_configs()),
        "models": sorted(model.__module__ for model in apps.get_models()),
        "booked": [evening.book_capacity(3), evening.book_capacity(10_000)],
        "released": [evening.release_capacity(1), evening.release_capacity(10_000)],
        "left": evening.available_capacity,
        "column": evening.is_available,
        "section": compat.seat(seat).section,
        "reserved": [granted, getattr(allocation, "section", allocation)],
        # What the warnings name works here too, with no app installed.
        "new_call": _left(performance_id),
        "summary": compat.capacity_manager.get_capacity_summary(evening)["performance"],
    }


def _left(performance_id: str) -> int | None:
    if compat.authority() == "legacy":
        return None
    return availability(performance_id=UUID(performance_id)).available_capacity


def race(performance_id: str, threads: str, count: str, action: str) -> dict[str, Any]:
    """Do `action` for `count` places from each of `threads` threads, all at once."""
    evening, places = compat.performance(performance_id), int(count)
    actions = {
        "book": lambda: evening.book_capacity(places),
        "release": lambda: evening.release_capacity(places),
        "reserve": lambda: compat.capacity_manager.reserve_seats(evening, None, "Balcony", places)[
            0
        ],
    }
    granted: list[bool] = []
    failed: list[str] = []
    start = threading.Barrier(int(threads) + 1)

    def act() -> None:
        try:
            connection.ensure_connection()
            start.wait()
            granted.append(actions[action]())
        except CapacityError as error:
            failed.append(repr(error))
        finally:
            connection.close()

    crowd = [threading.Thread(target=act) for _ in range(int(threads))]
    for each in crowd:
        each.start()
    print("ready", flush=True)
    sys.stdin.readline()
    start.wait()
    for each in crowd:
        each.join()
    return {"granted": granted.count(True), "refused": granted.count(False), "failed": failed}


def main() -> None:
    warnings.simplefilter("ignore")
    task, performance_id, *words = sys.argv[1:]
    tasks = {"race": race, "surface": surface}
    answer = tasks[task](performance_id, *words)
    print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
