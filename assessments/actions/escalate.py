"""Take a risk to top management once it stands where the criteria escalate, and off their desk once it does not."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.acceptance import rule_of
from aims.hands import people_with
from assessments.bands import Level, judged
from assessments.models import Risk
from assessments.queries.authors import score_writers
from duties.actions import close_tasks, open_task

ESCALATED = "risk.settle"


def escalate(risk: Risk, actor: Actor) -> None:
    """Keep one task open for whoever may accept the level, while it is escalated, not accepted and on the register."""
    level = judged(risk.criteria, *risk.now)
    is_settled = risk.withdrawn_at is not None or risk.accepted_at is not None
    if level is None or is_settled or not risk.criteria.is_escalated(level.band):
        close_tasks(ESCALATED, risk.ref, actor=actor)
        return
    boss = _top(risk, level)
    title = _("Settle %(risk)s, which is %(band)s") % {"risk": risk, "band": level.label}
    address = reverse("assessments:risk", args=[risk.aims.slug, risk.code])
    open_task(ESCALATED, risk.ref, title, owner_id=boss.pk if boss else None, address=address)


def _top(risk: Risk, level: Level) -> User | None:
    """An approver who may accept the level and did not score it; where none may accept it, any who did not."""
    named = rule_of(risk.criteria, level.band).named
    people = people_with(Role.APPROVER, clock.now(), score_writers(risk))
    return next((person for person in people if not named or person.pseudonym in named), None)
