"""The signing key: given by the environment, else made once and kept privately.

A key in the source would be the same for everyone who forgets to change it; a key made at
each start would log everybody out. So: a file that only its owner can read.
"""

import os
import secrets
from pathlib import Path


def key_file() -> Path:
    """Where the made key is kept: the user's own configuration folder."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "fullhouse" / "secret_key"


def secret_key() -> str:
    """Return the key from `FULLHOUSE_SECRET_KEY`, else from the key file, made if missing.

    Two processes that make it at once end with the same key: the file is linked into place
    whole, and the one that comes second reads the first one's.
    """
    given = os.environ.get("FULLHOUSE_SECRET_KEY")
    if given:
        return given
    path = key_file()
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        return _make(path)


def _make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")
