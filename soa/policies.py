"""Separation of duties: who wrote a version does not approve it, who works at a control does not test it.

Each policy answers with the reason why not, in words for the person at fault, or with nothing.
"""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.separation import Hands, apart, had_a_hand
from soa.models import Entry, StatementVersion
from soa.permissions import may_approve, may_test


def own_version(actor: Actor, version: StatementVersion, authors: Hands) -> str:
    """Why this approver may not approve this version, given who wrote it."""
    if actor.user_id is not None and version.submitted_by_id == actor.user_id:
        return _("You submitted this version. Someone else has to approve it.")
    if had_a_hand(actor, authors):
        return _("You changed rows of this version. Someone who wrote none of it has to approve it.")
    if may_approve(actor) and not may_approve(apart(actor, authors)):
        return _("You stand in for somebody who wrote part of this version. Who wrote none of it has to approve it.")
    return ""


def own_control(actor: Actor, entry: Entry, workers: Hands) -> str:
    """Why this auditor may not test this control, given who works at it."""
    if actor.user_id is not None and entry.owner_id == actor.user_id:
        return _("You own this control. Another auditor has to test it.")
    if had_a_hand(actor, workers):
        return _("You decided on this control or gave its evidence. Another auditor has to test it.")
    if may_test(actor) and not may_test(apart(actor, workers)):
        return _("You stand in for somebody whose work this is. Another auditor has to test it.")
    return ""
