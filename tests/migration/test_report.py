"""One report, three faces: everything in JSON, what fits in a terminal and on a page."""

import io
import re
import stat
import uuid
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.kinds import KINDS
from fullhouse.migration.models import Anomaly, MigrationRun
from fullhouse.migration.phases import transition
from fullhouse.migration.report import (
    build_report,
    render_page,
    show_questions,
    show_report,
    write_page,
)
from fullhouse.migration.report.digits import number
from fullhouse.migration.report.kind_words import DECISION_WORDS, KIND_WORDS
from fullhouse.migration.report.next_step import next_step
from fullhouse.migration.report.page import SHOWN_CASES, SHOWN_PERFORMANCES
from fullhouse.migration.report.words import WORDS, word

from .shell import new_run

HOSTILE = "<script>alert('x')</script> & \"ویژه\""
VOID = {"meta", "input", "br"}


def unit(count: int, section: str = "VIP") -> dict[str, Any]:
    kind = {"name": None, "allocated": 300, "available": 290, "reserved": 0, "sold": 10}
    return {
        "performance_id": str(uuid.UUID(int=count)),
        "venue": "تالار وحدت",
        "event": "Concert",
        "date": "2026-03-20",
        "time": "20:00",
        "before": {
            "venue_capacity": 2000,
            "max_capacity": 1234567,
            "sections": [{"name": section, "total_capacity": 4, "available": 4, "sold": 0}],
        },
        "after": {
            "venue_capacity": 2000,
            "max_capacity": 300,
            "available": 290,
            "reserved": 0,
            "sold": 10,
            "sections": [
                {
                    "name": section,
                    "total_capacity": 300,
                    "available": 290,
                    "reserved": 0,
                    "sold": 10,
                    "types": [kind],
                }
            ],
        },
    }


@pytest.fixture
def run(db_committed: None) -> MigrationRun:
    made = new_run(f"old_{uuid.uuid4().hex[:12]}")
    transition(
        made,
        MigrationRun.State.BACKED_UP,
        phase="backup",
        detail={"folder": "/kept", "program": "pg_dump 18", "bytes": 10, "rows": 3},
        legacy_hashes={"tables": {"events_seat": {"rows": 3, "sha256": "ab"}}, "structure": "cd"},
    )
    transition(
        made,
        MigrationRun.State.PLANNED,
        phase="plan",
        detail={"milliseconds": 12},
        plan={"units": [unit(1, HOSTILE)], "totals": {}},
        plan_sha="f" * 64,
    )
    for decision in ("", "merge"):
        Anomaly.objects.create(
            run=made,
            kind="section_spelling",
            subject=HOSTILE,
            count=2,
            evidence={"spellings": [HOSTILE]},
            proposal="merge",
            decision=decision,
        )
    return made


class Outline(HTMLParser):
    """Checks nesting and collects what a page has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else_and_escapes_what_it_was_given(run: MigrationRun) -> None:
    page = render_page(build_report(run))
    outline = Outline(page)
    tags = {tag for tag, _ in outline.tags}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"url\(|@import|https?://", page)
    hrefs = [said.get("href") for tag, said in outline.tags if tag == "a"]
    ids = [said["id"] for _, said in outline.tags if "id" in said]
    assert len(ids) == len(set(ids))
    assert {f"#{one}" for one in ids} >= set(hrefs)
    assert "&lt;script&gt;" in page


def test_both_languages_are_whole_parts_with_their_own_direction_and_digits(
    run: MigrationRun,
) -> None:
    page = render_page(build_report(run), language="fa")
    parts = [said for tag, said in Outline(page).tags if said.get("class") == "part"]
    assert [(part["lang"], part["dir"]) for part in parts] == [("en", "ltr"), ("fa", "rtl")]
    english, persian = page.split('id="part-fa"')
    assert "1,234,567" in english
    assert "1,234,567" not in persian
    assert "۱٬۲۳۴٬۵۶۷" in persian
    assert "ناسازگاری‌ها و تصمیم‌ها" in persian
    assert 'id="choose-fa" checked' in english
    headers = [said for tag, said in Outline(page).tags if tag == "th"]
    assert headers
    assert all(said.get("scope") in ("col", "row") for said in headers)


def test_a_long_list_is_cut_and_says_by_how_much(run: MigrationRun) -> None:
    report = build_report(run)
    report["units"] = [unit(count) for count in range(SHOWN_PERFORMANCES + 1500)]
    report["anomalies"]["items"] *= SHOWN_CASES
    page = render_page(report)
    assert page.count("<summary>") == 2 * (SHOWN_PERFORMANCES + 1)
    assert "and 1,500 more" in page
    assert "و ۱٬۵۰۰ مورد دیگر" in page
    assert f"and {SHOWN_CASES} more" in page


def test_the_terminal_shows_trees_contradictions_and_questions(run: MigrationRun) -> None:
    out = io.StringIO()
    report = build_report(run)
    console = Console(file=out, width=200)
    show_report(console, report)
    show_questions(console, report)
    told = out.getvalue()
    assert "1,234,567" in told
    assert "(pool)  300  available 290  sold 10" in told
    assert told.index("Before") < told.index("After") < told.index("Contradictions")
    assert "Open questions" in told
    assert HOSTILE in told


def test_the_report_counts_kinds_and_open_questions(run: MigrationRun) -> None:
    report = build_report(run)
    assert report["anomalies"]["total"] == 2
    assert report["anomalies"]["open"] == 1
    (kind,) = report["anomalies"]["kinds"]
    assert (kind["anomalies"], kind["rows"], kind["open"]) == (2, 4, 1)
    assert (kind["proposals"], kind["decisions"]) == ({"merge": 2}, {"merge": 1})
    assert [event["to"] for event in report["events"]] == ["backed_up", "planned"]
    assert report["history_intact"]
    assert report["milliseconds"] == {"plan": 12}


def test_a_page_is_written_whole_and_for_its_owner_alone(run: MigrationRun, tmp_path: Path) -> None:
    write_page(build_report(run), tmp_path / "report.html")
    (path,) = tmp_path.iterdir()
    assert path.read_text(encoding="utf-8").endswith("</html>\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="cannot be written"):
        write_page(build_report(run), tmp_path / "missing" / "report.html")


def test_every_state_has_a_next_step_and_words_in_both_languages() -> None:
    for state in MigrationRun.State:
        step = next_step(MigrationRun(source="events", legacy_schema="old", state=state))
        assert step["en"]
        assert re.search("[آ-ی]", step["fa"])
        assert "--schema old" in step["command"]
        assert state.value in WORDS
    for key, (english, persian) in WORDS.items():
        assert english, key
        assert re.search("[آ-ی]", persian), key
    for kind in KINDS.values():
        assert kind.name in KIND_WORDS
        assert kind.proposal in DECISION_WORDS
    assert {kind.name for kind in KINDS.values()} == set(KIND_WORDS)
    for key, (english, persian) in (KIND_WORDS | DECISION_WORDS).items():
        assert english, key
        assert re.search("[آ-ی]", persian), key
    assert word("an_unknown_kind", "fa") == "an unknown kind"


def test_numbers_are_written_as_their_language_writes_them() -> None:
    assert number(1234567, "en") == "1,234,567"
    assert number(1234567, "fa") == "۱٬۲۳۴٬۵۶۷"
    assert number(None, "fa") == "–"
    assert number(0, "en") == "0"
