"""What people write of policies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, SeenForm
from policies.ports import subjects

MOST = 256 * 1024
FIRST = """# METADATA
# title: Endpoints are ours
# description: A system in production answers under our own name.
# custom:
#   controls: [A.6.2.5]
#   due_from: deployment
package own.endpoint

deny contains msg if {
	not endswith(object.get(input.deployment, "endpoint", ""), ".example.org")
	msg := "deployment.endpoint is not one of ours"
}
"""


class TextForm(AssayForm):
    """The text of a policy, and a system to try it on."""

    text = forms.CharField(
        label=_("Policy in Rego"),
        max_length=MOST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "data-code": "rego", "spellcheck": "false", "wrap": "off"}),
        help_text=_("Rego v1. deny gives messages; data.assay.today is the day it is judged on."),
        error_messages={"required": _("Write the policy.")},
    )
    note = forms.CharField(label=_("What is different, and why"), required=False, max_length=2_000)
    system = forms.ChoiceField(label=_("Try it on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holder = subjects()
        field = self.fields["system"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (narrowed for the type checker)
        field.choices = [("", _("Choose a system")), *(holder.choices() if holder else ())]


class NewForm(TextForm):
    """A policy of one's own."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Small letters, such as vendor_region; it stays")
    )
    field_order = ("name", "text", "note", "system")


class ReviseForm(TextForm, SeenForm):
    """A new version of a policy."""


class SwitchForm(SeenForm):
    """Why a policy is switched."""

    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
        error_messages={"required": _("Say why, for whoever asks what systems were judged by.")},
    )
