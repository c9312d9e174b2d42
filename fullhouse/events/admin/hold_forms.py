"""Desks of a hold: more time, some of it given back, its sale after the deadline."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.reservation_forms import SomeLines
from fullhouse.events.models import LineStatus, Reservation
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.extend import extend
from fullhouse.events.services.release import ReleaseLine, release
from fullhouse.language.fields import WholeNumberField
from fullhouse.language.writing import filled

BUYERS = (Reservation.Kind.SALE, Reservation.Kind.COMP, Reservation.Kind.LEGACY)


class ExtendForm(DeskForm):
    """A hold runs longer, at most to the performance's ceiling."""

    minutes = WholeNumberField(
        label=_("Minutes from now"), min_value=1, max_value=10_080, initial=15
    )

    @staticmethod
    def applies(row: Reservation) -> bool:
        return (
            row.status == LineStatus.RESERVED
            and row.expires_at is not None
            and row.kind in (*BUYERS, Reservation.Kind.OFFER)
        )

    def act(self, actor: str) -> str:
        done = extend(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            ttl_seconds=60 * self.cleaned_data["minutes"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        until = done.expires_at
        if done.capped:
            return filled(
                gettext("Extended until %s: longer no hold of this performance may run."), until
            )
        return filled(gettext("Extended until %s."), until)


class ReleaseForm(SomeLines):
    """A hold ends, whole or in part; its places are free again."""

    places = WholeNumberField(
        label=_("Places"),
        required=False,
        min_value=1,
        help_text=_("Of the one line chosen. Empty: all of them."),
    )

    @staticmethod
    def applies(row: Reservation) -> bool:
        return row.status == LineStatus.RESERVED and row.kind in BUYERS

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("places") and len(data.get("lines") or ()) != 1:
            self.add_error("places", _("Choose the one line that these places are of."))
        return data

    def act(self, actor: str) -> str:
        chosen = self.chosen()
        quantity = self.cleaned_data["places"]
        done = release(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            lines=None if chosen is None else [ReleaseLine(line, quantity) for line in chosen],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        if done.left:
            return filled(
                gettext("Released: %(places)d places are free again, %(left)d stay held."),
                {
                    "places": done.places,
                    "left": done.left,
                },
            )
        return filled(gettext("Released: %d places are free again."), done.places)


class ConfirmLateForm(DeskForm):
    """Money came after the deadline: the hold is sold if all its places can be had again."""

    @staticmethod
    def applies(row: Reservation) -> bool:
        late = row.status == LineStatus.EXPIRED or (
            row.status == LineStatus.RESERVED and row.expires_at is not None
        )
        return late and row.kind in BUYERS

    def act(self, actor: str) -> str:
        done = confirm(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            late=True,
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(gettext("Confirmed: %d places are sold."), done.places)
