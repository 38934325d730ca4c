"""Two people judge: who made, opened, tested or waived a change does not decide on it."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.separation import Hands, apart, had_a_hand
from changes.models import ChangeRecord
from changes.permissions import may_decide


def own_change(actor: Actor, change: ChangeRecord, authors: Hands) -> str:
    """Why this person may not decide on this change, given who had a hand in it."""
    if had_a_hand(actor, authors):
        return _("You had a hand in this change. Somebody else has to decide.")
    if may_decide(actor, change) and not may_decide(apart(actor, authors), change):
        return _("You stand in for somebody who had a hand in this change. Somebody else has to decide.")
    return ""
