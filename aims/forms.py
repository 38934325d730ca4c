"""The form bases, at the place where rooms look for them, and the forms of the settings pages."""

from accounts.forms import AssayForm, AssayModelForm, ChipChoices, DayInput, SeenForm

__all__ = ["AssayForm", "AssayModelForm", "ChipChoices", "DayInput", "SeenForm"]
