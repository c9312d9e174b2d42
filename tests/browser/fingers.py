"""Fingers on a page, each where a test puts it: Chromium's own touch events, at told moments."""

from collections.abc import Sequence
from itertools import pairwise

from playwright.sync_api import Page

Spot = tuple[float, float]
STEPS = 8


class Fingers:
    """Touches a page; `wait` lets seconds pass between two touches, by the events' own clock."""

    def __init__(self, page: Page) -> None:
        self._protocol = page.context.new_cdp_session(page)
        self._now = page.evaluate("Date.now()") / 1000

    def wait(self, seconds: float) -> None:
        self._now += seconds

    def tap(self, spot: Spot) -> None:
        self._send("touchStart", [spot])
        self._send("touchEnd", [])

    def move(self, *ways: Sequence[Spot]) -> None:
        """Move one finger, or more at once, each along its way."""
        self._send("touchStart", [way[0] for way in ways])
        for leg in range(len(ways[0]) - 1):
            for step in range(1, STEPS + 1):
                self._send("touchMove", [_between(way, leg, step / STEPS) for way in ways])
        self._send("touchEnd", [])

    def _send(self, kind: str, spots: Sequence[Spot]) -> None:
        self._now += 0.016
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(spots)]
        event = {"type": kind, "touchPoints": points, "timestamp": self._now}
        self._protocol.send("Input.dispatchTouchEvent", event)


def _between(way: Sequence[Spot], leg: int, part: float) -> Spot:
    (x, y), (to_x, to_y) = list(pairwise(way))[leg]
    return (x + (to_x - x) * part, y + (to_y - y) * part)
