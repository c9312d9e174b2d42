"""The seat map of 60,000 seats in headless Chromium: first paint, panning, zooming.

`python benchmarks/seat_map.py [--seats-a-row N] [--json]`. Makes a house in a database of its own,
serves it, and drives a real page. Times are of this machine and of a browser without a graphics
card; at 50 frames a second a frame has 20 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

FRAMES = 120
RUNS = 3
# Rows of the stalls; with 318 seats in the first of them the house has 60,050.
ROWS = 100

# Moves the map a little in each frame, as a hand does, and notes what each frame and its drawing
# took.
MOVE = """([kind, frames]) => new Promise(done => {
  const map = document.querySelector("[data-seatmap]").seatMap;
  const { view, drawing } = map;
  const work = [], gaps = [];
  let frame = 0, last = null;
  const draw = drawing.draw.bind(drawing);
  drawing.draw = () => {
    const began = performance.now();
    draw();
    work.push(performance.now() - began);
  };
  const turn = now => {
    if (last !== null) gaps.push(now - last);
    last = now;
    if (frame++ >= frames) {
      delete drawing.draw;
      return done({ work, gaps });
    }
    if (kind === "zoom") {
      view.zoomAt(view.width / 2, view.height / 2, frame <= frames / 2 ? 1.07 : 1 / 1.07);
    } else {
      const way = (frame / 30) % 2 < 1 ? 1 : -1;
      view.pan(9 * way, 4 * way);
    }
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})"""

# The same seats as buttons: to the next frame after the tab is chosen, after another part is, and
# after somebody else took a seat.
LIST = """async () => {
  const told = {};
  const timed = async (name, act) => {
    const began = performance.now();
    act();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    told[`list: ${name}, ms`] = Math.round(performance.now() - began);
  };
  const { house, list } = document.querySelector("[data-seatmap]").seatMap;
  await timed("opened", () => document.getElementById("tab-list").click());
  await timed("another part", () => list.show(1));
  const one = { version: house.version, status: house.status, ordinals: [list.parts[1].start] };
  await timed("a seat goes", () => house.take({ ...one, states: "r" }));
  told["list: cells"] = list.cells.size;
  return told;
}"""


def main() -> int:
    """Print the measures as a table, or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats-a-row", type=int, default=318, help="of the first row")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fh-map-") as folder:
        os.environ.setdefault("FULLHOUSE_DATA", f"{folder}/data")
        Path(folder).chmod(0o711)
        measured = _measure(asked.seats_a_row)
    if asked.json:
        print(json.dumps(measured, indent=2))
    else:
        for name, value in measured.items():
            print(f"{name:34} {value}")
    return 0


def _measure(seats_a_row: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases
    from playwright.sync_api import sync_playwright

    from tests.browser.chromium import ARGUMENTS, MISSING, find_chromium
    from tests.browser.houses import theatre
    from tests.browser.site import served

    program = find_chromium()
    if program is None:
        raise SystemExit(MISSING)
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    house = theatre(rows=ROWS, seats=seats_a_row, standing=0)
    try:
        with served() as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            # Changes are not what is measured here, and their stream would outlive the house.
            page.route("**/stream", lambda route: route.abort())
            return _drive(page, f"{site}{house.path}")
    finally:
        teardown_databases(made, verbosity=0)


def _drive(page: Any, address: str) -> dict[str, Any]:
    paints = []
    for _ in range(RUNS):
        page.goto(address)
        page.wait_for_selector("[data-painted]", timeout=60_000)
        paints.append(
            page.evaluate(
                "performance.getEntriesByName('seatmap-painted')[0].startTime"
                " - performance.getEntriesByName('seatmap-data')[0].startTime"
            )
        )
    found: dict[str, Any] = {
        "seats": page.evaluate("document.querySelector('[data-seatmap]').seatMap.plan.count"),
        "first paint after data, ms": round(statistics.median(paints)),
    }
    # All of it; a dot a seat; seats with their signs; seats with numbers.
    for name, scale in (("whole", 0), ("dots", 4), ("signs", 10), ("numbers", 26)):
        page.evaluate(
            """scale => {
              const { view } = document.querySelector("[data-seatmap]").seatMap;
              view.showAll();
              if (scale) view.set(scale, view.x, view.y);
            }""",
            scale,
        )
        found |= _frames(f"pan, {name}", page.evaluate(MOVE, ["pan", FRAMES]))
    page.evaluate("document.querySelector('[data-seatmap]').seatMap.view.showAll()")
    found |= _frames("zoom, whole to seats", page.evaluate(MOVE, ["zoom", FRAMES]))
    return found | page.evaluate(LIST)


def _frames(name: str, told: dict[str, Any]) -> dict[str, Any]:
    work, gaps = sorted(told["work"]), sorted(told["gaps"])
    return {
        f"{name}: frames a second": round(1000 / statistics.mean(gaps), 1),
        f"{name}: frame p95, ms": round(gaps[int(len(gaps) * 0.95)], 1),
        f"{name}: drawing p95, ms": round(work[int(len(work) * 0.95)], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
