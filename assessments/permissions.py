"""Who may write, send back and decide an assessment, and who may treat and accept a risk."""

from accounts.actor import Actor
from accounts.roles import INSIDERS, STEWARDS, WRITERS, Role
from accounts.verbs import verb
from aims.vocabulary import Band
from assessments.models import Assessment, Risk
from systems.models import AiSystem

HANDS = frozenset(Role) - {Role.AUDITOR, Role.CERTIFIER}


@verb("Start an impact assessment")
def may_start(actor: Actor, system: AiSystem) -> bool:
    """Compliance officers assess any system; control owners those they answer for."""
    return actor.is_person and (actor.holds(*STEWARDS) or _owns(actor, system.owner_id))


@verb("Write and submit an impact assessment")
def may_write(actor: Actor, assessment: Assessment) -> bool:
    """Whoever may start one, and its author."""
    return may_start(actor, assessment.system) or (actor.is_person and _owns(actor, assessment.author_id))


@verb("Say that something happened that an assessment may not have judged")
def may_report_trigger(actor: Actor, _assessment: Assessment) -> bool:
    """Every member of the organisation: whoever hears of it says it."""
    return actor.is_person and actor.holds(*INSIDERS)


@verb("Send an impact assessment back")
def may_return(actor: Actor, _assessment: Assessment) -> bool:
    """Readers with a say send it back: approvers, reviewers and compliance officers."""
    return actor.is_person and actor.holds(Role.APPROVER, Role.REVIEWER, *STEWARDS)


@verb("Decide on an impact assessment")
def may_decide(actor: Actor, _assessment: Assessment) -> bool:
    """Only an approver, who acts for top management; whether they wrote it is the policy's question."""
    return actor.is_person and actor.holds(Role.APPROVER)


@verb("Put a risk on the register")
def may_register(actor: Actor) -> bool:
    """Compliance officers and control owners put risks on the register."""
    return actor.is_person and actor.holds(*WRITERS)


@verb("Change, treat and withdraw a risk")
def may_edit_risk(actor: Actor, risk: Risk) -> bool:
    """Compliance officers write every risk; control owners the ones they answer for."""
    return actor.is_person and (actor.holds(*STEWARDS) or _owns(actor, risk.owner_id))


@verb("Accept what remains of a risk")
def may_accept(actor: Actor, risk: Risk, band: Band) -> bool:
    """Low: its owner. Moderate: its owner or the compliance officer. High: an approver. Severe: nobody."""
    if not actor.is_person or band == Band.SEVERE:
        return False
    if actor.holds(Role.APPROVER):
        return True
    return (actor.owns(risk.owner_id, *HANDS) and band in {Band.LOW, Band.MODERATE}) or (
        band == Band.MODERATE and actor.holds(Role.OFFICER)
    )


def _owns(actor: Actor, owner_id: int | None) -> bool:
    return actor.owns(owner_id, Role.OWNER)
