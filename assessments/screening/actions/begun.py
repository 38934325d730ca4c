"""Go on from a screening to the assessment that it says is due."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from assessments.actions.clone import clone_edition
from assessments.actions.start import start_assessment
from assessments.models import Assessment, AssessmentState, Screening


@transaction.atomic
def begin_assessment(screening: Screening, *, actor: Actor) -> Assessment:
    """Begin the first assessment of its system, or a new edition of the one in force."""
    decided = Assessment.objects.filter(system=screening.system_id, state=AssessmentState.DECIDED).first()
    if decided is None:
        return start_assessment(screening.system, screening=screening, actor=actor)
    reason = _("%(code)s says that an assessment is due.") % {"code": screening.code}
    return clone_edition(decided, reason=reason, actor=actor)
