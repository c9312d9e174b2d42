"""Every command and every Python snippet on a page is run, page by page, in its own house."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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


def _environment(home: Path) -> dict[str, str]:
    # PostgreSQL's own programs in the server's version, as the pages ask for.
    programs = find_binaries().program("pg_restore").parent
    path = os.pathsep.join([str(Path(sys.executable).parent), str(programs), os.environ["PATH"]])
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PG_BIN"}
    }
    return environment | {"PATH": path, "FULLHOUSE_DATA": str(home)}


def _run(command: str, home: Path, folder: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=folder,
        env=_environment(home) | extra,
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


@contextmanager
def _beside(command: str, home: Path, folder: Path, **extra: str) -> Iterator[None]:
    """A server that runs beside the rest of its page; it has said that it answers."""
    process = subprocess.Popen(
        command.split(),
        cwd=folder,
        env=_environment(home) | {"PYTHONUNBUFFERED": "1", "XDG_CONFIG_HOME": str(folder)} | extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C stops" in line:
                break
        else:
            pytest.fail(f"{command} ended:\n{''.join(said)}")
        yield
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _skipped(block: Block) -> bool:
    return block.note.startswith("not run:") and len(block.note) > len("not run: ")


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the pages speak of the embedded server")
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=_id)
def test_commands_work_as_written(page: Path, server_home: Path, tmp_path: Path) -> None:
    folder = _workplace(tmp_path)
    stem = re.sub(r"\W+", "_", _id(page)).lower()[-30:].strip("_")
    schema = {"FULLHOUSE_SCHEMA": f"docs_{stem}"}
    _run("fullhouse migrate", server_home, folder, **schema)
    with ExitStack() as servers:
        _work_through(page, server_home, folder, servers, schema)


def _work_through(
    page: Path, server_home: Path, folder: Path, servers: ExitStack, schema: dict[str, str]
) -> None:
    port = "8000"
    for block in blocks(page, "sh"):
        if block.note.startswith("beside:"):
            port = str(_free_port())
            command = block.commands()[0].replace("8000", port)
            servers.enter_context(_beside(command, server_home, folder, **schema))
            continue
        for command in [] if _skipped(block) else block.commands():
            command = command.replace("localhost:8000", f"localhost:{port}")
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
