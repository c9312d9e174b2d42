"""Why a load or a sample ends without a result, in English and in Persian, with an exit code."""

from __future__ import annotations

from typing import ClassVar


class LegacyError(Exception):
    """A refusal that a person can act on; nothing was changed when it is raised."""

    exit_code: ClassVar[int]

    def __init__(self, english: str, persian: str) -> None:
        super().__init__(english)
        self.english = english
        self.persian = persian


class SchemaNameError(LegacyError):
    """The schema name cannot be used (usage)."""

    exit_code = 2


class SchemaRefusedError(LegacyError):
    """The target schema is there and may not be replaced (a guard)."""

    exit_code = 3


class FileRefusedError(LegacyError):
    """The file is structurally broken; `line` counts from 1."""

    exit_code = 4

    def __init__(self, line: int, english: str, persian: str) -> None:
        super().__init__(f"line {line}: {english}", f"سطر {line}: {persian}")
        self.line = line


class SchemaBusyError(LegacyError):
    """Another load holds the target schema at this moment."""

    exit_code = 6
