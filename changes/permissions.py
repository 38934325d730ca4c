"""Who may open, meet, say and decide: the system's owner and the stewards do the work, somebody else judges it."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role
from accounts.verbs import verb
from changes.models import ChangeRecord
from systems.models import AiSystem
from systems.permissions import may_edit


@verb("Open a change record")
def may_open(actor: Actor, system: AiSystem) -> bool:
    """A person who may edit the system plans its changes."""
    return actor.is_person and may_edit(actor, system)


@verb("Tell the result of an evaluation or a canary of a change")
def may_meet(actor: Actor, change: ChangeRecord) -> bool:
    """Whoever may edit the system, and services that deliver results with their roles."""
    return may_edit(actor, change.system)


@verb("Describe, waive, say what a change touches, declare an emergency, withdraw, put into effect")
def may_say(actor: Actor, change: ChangeRecord) -> bool:
    """A person who may edit the system answers for what its changes do."""
    return actor.is_person and may_edit(actor, change.system)


@verb("Approve or refuse a change")
def may_decide(actor: Actor, _change: ChangeRecord) -> bool:
    """An approver or a steward; whether they had a hand in it is the policy's question."""
    return actor.is_person and actor.holds(Role.APPROVER, *STEWARDS)
