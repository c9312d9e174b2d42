"""Forms that call the services: the only way from the console to the places.

A desk is one form at an address of one row (`.../change/` has a link to it). What a service
refuses becomes an error of the form, with its numbers, and nothing has moved. A form that is sent
a second time (a double click, a lost connection) is answered as the first time, and done once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import RefusalsAsMessages, explained
from fullhouse.events.admin.problems import in_words
from fullhouse.events.domain.errors import CapacityError, Conflict, InvalidRequest, Refusal
from fullhouse.events.engine.failures import failure
from fullhouse.events.models import EventPerformance, Operation
from fullhouse.events.services.once import once
from fullhouse.language.writing import filled, is_persian

# What a form is sent with that says nothing of what is asked for.
_BESIDE = frozenset({"once", "step", "seen", "csrfmiddlewaretoken"})
USED = _(
    "This form was sent before with other values, and that was done. Open it anew to do this too."
)


class _NotValidError(Exception):
    """The form has errors: what was begun is undone."""


class OnceForm(forms.Form):
    """A form that is done once, however often it is sent.

    `once` names what is asked: new when the form is first shown, kept while its errors are mended.
    Without it (a script) each sending is one of its own. `repeated`: an earlier sending did it.
    """

    repeated = False
    once = forms.CharField(required=False, widget=forms.HiddenInput, initial=uuid4)

    @property
    def key(self) -> str | None:
        """The idempotency key of this sending; None: it is one of its own."""
        sent = self.data.get("once")
        return f"desk {uuid5(NAMESPACE_OID, sent)}" if sent else None

    @property
    def sent(self) -> dict[str, Any]:
        """The values as they were sent: what they mean may change by what was done."""
        data = self.data
        sent = data.lists() if isinstance(data, QueryDict) else data.items()
        return {name: values for name, values in sent if name not in _BESIDE}

    def told_of(self, done: dict[str, Any]) -> str:
        """Return what an answer of `once` tells, and note whether it is one given before."""
        told = str(done["told"])
        self.repeated = "replayed" in done
        return filled(gettext("Sent before, and done once: %s"), told) if self.repeated else told


class DeskForm(OnceForm):
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
        """Act if the form is valid, once for each `once`; return what to tell, None for errors.

        A refusal becomes an error of this form; nothing has moved then, and nothing is remembered.
        Locks: the sending's key, before those of the service.
        """
        try:
            return self._once(actor)
        except _NotValidError:
            pass
        except DatabaseError as error:  # a rule that speaks at the commit
            self._refuse(failure(error))
        except CapacityError as error:
            self._refuse(error)
        except ValidationError as error:
            self.add_error(None, error)
        return None

    def answered(self) -> bool:
        """Tell whether an earlier sending of this form was done."""
        key = self.key
        known = Operation.objects.filter(performance=self._performance_id, key=key)
        return key is not None and known.exists()

    def _once(self, actor: str) -> str:
        """Validate and act under the key: a form done before may no longer be valid.

        The key is the desk's own and is not handed to the service, which would remember refusals
        too: a form that is mended and sent again would be refused for having changed.
        """

        def act() -> dict[str, Any]:
            if not self.is_valid():
                raise _NotValidError
            return {"told": self.act(actor)}

        done = once(
            "desk",
            {"form": type(self).__name__, "row": self.row.pk, "by": actor, "sent": self.sent},
            act,
            idempotency_key=self.key,
            performance_id=self._performance_id,
        )
        return self.told_of(done)

    def _refuse(self, error: CapacityError) -> None:
        if isinstance(error, Refusal):
            used = error.code == "key_reused"
            self.add_error(None, USED if used else explained(error))
        elif isinstance(error, InvalidRequest):
            field = error.argument if error.argument in self.fields else None
            where = "" if field or is_persian() else f"{error.argument}: "
            self.add_error(field, f"{where}{in_words(error)}")
        elif isinstance(error, Conflict):
            self.add_error(None, _("Others are changing these places right now. Try again."))
        else:
            self.add_error(None, str(error))

    @property
    def _performance_id(self) -> UUID:
        row = self.row
        found: UUID = row.pk if isinstance(row, EventPerformance) else row.performance_id
        return found


@dataclass(frozen=True, slots=True)
class Desk:
    """A form and its place in the address; `applies` tells for which rows it is offered.

    `permission` is what it takes (staff_groups.py); empty: the permission to change the model.
    """

    name: str
    label: str | Promise
    form: type[DeskForm]
    permission: str = ""

    def applies(self, row: Any) -> bool:
        offered = getattr(self.form, "applies", None)
        return bool(offered(row)) if offered else True


class DeskAdmin(RefusalsAsMessages):
    """An admin whose change page leads to desks, each to who has its permission."""

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
        if row is not None:
            offered = [
                {"label": desk.label, "url": self._url(desk, object_id)}
                for desk in self.desks
                if self._may(request, desk) and desk.applies(row)
            ]
        context = {**(extra_context or {}), "desks": offered}
        return super().change_view(request, object_id, form_url, context)

    def desk_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Show the form; on POST act, keep it in the row's history and go back."""
        desk = next(each for each in self.desks if each.name == name)
        if not self._may(request, desk):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        form = desk.form(row, request.POST or None)
        if request.method == "POST":
            told = form.attempt(request.user.get_username())
            if told is not None:
                if not form.repeated:
                    why = form.cleaned_data["reason"]
                    self.log_change(request, row, f"{desk.label}: {why}")
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

    def _may(self, request: HttpRequest, desk: Desk) -> bool:
        needed = desk.permission or f"{self.opts.app_label}.change_{self.opts.model_name}"
        return self.has_view_permission(request) and bool(request.user.has_perm(needed))

    def _address(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _url(self, desk: Desk, object_id: str) -> str:
        return reverse(f"admin:{self._address(desk.name)}", args=[object_id])

    def _back(self, object_id: str) -> str:
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(address, args=[object_id])
