"""Compile the message catalogues: `python fullhouse/locale/build.py` after a change of a .po.

In plain Python, because GNU gettext is not on every machine. Writes the format of
`gettext.GNUTranslations` (GNU gettext manual, "The Format of GNU MO Files"). Fuzzy and empty
entries are left out, so that the English text is shown instead.
"""

from __future__ import annotations

import ast
import struct
from pathlib import Path

MAGIC = 0x950412DE
CONTEXT = "\x04"


def parse(text: str) -> dict[str, str]:
    """Return the messages of a .po as a .mo keeps them: key (context, plural) to translation."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        fields, fuzzy = _fields(block)
        forms = [fields[name] for name in sorted(fields) if name.startswith("msgstr")]
        if "msgid" not in fields or fuzzy or not all(forms):
            continue
        key = fields["msgid"]
        if "msgid_plural" in fields:
            key += "\0" + fields["msgid_plural"]
        if "msgctxt" in fields:
            key = fields["msgctxt"] + CONTEXT + key
        found[key] = "\0".join(forms)
    return found


def _fields(block: str) -> tuple[dict[str, str], bool]:
    fields: dict[str, str] = {}
    name, fuzzy = "", False
    for line in block.strip().splitlines():
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line.startswith('"'):
            name, _, line = line.partition(" ")
            fields[name] = ""
        if line:
            fields[name] += str(ast.literal_eval(line))
    return fields, fuzzy


def compiled(messages: dict[str, str]) -> bytes:
    """Return the .mo of these messages, sorted by key as the format demands."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    count = len(pairs)
    start = 28 + 16 * count
    tables: list[list[int]] = [[], []]
    data = b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += [len(pair[side]), start + len(data)]
            data += pair[side] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, start)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + data


def main() -> None:
    """Write the .mo beside each .po."""
    for source in sorted(Path(__file__).parent.glob("*/LC_MESSAGES/*.po")):
        messages = parse(source.read_text(encoding="utf-8"))
        source.with_suffix(".mo").write_bytes(compiled(messages))
        print(f"{source}: {len(messages) - 1} messages")


if __name__ == "__main__":
    main()
