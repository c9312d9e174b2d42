"""Desks of a reservation after the sale: exchange, reseat, transfer. Each asks why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fullhouse.events.admin.money import amount_and_word
from fullhouse.events.admin.performance_forms import AllocationChoice
from fullhouse.events.admin.reservation_forms import SomeLines
from fullhouse.events.admin.seat_labels import seats_named
from fullhouse.events.models import (
    EventPerformance,
    LineStatus,
    Reservation,
    ReservationLine,
    SectionTicketType,
)
from fullhouse.events.services.exchange import Exchanged, exchange
from fullhouse.events.services.refund import RefundLine
from fullhouse.events.services.reseat import reseat
from fullhouse.events.services.reserve import Places, SeatRequest
from fullhouse.events.services.transfer import transfer
from fullhouse.language.fields import WholeNumberField
from fullhouse.language.writing import arrow, clock, day, filled, listed

OWN_KINDS = (Reservation.Kind.SALE, Reservation.Kind.COMP, Reservation.Kind.LEGACY)


def is_live(row: Reservation) -> bool:
    """Whether places are held or sold by it."""
    return row.status in (LineStatus.RESERVED, LineStatus.SOLD)


def is_own(row: Reservation) -> bool:
    """Whether somebody outside the house has live places by it."""
    return is_live(row) and row.kind in OWN_KINDS


class EveningChoice(AllocationChoice):
    """Allocations of several performances, named by performance too."""

    def label_from_instance(self, row: Any) -> str:
        evening = row.performance
        when = f"{day(evening.date)} {clock(evening.start_time)}"
        return f"{when} · {super().label_from_instance(row)}"


class ExchangeForm(SomeLines):
    """Lines go for other places, here or in another performance of the event."""

    applies = staticmethod(is_own)

    allocation = EveningChoice(SectionTicketType.objects.none(), label=_("Where"))
    quantity = WholeNumberField(
        label=_("Places without a seat"), min_value=0, initial=0, required=False
    )
    seats = forms.CharField(
        label=_("Seats"),
        required=False,
        help_text=_("Row and number, apart by commas: A-12, A-13"),
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        field = self.fields["allocation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = SectionTicketType.objects.filter(
            performance__event=row.performance.event_id,
            performance__status=EventPerformance.Status.ON_SALE,
        ).select_related("performance", "section", "ticket_type")

    def clean(self) -> dict[str, Any]:
        """Read the seats in the section of the allocation chosen."""
        data = super().clean() or {}
        if allocation := data.get("allocation"):
            try:
                data["seats"] = seats_named(
                    data.get("seats", ""), allocation.performance_id, allocation.section_id
                )
            except forms.ValidationError as error:
                self.add_error("seats", error)
                return data
            if not data["seats"] and not data.get("quantity"):
                raise forms.ValidationError(_("Name at least one place or seat."))
        return data

    def act(self, actor: str) -> str:
        data = self.cleaned_data
        where = data["allocation"]
        asked: list[Places | SeatRequest] = [SeatRequest(seat) for seat in data["seats"]]
        if data["quantity"]:
            asked.append(Places(data["quantity"], allocation_id=where.pk))
        return _told(
            exchange(
                performance_id=self.row.performance_id,
                reservation_id=self.row.pk,
                lines=[RefundLine(line) for line in self.chosen() or []] or None,
                requests=asked,
                to_performance_id=where.performance_id,
                actor=actor,
                reason=data["reason"],
            )
        )


def _told(done: Exchanged) -> str:
    amount, currency = amount_and_word(abs(done.difference), done.currency)
    money = {"reference": done.reference, "amount": amount, "currency": currency}
    if done.difference > 0:
        return filled(
            gettext("Exchanged (%(reference)s): %(amount)s %(currency)s to be paid."), money
        )
    if done.difference < 0:
        return filled(
            gettext("Exchanged (%(reference)s): %(amount)s %(currency)s to give back."), money
        )
    return filled(gettext("Exchanged (%(reference)s): nothing to pay."), money)


class ReseatForm(SomeLines):
    """Seats of a reservation for other seats, one each, in the order given."""

    applies = staticmethod(is_live)

    section = forms.ModelChoiceField(EventPerformance.objects.none(), label=_("Section"))
    seats = forms.CharField(
        label=_("New seats"),
        help_text=_("One for each line, in their order. Row and number: A-12, A-13"),
    )
    swap = forms.BooleanField(
        label=_("Swap with whoever sits there"),
        required=False,
        help_text=_("Those people get the seats that are given up."),
    )

    def __init__(self, row: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        section, lines = self.fields["section"], self.fields["lines"]
        assert isinstance(section, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(lines, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        section.queryset = row.performance.sections.all()
        lines.queryset = lines.queryset.filter(seat__isnull=False) if lines.queryset else None

    def clean(self) -> dict[str, Any]:
        """Pair the lines with the seats named."""
        data = super().clean() or {}
        if (section := data.get("section")) is None or "seats" not in data:
            return data
        lines = list(data.get("lines") or ()) or list(self.fields["lines"].queryset)  # type: ignore[attr-defined]
        try:
            seats = seats_named(data["seats"], self.row.performance_id, section.pk)
        except forms.ValidationError as error:
            self.add_error("seats", error)
            return data
        if len(seats) != len(lines):
            raise forms.ValidationError(
                _("%(lines)d seats are given up, %(seats)d new ones are named."),
                params={"lines": len(lines), "seats": len(seats)},
            )
        data["moves"] = {line.pk: seat for line, seat in zip(lines, seats, strict=True)}
        if data.get("swap"):
            freed = {seat: line.seat_id for line, seat in zip(lines, seats, strict=True)}
            sitting = ReservationLine.objects.filter(
                performance=self.row.performance_id,
                seat__in=seats,
                status__in=(LineStatus.RESERVED, LineStatus.SOLD),
            ).exclude(pk__in=data["moves"])
            data["moves"] |= {other.pk: freed[seat] for other in sitting if (seat := other.seat_id)}
        return data

    def act(self, actor: str) -> str:
        done = reseat(
            performance_id=self.row.performance_id,
            moves=self.cleaned_data["moves"],
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        ways = listed(f"{move.from_seat} {arrow()} {move.to_seat}" for move in done.moves)
        return filled(gettext("Moved: %s."), ways)


class TransferForm(SomeLines):
    """Lines, or all of it, to another customer."""

    applies = staticmethod(is_own)

    customer = forms.CharField(
        label=_("New customer"),
        max_length=255,
        help_text=_("The old customer's secret opens nothing any more."),
    )

    def act(self, actor: str) -> str:
        done = transfer(
            performance_id=self.row.performance_id,
            reservation_id=self.row.pk,
            customer=self.cleaned_data["customer"],
            lines=[RefundLine(line) for line in self.chosen() or []] or None,
            actor=actor,
            reason=self.cleaned_data["reason"],
        )
        return filled(
            gettext("%(places)d places go to the new customer as %(reference)s."),
            {
                "places": done.places,
                "reference": done.reference,
            },
        )
