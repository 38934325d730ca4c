"""The words of the table, looked up once per language: a row of the table only puts them in place."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from soa.models import Applicability, Effectiveness, Implementation, Reason


@dataclass(frozen=True, slots=True)
class Labels:
    """Every word a row prints; `%(code)s` and the like are filled in by the cell."""

    select: str
    group: str
    choices: Mapping[str, str]
    set: str
    edit_why: str
    why_missing: str
    add_why: str
    proposed: str
    change_status: str
    statuses: Mapping[str, str]
    effects: Mapping[str, str]
    reasons: Mapping[str, str]
    status_not_needed: str
    evidence: str
    evidence_not_needed: str
    due: str
    overdue: str
    none: str
    not_expected: str
    current: str
    draft: str


def labels() -> Labels:
    """Return the words in the reader's language."""
    return _labels(get_language())


@cache
def _labels(_language: str | None) -> Labels:
    return Labels(
        select=_("Select %(code)s"),
        group=_("%(code)s applicability"),
        choices={
            Applicability.UNDECIDED: _("Undecided"),
            Applicability.INCLUDED: _("Include"),
            Applicability.EXCLUDED: _("Exclude"),
        },
        set=_("Set"),
        edit_why=_("Edit why for %(code)s"),
        why_missing=_("Reason missing"),
        add_why=_("Add why"),
        proposed=_("Proposed by %(systems)s"),
        change_status=_("%(code)s implementation: %(status)s. Change"),
        statuses={degree: str(degree.label) for degree in Implementation},
        effects={effect: str(effect.label) for effect in Effectiveness},
        reasons={reason: str(reason.label) for reason in Reason},
        status_not_needed=_("Not needed"),
        evidence=_("%(code)s evidence:"),
        evidence_not_needed=_("not needed"),
        due=_("due %(days)s d"),
        overdue=_("overdue %(days)s d"),
        none=_("none"),
        not_expected=_("not expected"),
        current=_("current"),
        draft=_("Draft %(number)s"),
    )
