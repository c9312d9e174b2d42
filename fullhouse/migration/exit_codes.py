"""How a takeover command ends: exit codes, and the errors that carry them to a person.

A script reads the number, a person the message, in English and in Persian: what, where, and what
to do next. An error that is not one of these is a bug and ends with 1.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the number at the end means."""

    DONE = 0
    BUG = 1
    USAGE = 2
    REFUSED = 3  # a guard said no; nothing was changed
    MISMATCH = 4  # the two sides, or a backup and its source, differ
    RETRY = 5  # a budget ran out or the database failed: run it again
    BUSY = 6  # another runner has the lease
    UNDECIDED = 7  # questions are open
    STOPPED = 130  # by Ctrl-C or SIGTERM


class MigrationError(Exception):
    """An end that a person can act on. `facts` are for programs (JSON values)."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, english: str, persian: str, **facts: object) -> None:
        super().__init__(english)
        self.english = english
        self.persian = persian
        self.facts = facts


class UsageError(MigrationError):
    """The command was called with something that cannot be used."""

    exit_code = ExitCode.USAGE


class RefusedError(MigrationError):
    """A guard refused; nothing was changed."""

    exit_code = ExitCode.REFUSED


class MismatchError(MigrationError):
    """Two things that must be equal are not; the message names where."""

    exit_code = ExitCode.MISMATCH


class RetryError(MigrationError):
    """It did not work this time; the same command again goes on from where it stopped."""

    exit_code = ExitCode.RETRY


class BusyError(MigrationError):
    """Another runner has the run, or took it over."""

    exit_code = ExitCode.BUSY


class UndecidedError(MigrationError):
    """Contradictions wait for a decision; nothing was made in the new tables."""

    exit_code = ExitCode.UNDECIDED
