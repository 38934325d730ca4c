"""Who may write, send back and decide an assessment, and who may treat and accept a risk."""

from accounts.actor import Actor
from accounts.roles import INSIDERS, STEWARDS, WRITERS, Role
from accounts.verbs import verb
from aims.acceptance import rule_of
from aims.vocabulary import Acceptor, Band
from assessments.models import Assessment, Risk, Screening, SectionComment
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


@verb("Verify the treatment of a risk")
def may_verify(actor: Actor, _risk: Risk) -> bool:
    """Compliance officers, internal auditors and reviewers look whether a treatment works."""
    return actor.is_person and actor.holds(Role.AUDITOR, Role.REVIEWER, *STEWARDS)


@verb("Put the treatment plan up for approval")
def may_submit_plan(actor: Actor) -> bool:
    """Compliance officers and administrators put the plan up."""
    return actor.is_person and actor.holds(*STEWARDS)


@verb("Approve the treatment plan or send it back")
def may_decide_plan(actor: Actor) -> bool:
    """Only an approver, who acts for top management."""
    return actor.is_person and actor.holds(Role.APPROVER)


@verb("Accept what remains of a risk")
def may_accept(actor: Actor, risk: Risk, band: Band) -> bool:
    """Whoever the criteria that judge it name for the level; as shipped, the owner up to Moderate and nobody Severe."""
    rule = rule_of(risk.criteria, band)
    counting = rule.narrowed(actor)
    return actor.is_person and any(_is(counting, who, risk) for who in rule.who)


@verb("Let a system be used with what remains")
def may_let_use(actor: Actor, assessment: Assessment, band: Band) -> bool:
    """An approver, if the criteria that judge the assessment let one accept the level, and that one if it names any."""
    rule = rule_of(assessment.criteria, band)
    counting = rule.narrowed(actor)
    return counting.is_person and Acceptor.APPROVER in rule.who and counting.holds(Role.APPROVER)


def _is(actor: Actor, who: Acceptor, risk: Risk) -> bool:
    if who == Acceptor.OWNER:
        return actor.owns(risk.owner_id, *HANDS)
    return actor.holds(Role.OFFICER if who == Acceptor.OFFICER else Role.APPROVER)


@verb("Remark on an impact assessment")
def may_comment(actor: Actor, _assessment: Assessment) -> bool:
    """Everybody who works here remarks; auditors only read."""
    return actor.is_person and actor.holds(*HANDS)


@verb("Settle a remark on an impact assessment")
def may_settle(actor: Actor, comment: SectionComment) -> bool:
    """Whoever may write the assessment, and who made the remark."""
    return may_write(actor, comment.assessment) or (actor.is_person and actor.owns(comment.said_by_id, *HANDS))


@verb("Screen an AI system")
def may_screen(actor: Actor, system: AiSystem) -> bool:
    """Whoever may assess it."""
    return may_start(actor, system)


@verb("Sign that no impact assessment is due")
def may_sign(actor: Actor, _screening: Screening) -> bool:
    """A compliance officer or an approver; whether they answered it is the policy's question."""
    return actor.is_person and actor.holds(Role.OFFICER, Role.APPROVER)


@verb("Send a screening back")
def may_send_screening_back(actor: Actor, _screening: Screening) -> bool:
    """Who may sign it, and reviewers."""
    return actor.is_person and actor.holds(Role.APPROVER, Role.REVIEWER, *STEWARDS)


def _owns(actor: Actor, owner_id: int | None) -> bool:
    return actor.owns(owner_id, Role.OWNER)
