"""A real Chromium before the real pages: committed data, both languages, any size of screen."""

import os
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from django.conf import settings as site
from playwright.sync_api import Browser, Page, sync_playwright

from fullhouse.api.routes import stream
from fullhouse.events.domain.errors import EngineFault

pytest.register_assert_rewrite("tests.browser.checks")

from tests.browser.checks import watch  # noqa: E402
from tests.browser.chromium import ARGUMENTS, MISSING, find_chromium, must_be_there  # noqa: E402
from tests.browser.site import served  # noqa: E402

SIZES = {
    "desktop": {"width": 1280, "height": 860},
    "tablet": {"width": 820, "height": 1100},
    "phone": {"width": 390, "height": 844},
}
TIMEOUT_MS = 15_000

Opener = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return the browser. Without one the tests are skipped aloud, and fail where CI is set."""
    program = find_chromium()
    if program is None:
        if must_be_there():
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    # Playwright runs a loop in this thread; that our queries do not await is as it should be.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _over(*_: object) -> None:
    raise EngineFault("the test is over")


@pytest.fixture
def site_url(db_committed: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the whole site on the test database, in threads of this process; return its URL."""
    settings.FULLHOUSE_SEATS_MAX_AGE_MS = 0
    # Of a page that was left the stream goes on for a while; here every request has a thread.
    settings.FULLHOUSE_STREAMS = 100
    with served() as url:
        yield url
        # Streams look for changes until their reader goes; the reader is gone, and they go now.
        monkeypatch.setattr(stream.Stream, "_look", _over)


@pytest.fixture
def open_page(browser: Browser, site_url: str) -> Iterator[Opener]:
    """Return an opener of pages, each in a browser profile of its own: a visitor.

    `language` en or fa, `size` a name of SIZES, `dark`, `javascript`, `reduced` motion, `touch`.
    Addresses given to `goto` are relative to the site.
    """
    contexts = []

    def opened(
        language: str = "en",
        *,
        size: Literal["desktop", "tablet", "phone"] = "desktop",
        dark: bool = False,
        javascript: bool = True,
        reduced: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=site_url,
            viewport=SIZES[size],  # type: ignore[arg-type]
            has_touch=size == "phone",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced else "no-preference",
            java_script_enabled=javascript,
            locale="fa-IR" if language == "fa" else "en-GB",
        )
        contexts.append(context)
        context.add_cookies(
            [{"name": site.LANGUAGE_COOKIE_NAME, "value": language, "url": site_url}]
        )
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        watch(page)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page_en(open_page: Opener) -> Page:
    """An English visitor at a desk."""
    return open_page("en")


@pytest.fixture
def page_fa(open_page: Opener) -> Page:
    """A Persian visitor at a desk."""
    return open_page("fa")


@pytest.fixture(params=["en", "fa"])
def page(request: pytest.FixtureRequest, open_page: Opener) -> Page:
    """A visitor in each of the two languages: the test runs twice."""
    return open_page(request.param)
