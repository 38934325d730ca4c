"""Who may change the dates of the cycle: stewards plan, the owner of a date says that it was kept."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role
from audits.models import Milestone

HANDS = frozenset(Role) - {Role.AUDITOR, Role.CERTIFIER}


def may_plan(actor: Actor) -> bool:
    """Compliance officers and administrators plan, edit and withdraw dates."""
    return actor.holds(*STEWARDS)


def may_hold(actor: Actor, milestone: Milestone) -> bool:
    """A person who plans dates, or who owns this one, says that it was kept."""
    owns = actor.user_id is not None and milestone.owner_id == actor.user_id and actor.holds(*HANDS)
    return actor.is_person and (owns or may_plan(actor))
