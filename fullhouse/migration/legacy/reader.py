"""Reads `dumpdata` files item by item in constant memory: `.json`, `.jsonl`, plain or gzipped.

The text is held in a window that grows only to the largest single item, so the position of the
parser is known exactly and every item and every refusal has its line.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, cast

from fullhouse.migration.legacy.refusals import FileRefusedError

CHUNK_BYTES: Final = 1 << 20
#: A legacy row is about 1 kB; a "row" of this size is a file that is broken or not a dump.
LARGEST_ITEM_CHARACTERS: Final = 1 << 24
#: A complaint this far before the end of the window is not caused by the window's edge.
_EDGE_CHARACTERS: Final = 64
_LONGEST_NUMBER: Final = 4000

_SPACE = re.compile(r"[ \t\r\n]*")
_GZIP_MAGIC = b"\x1f\x8b"
_DECODER = json.JSONDecoder()
# Python refuses to make integers of more than 4,300 digits; as a text such a value is kept.
_LENIENT = json.JSONDecoder(parse_int=lambda digits: int(digits[:_LONGEST_NUMBER]) and digits)


class Item(NamedTuple):
    """One row of a dump and the line that it starts on, from 1."""

    line: int
    model: str
    pk: object
    fields: dict[str, object]


class Source:
    """A dump file; iterate over it once. `digest` is complete after the iteration.

    Raises `FileRefusedError` with the line where the structure breaks, `OSError` if the file
    cannot be read.
    """

    def __init__(self, path: Path, on_bytes: Callable[[int], None] = lambda _: None) -> None:
        self._path = path
        self._on_bytes = on_bytes
        self._sha256 = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes of the file as it is stored, in hexadecimal."""
        return self._sha256.hexdigest()

    def __iter__(self) -> Iterator[Item]:
        with self._path.open("rb") as file:
            counted = _Counted(file, self._sha256, self._on_bytes)
            magic = file.peek(len(_GZIP_MAGIC))[: len(_GZIP_MAGIC)]
            stream = gzip.GzipFile(fileobj=counted) if magic == _GZIP_MAGIC else counted
            window = _Window(stream)
            names = [suffix.lower() for suffix in self._path.suffixes[-2:]]
            yield from _lines_of(window) if ".jsonl" in names else _list_of(window)
            while counted.read(CHUNK_BYTES):
                """Bytes after the end of a gzip stream belong to the digest too."""


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; equals `Source.digest` after a whole read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Counted(io.RawIOBase):
    """Counts and digests the stored bytes as they are read."""

    def __init__(
        self, file: io.BufferedReader, digest: hashlib._Hash, report: Callable[[int], None]
    ):
        self._file, self._digest, self._report, self._total = file, digest, report, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        self._total += len(data)
        self._report(self._total)
        return data


class _Window:
    """A stretch of the decoded text with the parser's place and line in it."""

    def __init__(self, stream: io.RawIOBase | gzip.GzipFile) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.text = ""
        self.place = 0
        self.line = 1
        self.ended = False

    def grow(self, size: int = CHUNK_BYTES) -> None:
        """Forget what was parsed and read about `size` bytes more."""
        try:
            data = self._stream.read(size) or b""
            more = self._decoder.decode(data, final=not data)
        except EOFError:
            self.refuse("the gzip file ends too early (truncated)", "پروندهٔ gzip ناتمام است")
        except (gzip.BadGzipFile, zlib.error) as error:
            self.refuse(f"the gzip file is damaged ({error})", "پروندهٔ gzip آسیب دیده است")
        except UnicodeDecodeError:
            self.refuse("the text after here is not UTF-8", "متن پس از اینجا UTF-8 نیست")
        self.ended = not data
        self.text = self.text[self.place :] + more
        self.place = 0

    def peek(self) -> str:
        """Skip white space; return the next character, or '' at the end of the file."""
        while True:
            match = _SPACE.match(self.text, self.place)
            self.move(match.end() if match else self.place)
            if self.place < len(self.text):
                return self.text[self.place]
            if self.ended:
                return ""
            self.grow()

    def move(self, place: int) -> None:
        self.line += self.text.count("\n", self.place, place)
        self.place = place

    def value(self) -> object:
        """Parse the object at the current place."""
        size = CHUNK_BYTES
        decoder = _DECODER
        while True:
            try:
                value, end = decoder.raw_decode(self.text, self.place)
            except json.JSONDecodeError as error:
                self._read_on_or_refuse(error, size)
                size *= 2
            except RecursionError:
                self.refuse("nested too deeply to be a row", "تودرتویی بیش از اندازه")
            except ValueError:
                decoder = _LENIENT
            else:
                self.move(end)
                return value

    def _read_on_or_refuse(self, error: json.JSONDecodeError, size: int) -> None:
        open_text = error.msg.startswith("Unterminated string")
        certain = len(self.text) - error.pos > _EDGE_CHARACTERS and not open_text
        if certain or (self.ended and not open_text and error.pos < len(self.text)):
            self.move(error.pos)
            self.refuse(f"broken JSON: {error.msg}", "JSON نادرست است")
        if self.ended:
            self.refuse(
                "the file ends inside the row that starts here (truncated)",
                "پرونده در میانهٔ این ردیف تمام می‌شود",
            )
        if len(self.text) - self.place > LARGEST_ITEM_CHARACTERS:
            self.refuse("no end of this row within 16 million characters", "این ردیف پایان ندارد")
        self.grow(size)

    def refuse(self, english: str, persian: str) -> NoReturn:
        raise FileRefusedError(self.line, english, persian) from None


def _list_of(window: _Window) -> Iterator[Item]:
    first = window.peek()
    if not first:
        window.refuse("the file is empty", "پرونده خالی است")
    if first != "[":
        window.refuse("not a list of rows; dumpdata starts with [", "فهرست ردیف‌ها نیست")
    window.move(window.place + 1)
    character = window.peek()
    while character != "]":
        yield _item(window)
        character = window.peek()
        if character == ",":
            window.move(window.place + 1)
            if window.peek() == "]":
                window.refuse("a row is missing after the comma", "پس از ویرگول ردیفی نیست")
        elif not character:
            window.refuse(
                "the list has no end ] (truncated)", "پایان فهرست نیست؛ پرونده ناتمام است"
            )
        elif character != "]":
            window.refuse("a comma is missing between two rows", "میان دو ردیف ویرگول نیست")
    window.move(window.place + 1)
    if window.peek():
        window.refuse("text after the end of the list", "پس از پایان فهرست متن دیگری هست")


def _lines_of(window: _Window) -> Iterator[Item]:
    while window.peek():
        yield _item(window)


def _item(window: _Window) -> Item:
    character = window.peek()
    line = window.line
    if not character:
        window.refuse("the list has no end ] (truncated)", "پایان فهرست نیست؛ پرونده ناتمام است")
    if character != "{":
        window.refuse("a row is not a JSON object", "ردیف شیء JSON نیست")
    value = cast(dict[str, object], window.value())
    model, fields = value.get("model"), value.get("fields")
    if not isinstance(model, str) or not isinstance(fields, dict):
        lacking = "fields" if isinstance(model, str) else "model"
        raise FileRefusedError(line, f"a row without `{lacking}`", f"ردیف `{lacking}` ندارد")
    return Item(line, model, value.get("pk"), fields)
