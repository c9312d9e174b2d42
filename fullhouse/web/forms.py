"""What a visitor may ask of the list of performances."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PerformanceFilter(forms.Form):
    """All fields are optional; what cannot be read is shown as an error and left out."""

    q = forms.CharField(
        label=_("Event or venue"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    on = forms.DateField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    free = forms.BooleanField(label=_("Only with free places"), required=False)
