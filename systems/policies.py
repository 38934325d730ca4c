"""Two people bring a system into use: who asked for a move, or wrote the record since the last one, does not sign it.

Each policy answers with the reason why not, in words for the person at fault, or with nothing.
"""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.separation import Hands, apart, had_a_hand
from systems.models import Transition
from systems.permissions import may_sign


def own_move(actor: Actor, move: Transition, authors: Hands) -> str:
    """Why this person may not sign this move, given who asked for it and who wrote the record."""
    if actor.user_id is not None and move.asked_by_id == actor.user_id:
        return _("You asked for this move. Someone else has to sign it.")
    if had_a_hand(actor, authors):
        return _("You wrote part of the record since the last signature. Someone else has to sign.")
    if may_sign(actor, move) and not may_sign(apart(actor, authors), move):
        return _("You stand in for somebody who asked for this or wrote part of the record. Someone else has to sign.")
    return ""
