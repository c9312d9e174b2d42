"""Every command and every Python snippet on a page is run, page by page, in its own house."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from scratch import ROOM

from fullhouse.database.binaries import find_binaries

from .markdown import ROOT, Block, blocks, pages

# Long-running or about the checkout itself; each is run where it is named.
ELSEWHERE = {
    "make": "tests/docs: the target must exist; CI and tests/demo run it",
    "fullhouse demo": "tests/demo",
    "fullhouse serve": "tests/web",
}
# A Persian page shows the commands of its English one (test_pages holds that): they run once.
ENGLISH = [page for page in pages() if not page.name.endswith(".fa.md")]
WITH_COMMANDS = [page for page in ENGLISH if blocks(page, "sh")]
WITH_PYTHON = [page for page in ENGLISH if blocks(page, "python")]
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def _id(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def server_home() -> Iterator[Path]:
    """One embedded server for all pages; each page has a schema of its own.

    Not below pytest's own folder: that is closed to the account that runs the server for root.
    """
    home = Path(tempfile.mkdtemp(prefix="fullhouse-docs-", dir=ROOM))
    home.chmod(0o711)
    yield home
    _run("fullhouse database stop", home, home)
    shutil.rmtree(home)


def _run(command: str, home: Path, folder: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    # PostgreSQL's own programs in the server's version, as the pages ask for.
    programs = find_binaries().program("pg_restore").parent
    path = os.pathsep.join([str(Path(sys.executable).parent), str(programs), os.environ["PATH"]])
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PG_BIN"}
    }
    return subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=folder,
        env=environment | {"PATH": path, "FULLHOUSE_DATA": str(home)} | extra,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _workplace(tmp_path: Path) -> Path:
    for name in ("examples", "benchmarks", "deploy"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def _skipped(block: Block) -> bool:
    return block.note.startswith("not run:") and len(block.note) > len("not run: ")


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the pages speak of the embedded server")
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=_id)
def test_commands_work_as_written(page: Path, server_home: Path, tmp_path: Path) -> None:
    folder = _workplace(tmp_path)
    stem = re.sub(r"\W+", "_", _id(page)).lower()[-30:].strip("_")
    schema = {"FULLHOUSE_SCHEMA": f"docs_{stem}"}
    _run("fullhouse migrate", server_home, folder, **schema)
    for block in blocks(page, "sh"):
        for command in [] if _skipped(block) else block.commands():
            if command.startswith("make"):
                assert set(command.split()[1:2]) <= TARGETS, f"{block.page}:{block.line} {command}"
            elif not any(command.startswith(prefix) for prefix in ELSEWHERE):
                done = _run(command, server_home, folder, **schema)
                expected = int(match[1]) if (match := re.match(r"exits (\d+)", block.note)) else 0
                assert done.returncode == expected, (
                    f"{block.page}:{block.line}: {command}\n{done.stdout}\n{done.stderr}"
                )


@pytest.mark.parametrize("page", WITH_PYTHON, ids=_id)
def test_snippets_work_as_written(page: Path, house_for_snippets: dict[str, object]) -> None:
    names = dict(house_for_snippets)
    for block in blocks(page, "python"):
        if not _skipped(block):
            code = compile(block.body, f"{block.page}:{block.line}", "exec")
            exec(code, names)  # noqa: S102 - running the page's own snippet is the test
