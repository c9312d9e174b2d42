"""What a person fills in at the migration console."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import connection
from django.utils.translation import gettext_lazy as _

from fullhouse.migration.kinds import KINDS
from fullhouse.migration.source.load import PRESETS, load


class OrderForm(forms.Form):
    """The words that confirm an order, typed in full."""

    words = forms.CharField(
        label=_("Type the words"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "dir": "auto"}
        ),
    )
    accept = forms.BooleanField(required=False)

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        if not expected:
            del self.fields["words"]

    def clean_words(self) -> str:
        """Return the words if they are the expected ones, blanks aside."""
        words = " ".join(self.cleaned_data["words"].split())
        if words != self.expected:
            raise forms.ValidationError(
                _("Type exactly: %(words)s"), params={"words": self.expected}
            )
        return words


class DecisionForm(forms.Form):
    """A kind of contradiction whose proposal is accepted, in one performance or in all.

    `*` is every kind that has open questions.
    """

    kind = forms.ChoiceField(choices=[(name, name) for name in ("*", *KINDS)])
    performance = forms.UUIDField(required=False)


class BeginForm(forms.Form):
    """Which legacy schema to plan a takeover of, and how its tables are read."""

    source = forms.ChoiceField(label=_("Source"))
    schema = forms.ChoiceField(label=_("Legacy schema"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = legacy_schemas()
        sides = zip(("source", "schema"), zip(*self.pairs, strict=True), strict=False)
        for name, values in sides:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(value, value) for value in dict.fromkeys(values)]

    def clean(self) -> dict[str, Any]:
        """Refuse a source whose tables are not in the schema."""
        cleaned: dict[str, Any] = super().clean() or {}
        asked = cleaned.get("source"), cleaned.get("schema")
        if all(asked) and asked not in self.pairs:
            raise forms.ValidationError(_("That schema has none of the tables of that source."))
        return cleaned


def legacy_schemas() -> list[tuple[str, str]]:
    """Return the presets and the schemas of this database that have all of their tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, array_agg(tablename::text) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema', current_schema())"
            " GROUP BY schemaname ORDER BY schemaname"
        )
        found = [(str(schema), set(tables)) for schema, tables in cursor.fetchall()]
    needed = {
        preset.stem: {view.table for view in load(preset.stem).views.values()}
        for preset in sorted(PRESETS.glob("*.toml"))
    }
    return [
        (source, schema)
        for schema, tables in found
        for source, wanted in needed.items()
        if wanted <= tables
    ]
