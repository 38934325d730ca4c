"""Who may make and take a report."""

from accounts.actor import Actor
from accounts.roles import READERS, STEWARDS, Role
from accounts.verbs import verb
from reports.models import Edition, Pack, Report

PACKERS = STEWARDS | {Role.AUDITOR, Role.APPROVER}


@verb("Ask for a report")
def may_ask(actor: Actor, edition: Edition) -> bool:
    """Complete reports are for all members; those for customers come from stewards."""
    return actor.holds(*(STEWARDS if edition == Edition.CUSTOMER else READERS))


@verb("Take a report out")
def may_see(actor: Actor, report: Report) -> bool:
    """Every member: a customer's edition holds nothing that they may not read. The certification body: when shared."""
    return actor.holds(*READERS) or actor.sees(report.ref)


@verb("Cancel a report")
def may_cancel(actor: Actor, report: Report) -> bool:
    """The person who asked, or a steward."""
    return actor.holds(*STEWARDS) or actor.owns(report.asked_by_id, *READERS)


@verb("Replace the organisation's certificate")
def may_replace(actor: Actor) -> bool:
    """The certificate stands for the organisation, so people who administer the AIMS replace it."""
    return actor.is_person and actor.holds(Role.ADMINISTRATOR)


@verb("Have a certification pack made")
def may_pack(actor: Actor) -> bool:
    """Stewards, internal auditors and approvers have packs made; the certification body is handed them."""
    return actor.holds(*PACKERS)


@verb("Take a certification pack out")
def may_take_pack(actor: Actor, pack: Pack) -> bool:
    """Whoever may have one made; the certification body those that are shared with it."""
    return actor.holds(*PACKERS) or actor.sees(pack.ref)


@verb("Cancel a certification pack")
def may_cancel_pack(actor: Actor, pack: Pack) -> bool:
    """The person who asked, or a steward."""
    return actor.holds(*STEWARDS) or actor.owns(pack.asked_by_id, *READERS)
