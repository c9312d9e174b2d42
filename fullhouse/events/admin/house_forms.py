"""Desks of the house: keep places or give them away, amend what is kept, pass it on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.performance_forms import PlacesForm
from fullhouse.events.admin.reservation_forms import GIVEN_BACK, SomeLines
from fullhouse.events.models import LineStatus, Reservation
from fullhouse.events.services.amend_house import amend_house
from fullhouse.events.services.comp import comp
from fullhouse.events.services.hand_over import PassedLine, hand_over
from fullhouse.events.services.house import house
from fullhouse.language.fields import MomentField
from fullhouse.language.writing import filled

Kind = Reservation.Kind


def _release_at() -> MomentField:
    return MomentField(
        label=_("Released by itself at"),
        required=False,
        help_text=_("From then on buyers may have these places. Empty: until they are given back."),
    )


def _owner() -> forms.CharField:
    return forms.CharField(
        label=_("For whom"),
        required=False,
        max_length=100,
        help_text=_("A department or a purpose, not a person."),
    )


class HouseForm(PlacesForm):
    """Keep places for somebody, or off sale."""

    kind = forms.ChoiceField(
        label=_("kind"),
        choices=[(Kind.HOUSE, Kind.HOUSE.label), (Kind.KILL, Kind.KILL.label)],
        initial=Kind.HOUSE,
        required=False,
    )
    owner = _owner()
    release_at = _release_at()

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        kind: Any = data["kind"] or Kind.HOUSE.value
        kept = house(
            performance_id=self.row.pk,
            **self.places(),
            kind=kind,
            owner=data["owner"],
            release_at=data["release_at"],
            actor=actor,
            reason=data["reason"],
        )
        return filled(
            gettext("%(places)d places are kept by the house: %(reference)s"),
            {
                "places": kept.quantity,
                "reference": kept.reference,
            },
        )


class CompForm(PlacesForm):
    """Give free places away."""

    recipient = forms.CharField(label=_("Recipient"), required=False, max_length=255)

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        given = comp(
            performance_id=self.row.pk,
            **self.places(),
            recipient=data["recipient"],
            actor=actor,
            reason=data["reason"],
        )
        return filled(
            gettext("%(places)d places are given away: %(reference)s"),
            {
                "places": given.quantity,
                "reference": given.reference,
            },
        )


class AmendForm(DeskForm):
    """For whom, why and until when places are set aside."""

    owner = _owner()
    purpose = forms.CharField(label=_("Kept because of"), max_length=255)
    release_at = _release_at()

    @staticmethod
    def applies(row: Reservation) -> bool:
        return row.status == LineStatus.RESERVED and row.kind in GIVEN_BACK

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        now = {"owner": row.owner, "purpose": row.reason, "release_at": row.expires_at}
        super().__init__(row, *args, initial=now, **kwargs)

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        amend_house(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            owner=data["owner"],
            purpose=data["purpose"],
            release_at=data["release_at"],
            actor=actor,
            reason=data["reason"],
        )
        return gettext("Amended; the note keeps what it was before.")


class HandOverForm(SomeLines):
    """Pass places on in one step; nobody else can have them between."""

    ending = forms.ChoiceField(
        label=_("They become"),
        choices=[
            ("sold", _("sold now")),
            ("held", _("held for ten minutes")),
            ("comp", _("complimentary, given now")),
            ("house", _("kept by the house")),
            ("kill", _("not for sale")),
        ],
    )
    customer = forms.CharField(label=_("customer"), required=False, max_length=255)
    owner = _owner()
    release_at = _release_at()

    @staticmethod
    def applies(row: Reservation) -> bool:
        return row.status == LineStatus.RESERVED and row.kind != Kind.OFFER

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        ending: str = data["ending"]
        kinds: dict[str, Any] = {"sold": "sale", "held": "sale"}
        chosen = self.chosen()
        passed = hand_over(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            kind=kinds.get(ending, ending),
            lines=None if chosen is None else [PassedLine(line) for line in chosen],
            sold=ending in ("sold", "comp"),
            ttl_seconds=600 if ending == "held" else None,
            release_at=data["release_at"],
            customer=data["customer"],
            owner=data["owner"],
            actor=actor,
            reason=data["reason"],
        )
        return filled(
            gettext("%(places)d places passed on: %(reference)s"),
            {
                "places": passed.quantity,
                "reference": passed.reference,
            },
        )
