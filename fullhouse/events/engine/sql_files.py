"""The engine's SQL, read from files, with the schema's name filled in.

`{schema}` is the only placeholder. Files are frozen once released: new behaviour is a new
file with the next version in its name.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SQL_ROOT = Path(__file__).resolve().parent / "sql"
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,40}")


def schema() -> str:
    """Return the PostgreSQL schema of Fullhouse's tables, checked to be a plain name."""
    name = getattr(settings, "FULLHOUSE_SCHEMA", "fullhouse")
    if not _IDENTIFIER.fullmatch(name):
        raise ImproperlyConfigured(
            f"FULLHOUSE_SCHEMA must be a plain lower-case name such as 'fullhouse', not {name!r}."
        )
    return str(name)


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def render(path: Path) -> str:
    """Return the SQL of one file with `{schema}` filled in."""
    return _text(path).replace("{schema}", schema())


def files(folder: str) -> list[Path]:
    """Return the files of one folder of `sql/` in the order in which they are installed."""
    return sorted((SQL_ROOT / folder).glob("*.sql"))


def script(*names: str) -> str:
    """Return several files as one script, in the order given: `script("functions/x_v1.sql")`."""
    return "\n".join(render(SQL_ROOT / name) for name in names)


_ROUTINE = re.compile(r"^CREATE (FUNCTION|PROCEDURE|VIEW) \{schema\}\.(\w+)", re.MULTILINE)


def drop_script(*names: str) -> str:
    """Return the script that takes away what `script(*names)` made, last made first.

    CASCADE takes a trigger with its function; nothing of another owner can hang on to either.
    """
    made = [match for name in names for match in _ROUTINE.findall(_text(SQL_ROOT / name))]
    return "\n".join(
        f"DROP {'VIEW' if kind == 'VIEW' else 'ROUTINE'} IF EXISTS {schema()}.{name} CASCADE;"
        for kind, name in reversed(made)
    )
