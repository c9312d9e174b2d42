"""Nothing inline, nothing from elsewhere, on any page."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

import fullhouse.web
from fullhouse.site.middleware import HEADER, POLICY
from fullhouse.web.inline_policy import policy_for
from tests.web.conftest import Stall

TEMPLATES = sorted((Path(fullhouse.web.__file__).parent / "templates").rglob("*.html"))


def test_every_answer_has_the_policy(client: Client, staff_client: Client, stall: Stall) -> None:
    for address in (
        reverse("web:performances"),
        reverse("web:runs"),
        reverse("web:healthz"),
        reverse("admin:login"),
        reverse("admin:events_eventperformance_changelist"),
        "/static/fullhouse/style.css",
        "/no/such/page/",
    ):
        policy = staff_client.get(address)[HEADER]
        assert policy == POLICY
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_a_debug_page_is_left_alone(client: Client) -> None:
    with override_settings(DEBUG=True):
        assert HEADER not in client.get("/no/such/page/").headers


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text)


def test_the_stylesheet_loads_from_here_only() -> None:
    css = Path(fullhouse.web.__file__).parent / "static/fullhouse/style.css"
    for address in re.findall(r"url\(([^)]*)\)", css.read_text(encoding="utf-8")):
        assert (css.parent / address).is_file()


def test_a_self_contained_page_allows_exactly_its_own_blocks() -> None:
    policy = policy_for("<style>p{}</style><p>x</p>")
    assert "style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_the_error_page_needs_no_context() -> None:
    html = get_template("500.html").render({}, RequestFactory().get("/"))
    assert "Something broke" in html
    assert get_template("500.html").render()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Something broke on our side"), ("fa", "مشکلی از سوی ما پیش آمد")]
)
def test_a_fault_is_a_page_in_the_readers_language(
    db: None, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("fullhouse.events.services.listings.performances", fail)
    client = Client(raise_request_exception=False)
    response = client.get(reverse("web:performances"), headers={"Accept-Language": language})
    html = response.content.decode()
    assert response.status_code == 500
    assert said in html
    assert "secret detail" not in html
    assert response[HEADER] == POLICY
