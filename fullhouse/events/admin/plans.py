"""Seating plans: versions are read only; import makes the next one, export gives a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import ReadOnly, in_own_words
from fullhouse.events.domain.errors import CapacityError
from fullhouse.events.domain.plans import formats
from fullhouse.events.domain.plans.document import BYTES_MOST
from fullhouse.events.models import SeatingPlan, Venue
from fullhouse.events.services.plans import document_of, keep_plan
from fullhouse.language.writing import filled


class ImportForm(forms.Form):
    """A file and the name under which its plan is the next version."""

    name = forms.CharField(label=_("Name"), max_length=200)
    venue = forms.ModelChoiceField(Venue.objects.all(), label=_("Venue"), required=False)
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("by the file")), *((name, name) for name in formats.FORMATS)],
    )
    file = forms.FileField(label=_("File"), help_text=_("JSON of ours, JSON of pretix, or CSV"))

    def keep(self, actor: str) -> str | None:
        """Keep the plan and return what to tell; a mistake becomes an error of the form."""
        file, data = self.cleaned_data["file"], self.cleaned_data
        try:
            if file.size > BYTES_MOST:
                raise forms.ValidationError(_("The file is too large."))
            text = file.read().decode("utf-8-sig")
            chosen = data["format"] or formats.guessed(file.name, text)
            kept = keep_plan(
                plan=formats.read(text, chosen),
                name=data["name"],
                venue_id=data["venue"].pk if data["venue"] else None,
                source_format=chosen,
                actor=actor,
            )
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not UTF-8 text."))
        except forms.ValidationError as error:
            self.add_error("file", error)
        except CapacityError as error:
            self.add_error("file", in_own_words(error))
        else:
            return filled(
                gettext("%(plan)s: %(places)d places"),
                {
                    "plan": f"{kept.name} v{kept.version}",
                    "places": kept.places,
                },
            )
        return None


@admin.register(SeatingPlan)
class SeatingPlanAdmin(ReadOnly):
    list_display = ("name", "version", "seats", "places", "venue", "source_format", "created_at")
    list_select_related = ("venue",)
    list_filter = ("venue", "source_format")
    search_fields = ("name", "=digest")
    exclude = ("document",)
    change_list_template = "admin/fullhouse/plan_list.html"
    change_form_template = "admin/fullhouse/plan_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave the documents where they are: they are megabytes."""
        return super().get_queryset(request).defer("document")

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        """Put import and export before Django's own catch-all."""
        own: list[URLPattern | URLResolver] = [
            path(
                "import/",
                self.admin_site.admin_view(self.import_view),
                name="events_seatingplan_import",
            ),
            path(
                "<path:object_id>/export/<str:name>/",
                self.admin_site.admin_view(self.export_view),
                name="events_seatingplan_export",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        may = request.user.has_perm("events.add_seatingplan")
        context = {**(kwargs.pop("extra_context", None) or {}), "may_import": may}
        return super().changelist_view(request, *args, extra_context=context, **kwargs)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        exports = [
            (name, reverse("admin:events_seatingplan_export", args=[object_id, name]))
            for name in formats.FORMATS
        ]
        context = {**(extra_context or {}), "exports": exports}
        return super().change_view(request, object_id, form_url, context)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form; on POST keep the plan and go back to the list."""
        if not request.user.has_perm("events.add_seatingplan"):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        back = reverse("admin:events_seatingplan_changelist")
        if request.method == "POST" and form.is_valid():
            told = form.keep(request.user.get_username())
            if told is not None:
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a plan"),
            "opts": self.opts,
            "original": _("Import a plan"),
            "back": back,
            "form": form,
            "multipart": True,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/fullhouse/plan_import.html", context)

    def export_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Give the file; what its format cannot hold is told when the list is seen next."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kept = self.get_object(request, object_id)
        if kept is None or name not in formats.FORMATS:
            raise Http404
        try:
            text, lost = formats.write(document_of(kept), name)
        except CapacityError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:events_seatingplan_changelist"))
        for loss in lost:
            told = loss.told(get_language() or "en")
            self.message_user(request, f"{name}: {told}", messages.WARNING)
        kind = "text/csv" if name == "csv" else "application/json"
        file = f"plan-v{kept.version}-{name}{formats.FORMATS[name].ending}"
        return HttpResponse(
            text,
            content_type=f"{kind}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{file}"'},
        )
