"""The migration console in a browser: readable in both languages, an order from page to end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from migration.shell import legacy_schema, takeover, url_of_database
from playwright.sync_api import Page, expect

from fullhouse.migration.models import MigrationRun
from tests.browser.checks import check_page


@pytest.fixture
def run(db_committed: None) -> Iterator[MigrationRun]:
    with legacy_schema(seats=80, dirty=0.4, seed=9) as schema:
        assert takeover("plan", schema).code == 0
        yield MigrationRun.objects.get(legacy_schema=schema)
        takeover("rollback", schema)


def sign_in(page: Page, site_url: str) -> None:
    user, _ = User.objects.get_or_create(
        username="nasrin", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site_url}])


def test_each_page_holds_for_staff(page: Page, site_url: str, run: MigrationRun) -> None:
    sign_in(page, site_url)
    for name, arguments in (
        ("runs", []),
        ("run", [run.pk]),
        ("contradictions", [run.pk]),
        ("before-after", [run.pk]),
        ("order", [run.pk, "run-live"]),
    ):
        page.goto(reverse(f"web:{name}", args=arguments))
        check_page(page)


def test_from_the_first_question_to_the_way_back(
    page_en: Page, site_url: str, run: MigrationRun, monkeypatch: Any
) -> None:
    """Decide, take over, see it equal, go back: all in the browser, in processes of their own."""
    monkeypatch.setenv("DATABASE_URL", url_of_database())
    sign_in(page_en, site_url)
    page_en.goto(reverse("web:contradictions", args=[run.pk]) + "?open=1")
    while (accept := page_en.get_by_role("button", name="Accept for all:")).count():
        accept.first.click()
    page_en.get_by_role("link", name=run.legacy_schema).click()
    page_en.get_by_role("link", name="Take over, standing still").click()
    page_en.get_by_label("To confirm, type:").fill(f"take over {run.legacy_schema}")
    page_en.get_by_role("button", name="Take over, standing still").click()
    expect(page_en.get_by_role("status").filter(has_text="Done.")).to_be_visible(timeout=60_000)
    page_en.get_by_role("link", name="To the takeover").click()
    expect(page_en.get_by_text("Both sides are equal.").first).to_be_visible()
    check_page(page_en)
    page_en.get_by_role("link", name="Roll back").click()
    page_en.get_by_label("To confirm, type:").fill(f"roll back {run.legacy_schema}")
    page_en.get_by_role("button", name="Roll back").click()
    expect(page_en.get_by_role("status").filter(has_text="Done.")).to_be_visible(timeout=60_000)
    run.refresh_from_db()
    assert run.state == MigrationRun.State.ROLLED_BACK
    assert {event.actor for event in run.events.exclude(phase__in=("backup", "plan"))} == {"nasrin"}
