"""Staff and their groups: changed with a reason; an account is switched off, never deleted."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.base import RefusalsAsMessages
from fullhouse.events.admin.reasons import ChangesWithReasons, DeletesWithReasons, ReasonForm
from fullhouse.events.staff_groups import LABELS

admin.site.unregister((User, Group))


_VERBS: Final = {
    "add": _("add"),
    "change": _("change"),
    "delete": _("delete"),
    "view": _("view"),
}


def _in_words(permission: Permission) -> str:
    """Return what a permission allows, in the reader's language; its own name is English."""
    verb = permission.codename.partition("_")[0]
    what = _VERBS.get(verb) or gettext(permission.name)
    return f"{permission.content_type.app_labeled_name} | {what}"


class ChoicesInWords(RefusalsAsMessages):
    """Groups and permissions are offered by what they mean."""

    # Django's double lists are without names for those who cannot see them.
    filter_horizontal = ()

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Permission:
            field.label_from_instance = _in_words
        elif db_field.related_model is Group:
            field.label_from_instance = lambda group: str(LABELS.get(group.name, group.name))
        return field


class UserForm(ReasonForm, UserChangeForm):  # type: ignore[type-arg]
    """An account, and why it is changed."""


@admin.register(User)
class StaffAdmin(ChoicesInWords, ChangesWithReasons, UserAdmin):  # type: ignore[type-arg]
    """The history of every row names accounts: one that is deleted would take it along."""

    form = UserForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        asked = obj is not None and self.has_change_permission(request, obj)
        return [*found, (None, {"fields": ("reason",)})] if asked else found

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Group)
class StaffGroupAdmin(ChoicesInWords, ChangesWithReasons, DeletesWithReasons, GroupAdmin):
    """What a group may do."""

    list_display = ("called",)

    @admin.display(description=_("name"), ordering="name")
    def called(self, group: Group) -> str:
        return str(LABELS.get(group.name, group.name))
