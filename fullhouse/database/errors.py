"""What can go wrong around the server, each with the way out in its message."""

from __future__ import annotations

from pathlib import Path


class ServerError(Exception):
    """The embedded server cannot do what was asked; the message says where and what to do."""


class DataDirectoryError(ServerError):
    """The data directory cannot be used by the account that the server runs as."""


class BinariesError(ServerError):
    """No PostgreSQL programs can be found, or the ones found cannot be used."""


class VersionMismatchError(ServerError):
    """The data directory was made by another major version of PostgreSQL."""


class ExternalDatabaseError(ServerError):
    """DATABASE_URL names the server to use, so there is no embedded one to manage."""


def explain(what: str, said: str, where: Path) -> ServerError:
    """Return an error with a program's own words in it, and the way out where they name one."""
    if "No space left on device" in said:
        what += (
            f": the disk that holds {where} is full. Free some space there, or set FULLHOUSE_DATA "
            "to a directory on another disk"
        )
    return ServerError(f"{what}.\n{said.strip()}")
