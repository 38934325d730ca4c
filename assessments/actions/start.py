"""Begin an impact assessment of an AI system (6.1.4)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.numbering import next_number
from aims.queries import current_criteria
from assessments.actions.shared import made
from assessments.events import STARTED
from assessments.models import Assessment, Screening, ScreeningState
from assessments.permissions import may_start
from assessments.sections.actions.answer import prefill_answers
from systems.lifecycle.stages import Stage
from systems.models import AiSystem


class NotStartable(Refusal):
    """The system is being assessed, or has been: a new edition carries that on."""


@transaction.atomic
def start_assessment(
    system: AiSystem, *, actor: Actor, system_version: str = "", screening: Screening | None = None
) -> Assessment:
    """Open a draft on the newest criteria, which stay frozen on it; the actor becomes its author.

    The screening that led to it sets its depth; what the register knows is written into its sections.
    """
    system = AiSystem.objects.select_for_update().get(pk=system.pk)
    require(may_start(actor, system), _("Assessing a system takes a compliance officer or the system's owner."))
    actor = actor.on_behalf_of(system.owner_id)
    if screening is not None and (screening.state, screening.system_id) != (ScreeningState.DUE, system.pk):
        raise NotStartable(_("%(code)s does not say that this system is due.") % {"code": screening.code})
    if system.stage == Stage.RETIRED:
        raise NotStartable(_("%(name)s is retired.") % {"name": system}, field="system")
    if earlier := Assessment.objects.filter(system=system).order_by("-pk").first():
        raise NotStartable(
            _("%(code)s assesses this system already. Open it, or start a new edition of it.") % {"code": earlier.code},
            field="system",
        )
    row = Assessment(
        aims_id=system.aims_id,
        code=_next_code(system.aims.time_zone),
        system=system,
        system_version=system_version or system.model_version,
        criteria=current_criteria(),
        author_id=actor.user_id,
        jurisdictions=list(system.aims.jurisdictions),
        screening=screening,
        depth=screening.outcome if screening else "",
        foreseeable_misuse="\n".join(system.record.get("classification", {}).get("misuse") or []),
    )
    row = made(row, STARTED, actor=actor)
    prefill_answers(row, actor=actor, reason=_("Taken from the system's record."))
    return row


def _next_code(time_zone: str) -> str:
    kind = f"IA-{clock.today(time_zone).year}"
    return f"{kind}-{next_number(kind):02d}"
