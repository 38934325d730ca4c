"""Two people end an incident: who did the corrective action does not close it.

The policy answers with the reason why not, in words for the person at fault, or with nothing.
"""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.separation import Hands, apart, had_a_hand
from incidents.models import Incident
from incidents.permissions import may_judge


def own_correction(actor: Actor, incident: Incident, correcting: Hands) -> str:
    """Why this person may not close this incident, given who corrected what caused it."""
    if had_a_hand(actor, correcting):
        return _("You did part of the corrective action. Somebody else has to close the incident.")
    if may_judge(actor, incident) and not may_judge(apart(actor, correcting), incident):
        return _("You stand in for somebody who did the corrective action. Somebody else has to close the incident.")
    return ""
