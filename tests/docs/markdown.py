"""Reads the documentation: fenced blocks, what they hold, and what a page says of them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(
    r"(?:<!-- (?P<note>[^>]*?) -->\s*)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `note` is the HTML comment right before it, which may say why not run."""

    page: str
    line: int
    kind: str
    body: str
    note: str

    def commands(self) -> list[str]:
        """Return the command lines of a `sh` block, comments dropped, continued lines joined."""
        joined = self.body.replace("\\\n", " ")
        lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in joined.splitlines())
        return [line for line in lines if line]


def pages() -> list[Path]:
    """Return every page that people read."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])


def blocks(page: Path, *kinds: str) -> list[Block]:
    """Return the blocks of these kinds on one page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            str(page.relative_to(ROOT)),
            text.count("\n", 0, match.start("kind")) + 1,
            match["kind"],
            match["body"],
            match["note"] or "",
        )
        for match in _FENCE.finditer(text)
        if match["kind"] in kinds
    ]
