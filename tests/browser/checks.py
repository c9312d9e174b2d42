"""What holds of every page, whatever is on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
NARROWEST = 360

_axe = Axe()
_watched: WeakKeyDictionary[Page, "Watched"] = WeakKeyDictionary()


@dataclass(slots=True)
class Watched:
    """What went wrong on a page since it was opened: errors of scripts, of the policy, of loads."""

    problems: list[str] = field(default_factory=list)


def watch(page: Page) -> Watched:
    """Note every error that the page's console tells and every script that fails."""
    watched = _watched.setdefault(page, Watched())

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location.get("url", "")
            watched.problems.append(f"console: {message.text} ({where})")

    page.on("console", console)
    page.on("pageerror", lambda error: watched.problems.append(f"script: {error}"))
    return watched


def check_page(page: Page, *, expected: Sequence[str] = (), axe: bool = True) -> None:
    """Assert what holds of every page.

    No violation of WCAG 2.2 A and AA that axe-core finds, no error in the console (a breach of
    the Content-Security-Policy is one), nothing to scroll sideways on the narrowest phone.
    Problems with a text of `expected` in them are meant: a page that is a 404, say.
    """
    page.wait_for_load_state()
    assert scrolls_sideways(page) == []
    if axe:
        assert violations(page) == []
    told = [
        problem
        for problem in _watched[page].problems
        if not any(text in problem for text in expected)
    ]
    assert told == []
    # The next check of this page asks for what came after.
    _watched[page].problems.clear()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, each with the elements and why."""
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        # It would read imported style sheets by putting styles into the page: against our policy.
        "preload": False,
    }
    found = _axe.run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]} - {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


def scrolls_sideways(page: Page, width: int = NARROWEST) -> list[str]:
    """Return what sticks out of a window of this width; [] where the page fits."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 740})
    wide: list[str] = page.evaluate(
        """width => {
          const root = document.documentElement;
          if (root.scrollWidth <= root.clientWidth) return [];
          return [...document.body.querySelectorAll('*')]
            .filter(each => {
              if (each.closest('svg') !== null && each.tagName !== 'svg') return false;
              for (let over = each.parentElement; over !== document.body; over = over.parentElement)
                if (getComputedStyle(over).overflowX !== 'visible') return false;
              const box = each.getBoundingClientRect();
              return box.width && (box.right > width + 1 || box.left < -1);
            })
            .slice(0, 5)
            .map(each => each.outerHTML.slice(0, 120))
            .concat(`${root.scrollWidth} wide`);
        }""",
        width,
    )
    if before:
        page.set_viewport_size(before)
    return wide
