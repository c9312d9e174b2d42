"""What a visitor may ask of the list of performances."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PerformanceFilter(forms.Form):
    """All fields are optional; what cannot be read is shown as an error and left out.

    Days are Gregorian in addresses, whichever calendar the reader sees, so that an address
    means the same in both languages. `month` is any day of the month that the calendar shows.
    """

    q = forms.CharField(
        label=_("Event, venue or city"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    free = forms.BooleanField(label=_("Only with free places"), required=False)
    on = forms.DateField(label=_("Date"), required=False, widget=forms.HiddenInput)
    month = forms.DateField(required=False, widget=forms.HiddenInput)
    all = forms.BooleanField(required=False, widget=forms.HiddenInput)
