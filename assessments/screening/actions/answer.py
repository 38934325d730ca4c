"""Begin a screening and answer its questions."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.numbering import next_number
from assessments.actions.shared import NotOpen, NotWritable, changed, made
from assessments.models import Screening, ScreeningState
from assessments.permissions import may_screen
from assessments.screening.events import ANSWERED, BEGUN
from assessments.screening.questions import BY_CODE, EDITION, QUESTIONNAIRE, Said
from systems.lifecycle.stages import Stage
from systems.models import AiSystem

LONGEST_NOTE = 500
OPEN = (ScreeningState.DRAFT, ScreeningState.WAITING)


class NotScreenable(Refusal):
    """The system is being screened already, or is retired."""


@transaction.atomic
def begin_screening(system: AiSystem, *, actor: Actor) -> Screening:
    """Open the questionnaire for a system; what its record answers yes already is answered."""
    system = AiSystem.objects.select_for_update().get(pk=system.pk)
    require(may_screen(actor, system), _("Screening a system takes a compliance officer or the system's owner."))
    actor = actor.on_behalf_of(system.owner_id)
    if system.stage == Stage.RETIRED:
        raise NotScreenable(_("%(name)s is retired.") % {"name": system}, field="system")
    if other := Screening.objects.filter(system=system, state__in=OPEN).first():
        raise NotScreenable(_("%(code)s screens this system already.") % {"code": other.code}, field="system")
    kind = f"SCR-{clock.today(system.aims.time_zone).year}"
    known = [asked.code for asked in QUESTIONNAIRE if asked.known(system.record)]
    row = Screening(
        aims_id=system.aims_id,
        code=f"{kind}-{next_number(kind):02d}",
        system=system,
        system_version=system.model_version,
        edition=EDITION,
        answers={code: {"answer": str(Said.YES), "note": _("By the system's record")} for code in known},
        author_id=actor.user_id,
    )
    return made(row, BEGUN, actor=actor)


@transaction.atomic
def answer_screening(screening: Screening, *, answers: Mapping[str, Any], seen: int, actor: Actor) -> Screening:
    """Save answers by the codes of their questions; those that are not sent stay as they are."""
    row = answering(screening, actor)
    said = row.answers | {code: _sound(code, told) for code, told in answers.items()}
    said = {code: told for code, told in said.items() if told["answer"] or told["note"]}
    return changed(row, ANSWERED, seen=seen, actor=actor, answers=said)


def answering(screening: Screening, actor: Actor) -> Screening:
    """Return the locked screening, if this actor may answer it and it is being answered."""
    row = Screening.objects.select_for_update(of=("self",)).select_related("system").get(pk=screening.pk)
    require(may_screen(actor, row.system), _("Screening a system takes a compliance officer or the system's owner."))
    if row.state != ScreeningState.DRAFT:
        raise NotOpen(_("%(code)s is concluded. Begin a new screening instead.") % {"code": row.code})
    return row


def _sound(code: str, told: Any) -> dict[str, str]:
    if code not in BY_CODE:
        raise NotWritable(_("There is no question %(name)s.") % {"name": code}, field="answers")
    answer, note = str(told.get("answer") or ""), str(told.get("note") or "").strip()
    if answer and answer not in Said:
        raise NotWritable(_("Answer yes, no or not known."), field=code)
    if len(note) > LONGEST_NOTE:
        raise NotWritable(_("Use at most %(n)s characters.") % {"n": LONGEST_NOTE}, field=code)
    return {"answer": answer, "note": note}
