"""Who may open which page of the console; a form sent after the session's end is not lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from fullhouse.web.staff import is_staff

View = TypeVar("View", bound=Callable[..., HttpResponse])

# What every group of the staff holds: seeing performances and their places.
SEE: Final = "events.view_eventperformance"


# A form that was sent without a session: kept in the visitor's new one until the sign-in.
_UNSENT: Final = "console.unsent"
_UNSENT_MOST: Final = 60_000  # characters
_UNSENT_FOR: Final = 3600  # seconds


def console_page(permission: str = SEE) -> Callable[[View], View]:
    """Guard a page: strangers get the login page, staff without the permission 403.

    Nothing of the console is kept in a cache: it names customers and reasons. Whose session has
    ended in the middle of a form finds it after the sign-in as it was, looked at and not done.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_staff(request):
                return _to_login(request)
            if not request.user.has_perm(permission):
                raise PermissionDenied
            _take_up(request)
            return view(request, *args, **kwargs)

        return cast(View, never_cache(page))

    return guard


def in_part(request: HttpRequest) -> bool:
    """Tell whether a page asks for a part of itself."""
    return request.headers.get("HX-Request") == "true"


def _to_login(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    if match and match.url_name == "picker":
        # It stands in a form: the page stays, so that what is typed there is sent and kept.
        return HttpResponse(gettext("You were signed out. Send the form: what you typed is kept."))
    part = in_part(request)
    page = _page_of(request) if part else request.get_full_path()
    if request.method == "POST" and len(sent := request.POST.urlencode()) <= _UNSENT_MOST:
        request.session[_UNSENT] = {"page": page, "sent": sent, "at": time.time()}
    if part:
        # The whole page goes to the login, not a part.
        login = reverse("admin:login")
        return HttpResponse(headers={"HX-Redirect": f"{login}?{urlencode({'next': page})}"})
    return redirect_to_login(page, reverse("admin:login"))


def _page_of(request: HttpRequest) -> str:
    """Return the address of the page that asks for a part of itself, without its host."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return parts._replace(scheme="", netloc="", fragment="").geturl() or reverse(
        "web:console:house"
    )


def _take_up(request: HttpRequest) -> None:
    """Let a form that was sent without a session be looked at, where it was sent to."""
    unsent = request.session.get(_UNSENT)
    if not unsent or request.method != "GET" or in_part(request):
        return
    if unsent["page"] != request.get_full_path():
        return
    del request.session[_UNSENT]
    if time.time() - unsent["at"] > _UNSENT_FOR:
        return
    sent = QueryDict(unsent["sent"], mutable=True)
    sent["step"] = "look"
    request.method, request.POST = "POST", sent  # type: ignore[assignment]
    messages.info(
        request,
        gettext("You had been signed out. What you typed is here again; nothing was done yet."),
    )
