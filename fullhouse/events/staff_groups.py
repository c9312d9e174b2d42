"""Who of the staff may do what: four groups of Django, and the permissions that they hold.

Ask `user.has_perm(SELL)`, never for a group: a house may make groups of its own from the same
permissions. The four are made, and completed, after every `migrate`; what a house adds to them
stays. Superusers may do everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Hold, confirm, extend, release, exchange, move, transfer; offer to the waiting list.
SELL: Final = "events.sell"
# Pay sold places back.
REFUND: Final = "events.refund"
# Places that the house keeps or gives away: house, kills, comps, sales channels.
MANAGE_HOUSE: Final = "events.manage_house"
# Sections, sizes, seats, plans, sales rules; status and date of a performance; cancelling.
MANAGE_STRUCTURE: Final = "events.manage_structure"
# Recompute the whole house and see what does not add up; tell the story of a place.
AUDIT: Final = "events.audit"
# Set a counter right that the audit found wrong.
REPAIR: Final = "events.repair"
# The ledger, its notes, the house at a past instant.
READ_LEDGER: Final = "events.view_movement"
# Takeovers: their reports name bookings of real people.
READ_TAKEOVERS: Final = "capacity_migration.view_migrationrun"
# Decide about contradictions, and order a takeover on, over and back.
ORDER_TAKEOVERS: Final = "capacity_migration.change_migrationrun"

# What Django does not make by itself; (codename, name), on the performance.
OWN_PERMISSIONS: Final = (
    ("sell", "Can hold, sell, exchange and transfer places"),
    ("refund", "Can refund sold places"),
    ("manage_house", "Can keep places for the house and give them away"),
    ("manage_structure", "Can change sections, seats, plans and the state of performances"),
    ("audit", "Can audit the house"),
    ("repair", "Can repair what an audit found"),
)

BOX_OFFICE: Final = "box office"
MANAGER: Final = "manager"
AUDITOR: Final = "auditor"
OPERATOR: Final = "operator"
LABELS: Final[Mapping[str, str | Promise]] = {
    BOX_OFFICE: _("box office"),
    MANAGER: _("manager"),
    AUDITOR: _("auditor"),
    OPERATOR: _("operator"),
}

_SEEN_AT_THE_WINDOW: Final = (
    "venue",
    "event",
    "tickettype",
    "eventperformance",
    "eventsection",
    "sectiontickettype",
    "seat",
    "sectionalias",
    "reservation",
    "reservationline",
    "salesrule",
    "waitingentry",
)
_CATALOGUE: Final = ("venue", "event", "tickettype", "eventperformance")


def _each(verb: str, *models: str) -> tuple[str, ...]:
    return tuple(f"events.{verb}_{model}" for model in models)


# A star stands for every model of the app, those to come too.
_BOX_OFFICE: Final = (SELL, REFUND, *_each("view", *_SEEN_AT_THE_WINDOW))
_AUDITOR: Final = (
    AUDIT,
    "events.view_*",
    "capacity_migration.view_*",
    "announce.view_*",
    "api.view_*",
)
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    BOX_OFFICE: _BOX_OFFICE,
    MANAGER: (
        *_BOX_OFFICE,
        MANAGE_HOUSE,
        MANAGE_STRUCTURE,
        AUDIT,
        REPAIR,
        READ_TAKEOVERS,
        "events.view_*",
        *_each("add", *_CATALOGUE, "seatingplan"),
        *_each("change", *_CATALOGUE, "eventsection", "sectiontickettype", "seat"),
        *_each("delete", *_CATALOGUE),
    ),
    AUDITOR: _AUDITOR,
    # Who takes a database over is seldom who sells: the one does not follow from the other.
    OPERATOR: (*_AUDITOR, ORDER_TAKEOVERS),
}
_LABELS: Final = frozenset(each.split(".")[0] for held in GROUPS.values() for each in held)
_AUTH: Final = "django.contrib.auth"


def make_groups(
    sender: AppConfig | None = None, using: str = DEFAULT_DB_ALIAS, **_kwargs: Any
) -> None:
    """Make the groups and give them their permissions of the app that was just migrated.

    A receiver of `post_migrate`. Nothing is taken from a group. Where the host has no
    `django.contrib.auth` there is nothing to do.
    """
    if sender is None or sender.label not in _LABELS or not apps.is_installed(_AUTH):
        return
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # Django makes them too, but after this where `auth` stands behind `events` in a host's apps.
    create_permissions(sender, verbosity=0, using=using)
    rows = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    known = {f"{sender.label}.{each.codename}": each for each in rows}
    for name, permissions in GROUPS.items():
        wanted = [
            found for each, found in known.items() if any(fnmatchcase(each, p) for p in permissions)
        ]
        if wanted:
            group, _made = Group.objects.using(using).get_or_create(name=name)
            group.permissions.add(*wanted)
