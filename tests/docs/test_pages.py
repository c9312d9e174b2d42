"""The pages hold together: links lead somewhere, both languages show the same commands."""

import re
from pathlib import Path

import pytest

from .markdown import ROOT, blocks, pages

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inside if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "persian",
    [page for page in pages() if page.name.endswith(".fa.md")],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_both_languages_show_the_same_commands(persian: Path) -> None:
    english = persian.with_name(persian.name.replace(".fa.md", ".md"))

    def shown(page: Path) -> list[list[str]]:
        return [block.commands() for block in blocks(page, "sh", "python")]

    assert shown(persian) == shown(english)


def test_every_command_page_is_reached_from_the_reference() -> None:
    index = (ROOT / "docs/reference/README.md").read_text(encoding="utf-8")
    listed = set(_LINK.findall(index))
    there = {page.name for page in (ROOT / "docs/reference").glob("*.md")} - {"README.md"}
    assert there - listed == set()
