"""Who may open which page of the console."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from fullhouse.web.staff import is_staff

View = TypeVar("View", bound=Callable[..., HttpResponse])

# What every group of the staff holds: seeing performances and their places.
SEE: Final = "events.view_eventperformance"


def console_page(permission: str = SEE) -> Callable[[View], View]:
    """Guard a page: strangers get the login page, staff without the permission 403.

    Nothing of the console is kept in a cache: it names customers and reasons.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_staff(request):
                return _to_login(request)
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View, never_cache(page))

    return guard


def in_part(request: HttpRequest) -> bool:
    """Tell whether a page asks for a part of itself."""
    return request.headers.get("HX-Request") == "true"


def _to_login(request: HttpRequest) -> HttpResponse:
    login = reverse("admin:login")
    if in_part(request):
        # The session ended under an open page: the whole page goes to the login, not a part.
        return HttpResponse(headers={"HX-Redirect": login})
    return redirect_to_login(request.get_full_path(), login)
