"""Who may change, submit and approve the statement."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role
from soa.models import Entry, StatementVersion


def may_steer(actor: Actor) -> bool:
    """Deciding, importing, adding and submitting are for compliance officers and administrators, people only."""
    return actor.is_person and actor.holds(*STEWARDS)


def may_decide(actor: Actor, _entry: Entry) -> bool:
    """Applicability and its reason."""
    return may_steer(actor)


def may_amend(actor: Actor, entry: Entry) -> bool:
    """Implementation, documents and dates: also by the control's own owner."""
    is_own = actor.user_id is not None and entry.owner_id == actor.user_id
    return may_steer(actor) or (actor.is_person and actor.holds(Role.OWNER) and is_own)


def may_approve(actor: Actor) -> bool:
    """Only people who act for top management."""
    return actor.is_person and actor.holds(Role.APPROVER)


def may_return(actor: Actor, version: StatementVersion) -> bool:
    """The approver returns a version; its submitter may take it back."""
    return may_approve(actor) or (actor.is_person and version.submitted_by_id == actor.user_id)
