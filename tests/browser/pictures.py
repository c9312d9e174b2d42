"""Makes the pictures of the README: `python -m tests.browser.pictures [FOLDER]`.

Serves a house of its own from a test database and takes what a buyer and what staff see, in both
languages.
"""

import datetime
import os
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "img"
DESK = {"width": 1280, "height": 860}
LANGUAGES = ("en", "fa")


def main() -> int:
    """Write the pictures and say where they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullhouse.site.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.browser.site import served

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with served() as site:
            _take(site, folder)
    finally:
        teardown_databases(made, verbosity=0)
    return 0


def _take(site: str, folder: Path) -> None:
    from django.db import connections
    from playwright.sync_api import sync_playwright

    from tests.browser.chromium import ARGUMENTS, MISSING, find_chromium

    program = find_chromium()
    if program is None:
        raise SystemExit(MISSING)
    evenings = {language: _evenings(language) for language in LANGUAGES}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        for language, evening in evenings.items():
            context = browser.new_context(
                base_url=site,
                viewport=DESK,  # type: ignore[arg-type]
                device_scale_factor=1,
                reduced_motion="reduce",
            )
            context.add_cookies([{"name": "django_language", "value": language, "url": site}])
            page = context.new_page()
            page.route("**/stream", lambda route: route.fulfill(status=204))
            _buyer(page, evening, lambda step, c=language: folder / f"{step}-{c}.png")
            context.add_cookies([{"name": "sessionid", "value": _staff(), "url": site}])
            _staff_pages(page, evening, lambda step, c=language: folder / f"{step}-{c}.png")
            context.close()
        browser.close()
        # Beside Playwright's loop this thread has another session of the database than before.
        connections.close_all()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def _evenings(language: Any) -> Any:
    from tests.browser.houses import again, theatre

    words = {
        "en": ("The Cherry Orchard", "Goldberg Variations", "A Midsummer Night's Dream"),
        "fa": ("باغ آلبالو", "ارکستر سمفونیک تهران", "شب شعر حافظ"),
    }[language]
    first, *others = (
        theatre(language, title=title, date=datetime.date(2027, 3, 20 + day), rows=9, seats=18)
        for day, title in enumerate(words)
    )
    again(first, datetime.date(2027, 3, 27), language)
    first.sell(*(first.seat("C", str(number)) for number in range(6, 14)))
    first.sell(*(first.seat("A", str(number)) for number in (3, 4, 9, 10, 11)))
    first.sell(first.seat("E", "8"), first.seat("E", "9"), hold_only=True)
    for other in others:
        other.sell(*(other.seat("B", str(number)) for number in range(2, 16)))
    return first


def _buyer(page: Any, evening: Any, path: Any) -> None:
    page.goto("/")
    page.screenshot(path=path("performances"))
    page.goto(evening.path)
    page.wait_for_selector("[data-painted]")
    page.evaluate(
        """ids => {
          const { plan, house } = document.querySelector("[data-seatmap]").seatMap;
          for (const id of ids) house.toggle(plan.ordinals.get(id));
        }""",
        [str(evening.seat("F", number)) for number in ("10", "11")],
    )
    page.wait_for_function("document.querySelectorAll('.chosen li').length === 2")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    page.screenshot(path=path("performance"))
    page.goto(evening.path)
    page.locator("section:has(#best) form .whole").click()
    page.wait_for_selector("[data-countdown]")
    page.locator("form[action$='/pay/'] button").click()
    page.wait_for_selector(".ticket")
    page.screenshot(path=path("tickets"))


def _staff() -> str:
    """Return the session of a member of staff who may do everything."""
    from django.contrib.auth.models import User
    from django.test import Client

    user, _ = User.objects.get_or_create(
        username="nasrin", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _staff_pages(page: Any, evening: Any, path: Any) -> None:
    from django.urls import reverse

    from fullhouse.migration.models import MigrationRun
    from tests.migration.shell import legacy_schema, takeover

    page.goto(reverse("web:console:the-performance", args=[evening.performance_id]))
    page.screenshot(path=path("console"))
    with legacy_schema(seats=2000, dirty=1.0, seed=5) as schema:
        takeover("run", schema, "--yes")
        run = MigrationRun.objects.get(legacy_schema=schema)
        page.goto(reverse("web:run", args=[run.pk]))
        page.screenshot(path=path("migration"))
        takeover("rollback", schema)


if __name__ == "__main__":
    sys.exit(main())
