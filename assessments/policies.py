"""Two people judge: who wrote an assessment does not decide on it, who scored a risk does not accept what remains.

Each policy answers with the reason why not, in words for the person at fault, or with nothing.
"""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.separation import Hands, apart, had_a_hand
from aims.vocabulary import Band
from assessments.models import Assessment, Risk
from assessments.permissions import may_accept, may_decide


def own_assessment(actor: Actor, assessment: Assessment, authors: Hands) -> str:
    """Why this approver may not decide on this assessment, given who wrote it."""
    if had_a_hand(actor, authors):
        return _("You wrote part of this assessment. Another approver has to decide.")
    if may_decide(actor, assessment) and not may_decide(apart(actor, authors), assessment):
        return _("You stand in for somebody who wrote part of this assessment. Another approver has to decide.")
    return ""


def own_scores(actor: Actor, risk: Risk, band: Band, writers: Hands) -> str:
    """Why this person may not accept what remains of this risk, given who scored it."""
    if had_a_hand(actor, writers):
        return _("You wrote the scores. Someone else has to accept what remains.")
    if may_accept(actor, risk, band) and not may_accept(apart(actor, writers), risk, band):
        return _("You stand in for somebody who wrote the scores. Someone else has to accept what remains.")
    return ""
