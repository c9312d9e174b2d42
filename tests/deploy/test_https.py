"""Behind a proxy that speaks HTTPS: secure cookies, and forms that are accepted."""

import pytest

from .conftest import House

LOGIN = """
from django.contrib.auth.models import User
from django.test import Client

User.objects.create_superuser("proxied", password="a long enough word")
proxy = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": "tickets.example.org"}
client = Client(enforce_csrf_checks=True, **proxy)
page = client.get("/admin/login/")
assert page.status_code == 200, page.content
assert page.headers["Strict-Transport-Security"].startswith("max-age=")
assert client.cookies["csrftoken"]["secure"]
sent = {"username": "proxied", "password": "a long enough word",
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
answer = client.post("/admin/login/?next=/admin/", sent, HTTP_ORIGIN="https://tickets.example.org")
assert answer.status_code == 302, answer.content
assert client.cookies["sessionid"]["secure"]
print("logged in")
"""


@pytest.mark.usefixtures("db_committed")
def test_staff_log_in_through_the_proxy(deployed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULLHOUSE_HTTPS", "1")
    monkeypatch.setenv("FULLHOUSE_ALLOWED_HOSTS", "tickets.example.org")
    assert "logged in" in deployed.app.run("shell", "--no-imports", "--command", LOGIN)
