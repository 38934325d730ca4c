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
from assessments.models import Assessment
from assessments.permissions import may_start
from systems.models import AiSystem


class NotStartable(Refusal):
    """The system is being assessed, or has been: a new edition carries that on."""


@transaction.atomic
def start_assessment(system: AiSystem, *, actor: Actor, system_version: str = "") -> Assessment:
    """Open a draft on the newest criteria, which stay frozen on it; the actor becomes its author."""
    system = AiSystem.objects.select_for_update().get(pk=system.pk)
    require(may_start(actor, system), _("Assessing a system takes a compliance officer or the system's owner."))
    actor = actor.on_behalf_of(system.owner_id)
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
    )
    return made(row, STARTED, actor=actor)


def _next_code(time_zone: str) -> str:
    kind = f"IA-{clock.today(time_zone).year}"
    return f"{kind}-{next_number(kind):02d}"
