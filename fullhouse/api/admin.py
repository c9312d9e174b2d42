"""API keys for staff: made here, shown once, ended at once; never edited into another key."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.api.keys import create_key, revoke_key
from fullhouse.api.models import ApiKey, Scope
from fullhouse.events.admin.base import RefusalsAsMessages
from fullhouse.language.writing import filled


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Scopes as check boxes."""

    scopes = forms.MultipleChoiceField(
        label=_("scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "events", "requests_per_minute", "expires_at")

    def clean_expires_at(self) -> datetime.datetime | None:
        """Refuse a key that ends before it begins."""
        end: datetime.datetime | None = self.cleaned_data["expires_at"]
        if end is not None and end <= timezone.now():
            raise ValidationError(_("Must be in the future."), code="past")
        return end


@admin.register(ApiKey)
class ApiKeyAdmin(RefusalsAsMessages):
    """A key's secret is shown in the message after it was made, and nowhere else."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "scopes", "expires_at", "revoked_at", "last_used_at")
    search_fields = ("name", "prefix")
    autocomplete_fields = ("events",)
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        """Make the key through the one service that makes keys."""
        given = form.cleaned_data
        made, text = create_key(
            name=given["name"],
            scopes=given["scopes"],
            events=given["events"],
            expires_at=given["expires_at"],
            requests_per_minute=given["requests_per_minute"],
        )
        # What is told of the form's row belongs to the key that was made.
        obj.__dict__.update(made.__dict__)
        messages.warning(request, gettext("Keep this key now, it is shown once: %s") % text)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has kept the events too."""

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A key is ended and another made, so that what a key may do never changes silently."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """The ledger names keys: they are revoked, not deleted."""
        return False

    @admin.action(description=_("Revoke"), permissions=["add"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End the chosen keys at once."""
        for key in queryset:
            revoke_key(key)
        messages.success(request, filled(gettext("%d keys were revoked."), len(queryset)))
