"""Forms that call the services: the only way from the console to the places.

A desk is one form at an address of one row (`.../change/` has a link to it). What a service
refuses becomes an error of the form, with its numbers, and nothing has moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import RefusalsAsMessages
from fullhouse.events.domain.errors import CapacityError, Conflict, InvalidRequest, Refusal
from fullhouse.events.domain.messages import codes, explain


class DeskForm(forms.Form):
    """Values for one service call about `row`, and why it is made."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=255,
        help_text=_("Kept in the ledger. Do not write personal data here."),
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)
        last = [name for name in ("seats", "reason") if name in self.fields]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def act(self, actor: str) -> str:
        """Call the service with the cleaned values; return what to tell. Raises CapacityError."""
        raise NotImplementedError

    def attempt(self, actor: str) -> str | None:
        """Act; a refusal becomes an error of this form and None is returned."""
        try:
            return self.act(actor)
        except Refusal as refusal:
            self.add_error(None, _explained(refusal))
        except InvalidRequest as invalid:
            field = invalid.argument if invalid.argument in self.fields else None
            self.add_error(field, str(invalid) if field is None else invalid.problem)
        except Conflict:
            self.add_error(None, _("Others are changing these places right now. Try again."))
        except CapacityError as error:
            self.add_error(None, str(error))
        except ValidationError as error:
            self.add_error(None, error)
        return None


def _explained(refusal: Refusal) -> str:
    if refusal.code not in codes():
        return str(refusal)
    return explain(refusal.code, refusal.facts, get_language() or "en")


@dataclass(frozen=True, slots=True)
class Desk:
    """A form and its place in the address; `applies` tells for which rows it is offered."""

    name: str
    label: str | Promise
    form: type[DeskForm]

    def applies(self, row: Any) -> bool:
        offered = getattr(self.form, "applies", None)
        return bool(offered(row)) if offered else True


class DeskAdmin(RefusalsAsMessages):
    """An admin whose change page leads to desks. They ask for the model's change permission."""

    desks: ClassVar[tuple[Desk, ...]] = ()
    change_form_template = "admin/fullhouse/change_form.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        """Put the desks before Django's own catch-all."""
        own: list[URLPattern | URLResolver] = [
            path(
                f"<path:object_id>/{desk.name}/",
                self.admin_site.admin_view(self.desk_view),
                {"name": desk.name},
                name=self._address(desk.name),
            )
            for desk in self.desks
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        offered = []
        if row is not None and self._may(request):
            offered = [
                {"label": desk.label, "url": self._url(desk, object_id)}
                for desk in self.desks
                if desk.applies(row)
            ]
        context = {**(extra_context or {}), "desks": offered}
        return super().change_view(request, object_id, form_url, context)

    def desk_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Show the form; on POST act and go back to the row."""
        desk = next(each for each in self.desks if each.name == name)
        if not self._may(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        form = desk.form(row, request.POST or None)
        if request.method == "POST" and form.is_valid():
            told = form.attempt(request.user.get_username())
            if told is not None:
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(self._back(object_id))
        context = {
            **self.admin_site.each_context(request),
            "title": desk.label,
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "back": self._back(object_id),
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/fullhouse/desk.html", context)

    def _may(self, request: HttpRequest) -> bool:
        needed = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return bool(request.user.has_perm(needed))

    def _address(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _url(self, desk: Desk, object_id: str) -> str:
        return reverse(f"admin:{self._address(desk.name)}", args=[object_id])

    def _back(self, object_id: str) -> str:
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(address, args=[object_id])
