"""The house keeps its own order: layers, file sizes, one schema placeholder."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIMIT_LINES = 400  # a file that is longer is a corridor; cut a room out of it
SOURCES = sorted(
    path
    for folder in ("fullhouse", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".sql", ".html", ".css", ".js"}
    and "__pycache__" not in path.parts
    and not re.fullmatch(r"000\d_.*", path.stem)
)


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LIMIT_LINES


def test_every_room_is_on_the_map() -> None:
    drawn = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [
        path.parent.relative_to(ROOT / "fullhouse").parts[0]
        for path in (ROOT / "fullhouse").glob("*/__init__.py")
    ]
    assert [room for room in rooms if f"{room}/" not in drawn] == []
