"""Words that an assessment ticks: uses that cross a threshold, and what has it looked at again."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.triggers.kinds import TriggerKind

Words = tuple[tuple[str, str | Promise], ...]

# Uses in which a wrong or unfair result weighs so much that they need a reason to be accepted at all.
SENSITIVE_USES: Words = (
    ("denial", _("It decides on access to work, education, credit, housing, care or public help")),
    ("harm", _("A failure may kill or injure somebody, in body or mind")),
    ("rights", _("It touches freedoms and rights, such as a fair hearing, free speech or privacy at home")),
    ("vulnerable", _("It is aimed at children or at others who need special protection")),
    ("biometric", _("It recognises people or groups them by body, face, voice or feelings")),
    ("surveillance", _("It watches people at work or in public")),
    ("law", _("It is used in policing, justice, migration or elections")),
    ("restricted", _("A law or our own policy restricts or forbids uses like this")),
)

# What opens the question whether an assessment still holds.
TRIGGERS: Words = tuple(TriggerKind.choices)


def labels(words: Words, codes: Collection[str]) -> list[str]:
    """Return the words of the codes, in their order; a code that nobody knows any more stands for itself."""
    known = dict(words)
    return [str(label) for code, label in words if code in codes] + [code for code in codes if code not in known]
