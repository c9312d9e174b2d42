"""A source file is data: names and rules, each checked, every problem told at once."""

import re
from pathlib import Path
from uuid import UUID

import pytest

from fullhouse.migration.source import SourceError, load
from fullhouse.migration.source.canonical import CANONICAL, REQUIRED
from fullhouse.migration.source.keys import key_uuid
from fullhouse.migration.source.layout import Elsewhere, Value
from fullhouse.migration.source.load import PRESETS, read

ROOT = Path(__file__).resolve().parents[2]

WHOLE = """
[venue]
table = "houses"
[venue.columns]
id = { key = "no" }
total_capacity = "places"
[event]
table = "plays"
[event.columns]
id = { key = "no" }
venue_id = { key = "house" }
[performance]
table = "nights"
[performance.columns]
id = { key = "no" }
event_id = { key = "play" }
"""


def written(folder: Path, text: str) -> str:
    path = folder / "town.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def problems(folder: Path, extra: str, text: str = WHOLE) -> list[str]:
    found = read(written(folder, text + extra)).problems
    assert all(problem.fa and problem.fa != problem.en for problem in found)
    return [problem.en for problem in found]


def booking(entry: str) -> str:
    return f"""
[booking]
table = "orders"
[booking.columns]
id = {{ key = "no" }}
performance_id = {{ key = "night" }}
{entry}
"""


@pytest.mark.parametrize("preset", sorted(PRESETS.glob("*.toml")), ids=lambda path: path.stem)
def test_presets_are_sources(preset: Path) -> None:
    source = load(preset.stem)
    assert source.name == preset.stem
    assert source.tables()


def test_a_file_of_ones_own_is_a_source(tmp_path: Path) -> None:
    source = load(written(tmp_path, WHOLE))
    assert source.name == "town"
    assert source.tables() == ["houses", "nights", "plays"]
    assert source.views["venue"].columns == {"total_capacity": "places"}
    assert source.views["venue"].values["id"] == Value("key", "no")


def test_rows_of_another_table_are_named_with_what_joins_them(tmp_path: Path) -> None:
    entry = (
        'status = { column = "word", from = "states", match = { no = "state" },'
        " only = { old = false } }"
    )
    view = load(written(tmp_path, WHOLE + booking(entry))).views["booking"]
    value = view.values["status"]
    assert value.elsewhere == Elsewhere("states", {"no": "state"}, {"old": ("false",)})
    assert view.tables() == {"orders", "states"}
    assert set(value.columns("orders")) == {
        ("states", "no"),
        ("orders", "state"),
        ("states", "old"),
        ("states", "word"),
    }


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("[seet]\n", "[seet] is no canonical view; use venue, event"),
        (booking('staus = "state"'), "did you mean status or seats?"),
        (booking(""), "[booking] must give the column 'status'"),
        (booking('status = "a\\"b"'), "is not a plain name of a table or column"),
        (booking('status = "state; drop table orders"'), "is not a plain name"),
        (booking("status = { sql = 'x' }"), "give a column's name, or one of column, key"),
        (booking('status = { column = "s", valuse = {} }'), "did you mean values?"),
        (booking('status = { column = "s", values = { P = "paid" } }'), "no status of a booking"),
        (booking('status = { key = "s" }'), "'key' cannot give a column of type text"),
        (booking('status = "s"\nparticipants = { sum = "n" }'), "needs `from` and `match`"),
        (booking('status = "s"\nis_active = { constant = "yes" }'), "'yes' is no boolean"),
        (booking('status = "s"\ntotal_price = { column = "c", divide = 0 }'), "a whole number"),
        (booking('status = "s"\ncreated_at = { column = "c", zone = "x\'y" }'), "a time zone"),
        (
            booking(
                'status = "s"\nbreakdown = { list = { quantty = "n" }, order = "l", from = "i",'
                ' match = { no = "no" } }'
            ),
            "did you mean quantity?",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_is_nearest(tmp_path: Path, extra: str, said: str) -> None:
    found = problems(tmp_path, extra)
    assert any(said in problem for problem in found), found


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace('table = "plays"', "").replace('"places"', "7")
    assert len(problems(tmp_path, "", text)) == 2
    with pytest.raises(SourceError, match="And 1 more"):
        load(written(tmp_path, text))


def test_text_that_is_no_toml_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not TOML"):
        load(written(tmp_path, "[venue\n"))


def test_an_unknown_name_lists_the_presets() -> None:
    with pytest.raises(SourceError, match="boxoffice, events"):
        load("nobody")


def test_a_legacy_number_can_be_read_in_its_uuid() -> None:
    key = key_uuid("old", "performance", "1042")
    assert str(key).endswith("-000000001042")
    assert key == key_uuid("old", "performance", "1042")
    assert (key.version, key.variant) == (8, "specified in RFC 4122")
    others = [("old", "event", "1042"), ("new", "performance", "1042"), ("old", "performance", "1")]
    assert key not in {key_uuid(*other) for other in others}


@pytest.mark.parametrize("key", ["-1", "007", "10000000000000", "A-7", ""])
def test_other_keys_have_a_uuid_too(key: str) -> None:
    made = {key_uuid("old", "seat", other) for other in (key, "7", "1", "0")}
    assert len(made) == 4
    assert all(isinstance(one, UUID) for one in made)


@pytest.mark.parametrize("page", ["write-a-source.md", "write-a-source.fa.md"])
def test_what_the_page_shows_is_in_the_files_that_it_runs(page: str) -> None:
    files = (ROOT / "examples" / "first-try.toml", PRESETS / "boxoffice.toml")
    lines = {line for file in files for line in file.read_text(encoding="utf-8").splitlines()}
    text = (ROOT / "docs/how-to" / page).read_text(encoding="utf-8")
    shown = [block.splitlines() for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]
    assert len(shown) == 5
    assert [line for block in shown for line in block if line not in lines] == []


def test_the_reference_names_every_column() -> None:
    page = (ROOT / "docs/reference/source.md").read_text(encoding="utf-8")
    for view, columns in CANONICAL.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{view}` |"))
        for column in columns:
            wanted = f"**`{column}`**" if column in REQUIRED[view] else f" `{column}`"
            assert wanted in row, f"{view}.{column}"
