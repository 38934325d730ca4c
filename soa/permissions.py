"""Who may change, submit and approve the statement."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role
from accounts.verbs import verb
from soa.models import Entry, StatementVersion


@verb("Open, fill, import and submit the statement")
def may_steer(actor: Actor) -> bool:
    """Deciding, importing, adding and submitting are for compliance officers and administrators, people only."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Decide whether a control applies")
def may_decide(actor: Actor, _entry: Entry) -> bool:
    """Applicability and its reason."""
    return may_steer(actor)


@verb("Describe how a control is implemented")
def may_amend(actor: Actor, entry: Entry) -> bool:
    """Implementation, documents and dates: also by the control's own owner."""
    return may_steer(actor) or (actor.is_person and actor.owns(entry.owner_id, Role.OWNER))


@verb("Approve a statement version")
def may_approve(actor: Actor) -> bool:
    """Only people who act for top management."""
    return actor.is_person and actor.holds(Role.APPROVER)


@verb("Return a submitted version")
def may_return(actor: Actor, version: StatementVersion) -> bool:
    """The approver returns a version; its submitter may take it back."""
    return may_approve(actor) or (actor.is_person and actor.owns(version.submitted_by_id, *STEWARDS))


@verb("Tell whether a control works")
def may_test(actor: Actor) -> bool:
    """Only internal auditors, people; whose work it is, is the policy's question."""
    return actor.is_person and actor.holds(Role.AUDITOR)
