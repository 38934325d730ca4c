"""Who may change the dates of the cycle: stewards plan, the owner of a date says that it was kept."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role
from accounts.verbs import verb
from audits.models import Milestone

HANDS = frozenset(Role) - {Role.AUDITOR, Role.CERTIFIER}


@verb("Plan, edit and withdraw dates of the cycle")
def may_plan(actor: Actor) -> bool:
    """Compliance officers and administrators plan, edit and withdraw dates."""
    return actor.holds(*STEWARDS)


@verb("Say that a date of the cycle was kept")
def may_hold(actor: Actor, milestone: Milestone) -> bool:
    """A person who plans dates, or who owns this one, says that it was kept."""
    return actor.is_person and (actor.owns(milestone.owner_id, *HANDS) or may_plan(actor))
