"""A source with statements of its own is not rehearsed: refused before anything is copied."""

import json

import pytest

from fullhouse.migration.live.rehearse import rehearsal

from .boxoffice import box_office
from .shell import takeover


@pytest.mark.usefixtures("db_committed")
def test_a_source_that_sellers_cannot_write_is_refused_before_a_copy_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def copied(*_given: object, **_named: object) -> None:
        pytest.fail("a copy was made")

    monkeypatch.setattr(rehearsal, "scratch", copied)
    with box_office() as schema:
        ended = takeover("rehearse", schema, "--source", "boxoffice", "--json")
    assert ended.code == 3
    assert json.loads(ended.out)["exit_code"] == 3
    assert "cannot be rehearsed" in ended.message
    assert "تمرین‌شدنی نیست" in ended.message
