"""The demo's member of staff has one password, made once and kept privately."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User

from fullhouse.web.demo.account import ensure_demo_user, kept_password, password_file


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_whoever_comes_first_decides_and_all_read_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = {future.result() for future in [pool.submit(kept_password) for _ in range(32)]}
    assert len(made) == 1
    assert len(made.pop()) == 16
    assert stat.S_IMODE(password_file().stat().st_mode) == 0o600
    assert [path.name for path in password_file().parent.iterdir()] == ["demo_password"]


def test_the_user_can_sign_in_with_it_also_after_a_change(db: None) -> None:
    password = ensure_demo_user()
    user = authenticate(username="demo", password=password)
    assert isinstance(user, User)
    assert user.is_superuser
    user.set_password("changed in the console")
    user.save()
    assert ensure_demo_user() == password
    assert authenticate(username="demo", password=password) is not None
    assert User.objects.filter(username="demo").count() == 1
