"""Change the texts of an assessment."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from assessments.actions.shared import Named, NotWritable, changed, opened
from assessments.events import EDITED
from assessments.models import Assessment
from assessments.sections.vocabulary import SENSITIVE_USES, TRIGGERS, Words


class Texts(TypedDict, total=False):
    """What can be written about the system and its use."""

    system_version: str
    intended_use: str
    foreseeable_misuse: str
    oversight: str
    benefits: str
    jurisdictions: list[str]
    sensitive_uses: list[str]
    triggers: list[str]
    publication: str
    next_review_on: date | None


@transaction.atomic
def edit_assessment(assessment: Assessment | Named, *, seen: int, actor: Actor, **texts: Unpack[Texts]) -> Assessment:
    """Save the texts that differ."""
    row = opened(assessment, actor)
    if "jurisdictions" in texts:
        texts["jurisdictions"] = [place.strip() for place in texts["jurisdictions"] if place.strip()]
    _refuse_unknown("sensitive_uses", texts.get("sensitive_uses", []), SENSITIVE_USES)
    _refuse_unknown("triggers", texts.get("triggers", []), TRIGGERS)
    return changed(row, EDITED, seen=seen, actor=actor, **texts)


def _refuse_unknown(name: str, codes: list[str], words: Words) -> None:
    if unknown := set(codes) - set(dict(words)):
        raise NotWritable(_("Choose among the listed ones; %(code)s is none.") % {"code": min(unknown)}, field=name)
