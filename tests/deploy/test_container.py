"""The Containerfile, as far as this machine allows: read, its wheel made, built where it can be."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import get_commands

from .conftest import DEPLOY

ROOT = DEPLOY.parent
TEXT = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def instructions(word: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", TEXT)
    return re.findall(rf"^{word} (.*)$", joined, re.MULTILINE)


def engine() -> str | None:
    """Return a container engine that answers and has the base image, or None."""
    (base,) = {line.split()[0] for line in instructions("FROM")}
    for name in ("podman", "docker"):
        if shutil.which(name) is None:
            continue
        asked = [name, "image", "inspect", base]
        if subprocess.run(asked, capture_output=True, timeout=30, check=False).returncode == 0:
            return name
    return None


def test_what_it_copies_is_there() -> None:
    for line in instructions("COPY"):
        *sources, _target = shlex.split(line)
        assert [one for one in sources if not (ROOT / one).exists()] == []


def test_it_ends_as_a_user_without_rights_and_serves() -> None:
    assert instructions("USER") == ["10001"]
    assert json.loads(instructions("ENTRYPOINT")[0]) == ["fullhouse"]
    assert json.loads(instructions("CMD")[-1])[0] in get_commands()
    assert "--require-hashes" in TEXT
    # Everything after the download comes out of it.
    installs = [part for line in instructions("RUN") for part in line.split("&&")]
    for part in installs:
        if "pip install" in part:
            assert "--no-index" in part


def test_its_health_check_is_a_program() -> None:
    (check,) = instructions("HEALTHCHECK")
    program = json.loads(check.split(" CMD ", 1)[1])
    assert program[:2] == ["python", "-c"]
    assert "/healthz" in program[2]
    compile(program[2], "HEALTHCHECK", "exec")


def test_the_wheel_that_it_makes_is_whole(tmp_path: Path) -> None:
    source = tmp_path / "src"
    source.mkdir()
    for line in instructions("COPY"):
        *sources, _target = shlex.split(line)
        for name in sources:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, source / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, source / name)
    (build,) = [line for line in instructions("RUN") if "pip wheel" in line]
    words = shlex.split(build.replace("/wheels", str(tmp_path / "wheels")))[1:]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words],
        cwd=source,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "wheels").glob("fullhouse-*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(source))
        for path in (source / "fullhouse").rglob("*")
        if path.is_file()
    }
    assert wanted - packed == set()


@pytest.mark.skipif(
    engine() is None,
    reason="no container engine with the base image here: the image itself was not built or run",
)
def test_it_builds_and_answers(tmp_path: Path) -> None:
    name = engine()
    assert name is not None
    tag = "fullhouse-test-of-the-containerfile"
    build = [name, "build", "--file", str(DEPLOY / "Containerfile"), "--tag", tag, str(ROOT)]
    subprocess.run(build, check=True, timeout=900)
    said = subprocess.run(
        [name, "run", "--rm", tag, "version"], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("5.")
    subprocess.run([name, "image", "rm", tag], check=True)
