"""A source as it is understood: which table and which columns give each canonical column.

Plain data, made by `load` from a file; `expressions` turns it into SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fullhouse.migration.exit_codes import UsageError

#: What a value map or a constant may hold.
Word = str | int | float | bool


class SourceError(UsageError):
    """A source cannot be used; the message says which file, which entry and what to do."""

    def __init__(self, english: str, persian: str = "") -> None:
        super().__init__(english, persian or f"این مبدأ به کار نمی‌آید: {english}")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Rows of another table: `match` is its column -> the view's own table's column.

    `only` restricts them: column -> the words that count.
    """

    table: str
    match: Mapping[str, str]
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """How one canonical column comes about. `form` says which of the other fields count.

    column: the column itself, through `words`, `divide` or `zone`. key: a UUID made from it.
    constant: `constant`. absent: true where `column` is null. sum: of `column`, in all or `per`
    another value as a document. list: a document of `entries`, by `order`.
    """

    form: str
    column: str = ""
    words: Mapping[str, Word] = field(default_factory=dict)
    other: Word | None = None
    divide: int = 0
    zone: str = ""
    constant: Word | None = None
    per: Value | None = None
    entries: Mapping[str, Value] = field(default_factory=dict)
    order: str = ""
    elsewhere: Elsewhere | None = None

    @property
    def is_plain(self) -> bool:
        return self == Value("column", self.column)

    def columns(self, own: str) -> Iterator[tuple[str, str]]:
        """Yield every (table, column) that is read; `own` is the view's own table."""
        table = own
        if self.elsewhere is not None:
            table = self.elsewhere.table
            for theirs, ours in self.elsewhere.match.items():
                yield table, theirs
                yield own, ours
            for column in self.elsewhere.only:
                yield table, column
        inner = [*self.entries.values(), *([self.per] if self.per else [])]
        for name in (self.column, self.order, *(value.column for value in inner)):
            if name:
                yield table, name


@dataclass(frozen=True, slots=True)
class Translation:
    """A table of texts by language that gives one canonical column."""

    table: str
    key: str
    language: str
    text: str
    gives: str


@dataclass(frozen=True, slots=True)
class View:
    """One canonical view: its legacy table and how each canonical column comes about."""

    name: str
    table: str
    values: Mapping[str, Value]
    translation: Translation | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Canonical column -> legacy column, for those that are a column and nothing more."""
        return {name: value.column for name, value in self.values.items() if value.is_plain}

    def tables(self) -> set[str]:
        """Return every table that the view reads."""
        others = {v.elsewhere.table for v in self.values.values() if v.elsewhere is not None}
        return {self.table} | others | ({self.translation.table} if self.translation else set())


@dataclass(frozen=True, slots=True)
class Reverse:
    """How a source is written back: SQL statements over `back_*`, and what they do not hold."""

    statements: tuple[str, ...]
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A validated source. `text` is the file as read; it belongs to the plan's digest.

    `reverse`: as the file says it; None: made from the columns, where they are columns and no more.
    """

    name: str
    views: Mapping[str, View]
    text: str = field(repr=False)
    reverse: Reverse | None = None

    def tables(self) -> list[str]:
        """Return every legacy table that the source reads, in a stable order."""
        return sorted(set().union(*(view.tables() for view in self.views.values())))
