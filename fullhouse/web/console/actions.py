"""What staff may do, by what it is done to: the forms of `events/admin`, each with its permission.

Nothing acts here: an action is a form, and a form calls a service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.after_sale_forms import ExchangeForm, ReseatForm, TransferForm
from fullhouse.events.admin.cancel_forms import CancelForm, PostponeForm, ResumeForm
from fullhouse.events.admin.capacity_forms import (
    ReallocateForm,
    ResizeAllocationForm,
    ResizeSectionForm,
)
from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.hold_forms import ConfirmLateForm, ExtendForm, ReleaseForm
from fullhouse.events.admin.house_forms import AmendForm, CompForm, HandOverForm
from fullhouse.events.admin.performance_forms import ExpireForm
from fullhouse.events.admin.reservation_forms import ConfirmForm, GiveBackForm
from fullhouse.events.admin.seat_choice_forms import BestSeatsForm
from fullhouse.events.admin.sharing_forms import (
    ChannelForm,
    ChannelTimeForm,
    ReleaseChannelForm,
    RuleForm,
)
from fullhouse.events.admin.waiting_forms import OfferNextForm
from fullhouse.events.models import EventPerformance, EventSection, Reservation, SectionTicketType
from fullhouse.events.staff_groups import MANAGE_HOUSE, MANAGE_STRUCTURE, REFUND, SELL
from fullhouse.web.console.action_forms import (
    ChangePlanForm,
    HouseForm,
    KillForm,
    PartialRefundForm,
)

Subject = Literal["performance", "section", "allocation", "reservation"]
MODELS: Final[dict[str, Any]] = {
    "performance": EventPerformance,
    "section": EventSection,
    "allocation": SectionTicketType,
    "reservation": Reservation,
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that staff do. `grave` ones end what buyers have, and look like it."""

    subject: Subject
    name: str
    label: Promise
    form: type[DeskForm]
    permission: str
    grave: bool = False

    def applies(self, row: Any) -> bool:
        """Whether it can be done to this row; the form knows."""
        asked = getattr(self.form, "applies", None)
        return bool(asked(row)) if asked and row is not None else True


_STRUCTURE, _HOUSE = MANAGE_STRUCTURE, MANAGE_HOUSE
ACTIONS: Final = (
    Action("performance", "hold", _("Hold best seats"), BestSeatsForm, SELL),
    Action("performance", "offer", _("Offer to the waiting list"), OfferNextForm, SELL),
    Action("performance", "house", _("Keep for the house"), HouseForm, _HOUSE),
    Action("performance", "kill", _("Take off sale"), KillForm, _HOUSE),
    Action("performance", "comp", _("Give places away"), CompForm, _HOUSE),
    Action("performance", "channel", _("Allot to a channel"), ChannelForm, _HOUSE),
    Action("performance", "release-channel", _("Release a channel"), ReleaseChannelForm, _HOUSE),
    Action("performance", "rule", _("Limits and sales window"), RuleForm, _STRUCTURE),
    Action("performance", "plan", _("Change the plan"), ChangePlanForm, _STRUCTURE),
    Action("performance", "expire", _("End overdue holds"), ExpireForm, SELL),
    Action("performance", "postpone", _("Postpone"), PostponeForm, _STRUCTURE),
    Action("performance", "resume", _("Put on sale again"), ResumeForm, _STRUCTURE),
    Action("performance", "cancel", _("Cancel the performance"), CancelForm, _STRUCTURE, True),
    Action("section", "resize", _("Resize"), ResizeSectionForm, _STRUCTURE),
    Action("allocation", "resize", _("Resize"), ResizeAllocationForm, _STRUCTURE),
    Action("allocation", "move", _("Move places"), ReallocateForm, _STRUCTURE),
    Action("reservation", "confirm", _("Confirm the sale"), ConfirmForm, SELL),
    Action("reservation", "extend", _("Give more time"), ExtendForm, SELL),
    Action("reservation", "release", _("Release the hold"), ReleaseForm, SELL),
    Action("reservation", "late", _("Confirm after the deadline"), ConfirmLateForm, SELL),
    Action("reservation", "exchange", _("Exchange"), ExchangeForm, SELL),
    Action("reservation", "reseat", _("Move to other seats"), ReseatForm, SELL),
    Action("reservation", "transfer", _("Transfer to another customer"), TransferForm, SELL),
    Action("reservation", "hand-over", _("Pass places on"), HandOverForm, _HOUSE),
    Action("reservation", "amend", _("Amend what is kept"), AmendForm, _HOUSE),
    Action("reservation", "release-time", _("Change the release time"), ChannelTimeForm, _HOUSE),
    Action("reservation", "give-back", _("Give places back"), GiveBackForm, _HOUSE),
    Action("reservation", "refund", _("Refund"), PartialRefundForm, REFUND, True),
)


def offered(
    user: AbstractBaseUser | AnonymousUser, subject: Subject, row: Any
) -> tuple[Action, ...]:
    """Return what this user may do to this row (None: to any of its kind)."""
    return tuple(
        one
        for one in ACTIONS
        if one.subject == subject and user.has_perm(one.permission) and one.applies(row)  # type: ignore[union-attr]
    )


def action_named(subject: str, name: str) -> Action | None:
    """Return the action at that address, None where there is none."""
    return next((one for one in ACTIONS if (one.subject, one.name) == (subject, name)), None)
