"""The demo's member of staff: made once, with a random password that stays the same."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.contrib.auth import get_user_model

from fullhouse.site.secret_key import key_file

USERNAME = "demo"
# 16 letters and digits: about 95 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 16


def password_file() -> Path:
    """Where the password is kept: beside the signing key, readable by its owner only."""
    return key_file().with_name("demo_password")


def kept_password() -> str:
    """Return the password from its file, made at the first call."""
    path = password_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)))
        # Whole or not at all, and the first of two that make it at once wins.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii")


def ensure_demo_user() -> str:
    """Make the user, or give it the kept password again, and return the password."""
    password = kept_password()
    users = get_user_model()
    user = users._default_manager.filter(username=USERNAME).first()
    if user is None:
        users._default_manager.create_superuser(USERNAME, password=password)
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return password
