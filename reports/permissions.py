"""Who may make and take a report."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, Role
from reports.models import Edition, Pack, Report

INSIDERS = frozenset(Role) - {Role.CERTIFIER}


def may_ask(actor: Actor, edition: str, *, is_draft: bool) -> bool:
    """Full reports are for all members, drafts not for the certification body; customer ones come from stewards."""
    if edition == Edition.CUSTOMER:
        return actor.holds(*STEWARDS)
    return actor.holds(*INSIDERS) if is_draft else bool(actor.roles)


def may_see(actor: Actor, report: Report) -> bool:
    """Whoever could have asked for it; a customer's edition holds nothing that a member may not read."""
    return report.edition == Edition.CUSTOMER or may_ask(actor, report.edition, is_draft=report.is_draft)


def may_cancel(actor: Actor, report: Report) -> bool:
    """The person who asked, or a steward."""
    return actor.holds(*STEWARDS) or (actor.user_id is not None and actor.user_id == report.asked_by_id)


def may_replace(actor: Actor) -> bool:
    """The certificate stands for the organisation, so people who administer the AIMS replace it."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR)


PACKERS = STEWARDS | {Role.AUDITOR, Role.APPROVER}


def may_pack(actor: Actor) -> bool:
    """Stewards, internal auditors and approvers have packs made; the certification body is handed them."""
    return actor.holds(*PACKERS)


def may_take_pack(actor: Actor) -> bool:
    """Whoever may have one made, and the certification body's auditors."""
    return actor.holds(*PACKERS, Role.CERTIFIER)


def may_cancel_pack(actor: Actor, pack: Pack) -> bool:
    """The person who asked, or a steward."""
    return actor.holds(*STEWARDS) or (actor.user_id is not None and actor.user_id == pack.asked_by_id)
