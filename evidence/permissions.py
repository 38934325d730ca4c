"""Who may do what with evidence. Giving and linking are delivering verbs: services and agents may, with the role."""

from accounts.actor import Actor
from accounts.roles import READERS, STEWARDS, WRITERS, Role
from evidence.models import Evidence, EvidenceLink


def may_read(actor: Actor, _evidence: Evidence | None = None) -> bool:
    """Every member reads, auditors and certification bodies too."""
    return actor.holds(*READERS)


def may_give(actor: Actor, _evidence: Evidence | None = None) -> bool:
    """Officers, administrators and control owners give evidence, new versions and links."""
    return actor.holds(*WRITERS)


def may_edit(actor: Actor, evidence: Evidence) -> bool:
    """Officers and administrators edit every item, control owners their own."""
    return actor.holds(*STEWARDS) or (actor.holds(Role.OWNER) and _is_theirs(actor, evidence))


def may_withdraw(actor: Actor, evidence: Evidence) -> bool:
    """People only: officers and administrators every item, control owners their own."""
    return actor.is_person and may_edit(actor, evidence)


def may_unlink(actor: Actor, link: EvidenceLink) -> bool:
    """People only: who may edit the item, or the control owner who made the link."""
    made_it = actor.user_id is not None and link.by_id == actor.user_id
    return actor.is_person and (may_edit(actor, link.evidence) or (actor.holds(Role.OWNER) and made_it))


def may_rescan(actor: Actor) -> bool:
    """Officers and administrators have a file scanned again, which can take it out of quarantine."""
    return actor.holds(*STEWARDS)


def may_check(actor: Actor) -> bool:
    """Every member may have the stored files hashed again: what only its keeper checks proves nothing."""
    return actor.holds(*READERS)


def may_stop_check(actor: Actor, asked_by: int | None) -> bool:
    """The person who asked, or a steward."""
    return actor.holds(*STEWARDS) or (actor.user_id is not None and actor.user_id == asked_by)


def _is_theirs(actor: Actor, evidence: Evidence) -> bool:
    return actor.user_id is not None and evidence.owner_id == actor.user_id
