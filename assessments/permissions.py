"""Who may write, send back and decide an assessment, and who may treat and accept a risk."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, WRITERS, Role
from aims.vocabulary import Band
from assessments.models import Assessment, Risk
from systems.models import AiSystem


def may_start(actor: Actor, system: AiSystem) -> bool:
    """Compliance officers assess any system; control owners those they answer for."""
    return actor.is_person and (actor.holds(*STEWARDS) or _owns(actor, system.owner_id))


def may_write(actor: Actor, assessment: Assessment) -> bool:
    """Whoever may start one, and its author."""
    return may_start(actor, assessment.system) or (actor.is_person and _owns(actor, assessment.author_id))


def may_return(actor: Actor, _assessment: Assessment) -> bool:
    """Readers with a say send it back: approvers, reviewers and compliance officers."""
    return actor.is_person and actor.holds(Role.APPROVER, Role.REVIEWER, *STEWARDS)


def may_decide(actor: Actor, _assessment: Assessment) -> bool:
    """Only an approver, who acts for top management; whether they wrote it is the action's question."""
    return actor.is_person and actor.holds(Role.APPROVER)


def may_register(actor: Actor) -> bool:
    """Compliance officers and control owners put risks on the register."""
    return actor.is_person and actor.holds(*WRITERS)


def may_edit_risk(actor: Actor, risk: Risk) -> bool:
    """Compliance officers write every risk; control owners the ones they answer for."""
    return actor.is_person and (actor.holds(*STEWARDS) or _owns(actor, risk.owner_id))


def may_accept(actor: Actor, risk: Risk, band: Band) -> bool:
    """Low: its owner. Moderate: its owner or the compliance officer. High: an approver. Severe: nobody."""
    if not actor.is_person or band == Band.SEVERE:
        return False
    if actor.holds(Role.APPROVER):
        return True
    is_owner = risk.owner_id is not None and risk.owner_id == actor.user_id
    return (is_owner and band in {Band.LOW, Band.MODERATE}) or (band == Band.MODERATE and actor.holds(Role.OFFICER))


def _owns(actor: Actor, owner_id: int | None) -> bool:
    return actor.holds(Role.OWNER) and owner_id is not None and owner_id == actor.user_id
