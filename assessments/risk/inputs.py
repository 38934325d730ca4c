"""A line with shipped terms to choose from."""

from typing import Any

from django import forms

from assessments.risk.terms import term_label


class TermInput(forms.TextInput):
    """A line for a source or an objective: the page offers the shipped ones, own words are taken too."""

    def __init__(self, kind: str) -> None:
        super().__init__(attrs={"list": f"{kind}-list", "autocomplete": "off"})
        self.kind = kind

    def format_value(self, value: Any) -> str:
        """Show labels, never codes."""
        return term_label(self.kind, value or "")
