"""Desks of the waiting list: offer in turn or out of it, pass over, withdraw, sell an offer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.models import WaitingEntry
from fullhouse.events.services.waiting_list import skip_waiting, withdraw_waiting
from fullhouse.events.services.waiting_offers import Offered, offer_waiting, take_offer
from fullhouse.language.writing import filled

Status = WaitingEntry.Status


def _told(offered: Offered) -> str:
    return filled(
        gettext("Offered %(places)d places until %(until)s: %(reference)s"),
        {
            "places": offered.quantity,
            "until": offered.expires_at,
            "reference": offered.reference,
        },
    )


class OfferNextForm(DeskForm):
    """Free places are offered to the next whom they suffice."""

    def act(self, actor: str) -> str:
        return _told(
            offer_waiting(
                performance_id=self.row.pk, actor=actor, reason=self.cleaned_data["reason"]
            )
        )


class OfferForm(DeskForm):
    """Free places are offered to this entry, out of turn; the reason is noted."""

    @staticmethod
    def applies(row: WaitingEntry) -> bool:
        return row.status in (Status.WAITING, Status.SKIPPED)

    def act(self, actor: str) -> str:
        return _told(
            offer_waiting(
                performance_id=self.row.performance_id,
                entry_id=self.row.pk,
                actor=actor,
                reason=self.cleaned_data["reason"],
            )
        )


class SkipForm(DeskForm):
    """This entry is offered nothing until it is let back."""

    skip = True

    @staticmethod
    def applies(row: WaitingEntry) -> bool:
        return row.status == Status.WAITING

    def act(self, actor: str) -> str:
        skip_waiting(
            performance_id=self.row.performance_id,
            entry_id=self.row.pk,
            skip=self.skip,
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return gettext("Passed over.") if self.skip else gettext("Back in line, at its place.")


class LetBackForm(SkipForm):
    """The entry waits again, at the place that it had."""

    skip = False

    @staticmethod
    def applies(row: WaitingEntry) -> bool:
        return row.status == Status.SKIPPED


class WithdrawForm(DeskForm):
    """The entry leaves the list; what it was offered goes to the next."""

    erase = forms.BooleanField(
        label=_("Erase customer and contact"),
        required=False,
        help_text=_("This cannot be undone. A sale that was made keeps its own customer."),
    )

    @staticmethod
    def applies(row: WaitingEntry) -> bool:
        live = row.status in (Status.WAITING, Status.SKIPPED, Status.OFFERED)
        return live or bool(row.customer or row.contact)

    def act(self, actor: str) -> str:
        done = withdraw_waiting(
            performance_id=self.row.performance_id,
            entry_id=self.row.pk,
            erase=self.cleaned_data["erase"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("Withdrawn: %d places go to the next."), done.places)


class TakeOfferForm(DeskForm):
    """The party has accepted and paid: the offer becomes its sale."""

    @staticmethod
    def applies(row: WaitingEntry) -> bool:
        return row.status == Status.OFFERED

    def act(self, actor: str) -> str:
        taken = take_offer(
            performance_id=self.row.performance_id,
            entry_id=self.row.pk,
            sold=True,
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(
            gettext("Sold: %(places)d places, %(reference)s"),
            {
                "places": taken.quantity,
                "reference": taken.reference,
            },
        )
