"""Every text marked for translation has its Persian, and the compiled catalogue is fresh."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from fullhouse.locale import build

PACKAGE = Path(__file__).resolve().parents[1] / "fullhouse"
CATALOGUE = PACKAGE / "locale/fa/LC_MESSAGES/django.po"
# The text is the first argument, or the second, after its context.
MARKS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "ngettext": 0, "pgettext": 1, "pgettext_lazy": 1}
TAG = re.compile(r"{%\s*(?:trans|translate)\s+(?:\"([^\"]+)\"|'([^']+)')")


def in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = MARKS.get(node.func.id)
            if place is not None and len(node.args) > place:
                text = node.args[place]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value


def marked() -> dict[str, str]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        if "migrations" not in path.parts:
            found |= {text: str(path) for text in in_python(path)}
    for path in PACKAGE.rglob("*.html"):
        texts = TAG.findall(path.read_text(encoding="utf-8"))
        found |= {double or single: str(path) for double, single in texts}
    return found


def test_every_marked_text_has_its_persian() -> None:
    known = build.parse(CATALOGUE.read_text(encoding="utf-8"))
    texts = {key.rpartition(build.CONTEXT)[2].partition("\0")[0] for key in known}
    missing = {text: where for text, where in marked().items() if text not in texts}
    assert len(texts) > 300
    assert missing == {}


def test_the_compiled_catalogue_is_the_written_one() -> None:
    known = build.parse(CATALOGUE.read_text(encoding="utf-8"))
    assert CATALOGUE.with_suffix(".mo").read_bytes() == build.compiled(known)
