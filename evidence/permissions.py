"""Who may do what with evidence. Giving and linking are delivering verbs: services and agents may, with the role."""

from accounts.actor import Actor
from accounts.roles import READERS, STEWARDS, WRITERS, Role
from accounts.verbs import verb
from evidence.models import Evidence, EvidenceLink
from evidence.roles import REVIEWERS


@verb("Read evidence")
def may_read(actor: Actor, evidence: Evidence | None = None) -> bool:
    """Every member reads; the certification body what is shared with it."""
    return actor.holds(*READERS) or (evidence is not None and actor.sees(evidence.ref))


@verb("Give and link evidence")
def may_give(actor: Actor, _evidence: Evidence | None = None) -> bool:
    """Officers, administrators and control owners give evidence, new versions and links."""
    return actor.holds(*WRITERS)


@verb("Accept or refuse a suggestion of the matcher")
def may_judge_suggestion(actor: Actor, _evidence: Evidence | None = None) -> bool:
    """People only: who may give and link evidence; nothing is linked without one of them."""
    return actor.is_person and actor.holds(*WRITERS)


@verb("Edit an evidence item")
def may_edit(actor: Actor, evidence: Evidence) -> bool:
    """Officers and administrators edit every item, control owners their own."""
    return actor.holds(*STEWARDS) or actor.owns(evidence.owner_id, Role.OWNER)


@verb("Withdraw an evidence item")
def may_withdraw(actor: Actor, evidence: Evidence) -> bool:
    """People only: officers and administrators every item, control owners their own."""
    return actor.is_person and may_edit(actor, evidence)


@verb("Withdraw a link of evidence")
def may_unlink(actor: Actor, link: EvidenceLink) -> bool:
    """People only: who may edit the item, or the control owner who made the link."""
    return actor.is_person and (may_edit(actor, link.evidence) or actor.owns(link.by_id, Role.OWNER))


@verb("Have a stored file scanned again")
def may_rescan(actor: Actor) -> bool:
    """Officers and administrators have a file scanned again, which can take it out of quarantine."""
    return actor.holds(*STEWARDS)


@verb("Have stored files checked")
def may_check(actor: Actor) -> bool:
    """Every member may have the stored files hashed again: what only its keeper checks proves nothing."""
    return actor.holds(*READERS)


@verb("Stop a check of stored files")
def may_stop_check(actor: Actor, asked_by: int | None) -> bool:
    """The person who asked, or a steward."""
    return actor.holds(*STEWARDS) or actor.owns(asked_by, *READERS)


@verb("Have a review of evidence drafted")
def may_ask_review(actor: Actor, _evidence: Evidence | None = None) -> bool:
    """Who gives evidence and who reviews it may have a reader draft a review."""
    return actor.holds(*WRITERS, *REVIEWERS)


@verb("Confirm a review of evidence")
def may_confirm_review(actor: Actor) -> bool:
    """People only: reviewers, officers and administrators; who gave it or audits its time is refused by the act."""
    return actor.is_person and actor.holds(*REVIEWERS)
