"""Endpoints and deliveries for staff. A secret is shown in a message once, and nowhere else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.announce import endpoints
from fullhouse.announce.addresses import check_url
from fullhouse.announce.kinds import Kind
from fullhouse.announce.models import Level, Relay, WebhookDelivery, WebhookEndpoint
from fullhouse.events.admin.base import ReadOnly, RefusalsAsMessages
from fullhouse.events.admin.reasons import ChangesWithReasons, DeletesWithReasons, ReasonForm
from fullhouse.events.admin.scale import known
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.language.writing import filled

BECAUSE_MOST = 200  # the column's


class EndpointForm(ReasonForm):
    """Types as check boxes; the address is checked as `webhooks add` checks it."""

    url = forms.URLField(label=_("address"), max_length=500, assume_scheme="https")
    event_types = forms.MultipleChoiceField(
        label=_("types of events"),
        choices=[(each.value, each.value) for each in Kind],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: all."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("url", "event_types", "events", "enabled")

    def clean_url(self) -> str:
        """Refuse an address that we do not send to."""
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except InvalidRequest as error:
            raise ValidationError(
                _("Must begin with https://, without a user or #fragment."), code="address"
            ) from error
        return url


@admin.register(WebhookEndpoint)
class EndpointAdmin(RefusalsAsMessages, ChangesWithReasons, DeletesWithReasons):
    """Made through the one service that makes endpoints."""

    form = EndpointForm
    list_display = ("url", "event_types", "enabled", "disabled_because", "created_at")
    autocomplete_fields = ("events",)
    actions = ("rotate", "send_test")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Tell of an endpoint what came to it; a new one has none of this yet."""
        return () if obj is None else ("disabled_because", "rotated_at", "created_at")

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool
    ) -> None:
        """Ask the service, and show the secret of a new endpoint."""
        given = form.cleaned_data
        asked = {name: given[name] for name in ("url", "event_types", "events")}
        if change:
            endpoints.change_endpoint(
                obj, **asked, enabled=given["enabled"], because=given["reason"][:BECAUSE_MOST]
            )
            return
        made, secret = endpoints.add_endpoint(
            asked.pop("url"), **asked, enabled=given["enabled"], because=gettext("By staff.")
        )
        # What is told of the form's row belongs to the endpoint that was made.
        obj.__dict__.update(made.__dict__)
        _show(request, secret)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has kept the events too."""

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        endpoints.remove_endpoint(obj)

    @admin.action(description=_("Give a new secret"), permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Give the chosen endpoints new secrets; for a day both sign."""
        for endpoint in queryset:
            _show(request, f"{endpoint.url}: {endpoints.rotate(endpoint)}")

    @admin.action(description=_("Send a test message"), permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Send a test message to the chosen endpoints."""
        for endpoint in queryset:
            answer = endpoints.send_test(endpoint)
            tell = messages.success if answer.accepted else messages.error
            tell(request, f"{endpoint.url}: {answer.told}")


@admin.register(WebhookDelivery)
class DeliveryAdmin(RefusalsAsMessages):
    """What was sent, to look at; what has ended can be sent again."""

    list_display = ("id", "kind", "endpoint", "status", "attempts", "last_answer", "created_at")
    list_filter = (
        "status",
        known("kind", _("type"), lambda: [(each.value, each.value) for each in Kind]),
        "endpoint",
    )
    list_select_related = ("endpoint",)
    search_fields = ("message_id",)
    search_help_text = _("A message's whole id.")
    sortable_by = ()
    actions = ("replay",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        """Leave the bodies where they are until one is looked at."""
        return super().get_queryset(request).defer("body")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Ask the index of each endpoint's messages."""
        if not search_term.strip():
            return queryset, False
        receivers = WebhookEndpoint.objects.order_by().values("pk")
        found = queryset.filter(endpoint__in=receivers, message_id=search_term.strip())
        return found, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The relay writes deliveries."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was signed and sent stays as it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The worker takes old ones away."""
        return False

    @admin.action(description=_("Send again"))
    def replay(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        """Send the chosen deliveries again if they have ended."""
        if not request.user.has_perm("announce.change_webhookendpoint"):
            messages.error(request, gettext("You may look at deliveries, not send them."))
            return
        count = endpoints.replay(delivery_ids=list(queryset.values_list("pk", flat=True)))
        messages.success(request, filled(gettext("%d messages go out again."), count))


@admin.register(Relay)
class RelayAdmin(ReadOnly):
    list_display = ("read_at", "server", "floor_at")


@admin.register(Level)
class LevelAdmin(ReadOnly):
    list_display = ("performance_id", "level")
    ordering = ("pk",)


def _show(request: HttpRequest, secret: str) -> None:
    messages.warning(request, gettext("Keep this secret now, it is shown once: %s") % secret)
