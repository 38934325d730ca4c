"""Approve a version by its digest, by somebody who wrote none of it (architecture.md, two people)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from accounts.separation import apart
from duties.actions import close_tasks
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from soa.actions.submit import TASK
from soa.events import APPROVED, SUPERSEDED
from soa.models import StatementVersion, VersionState
from soa.permissions import may_approve
from soa.policies import own_version
from soa.queries.approvers import authors_of


class NotApprovable(Refusal):
    """The version cannot be approved by this person or in this state."""


@transaction.atomic
def approve(
    version: StatementVersion, *, digest: str, confirms_warnings: bool, seen: int, actor: Actor, note: str = ""
) -> StatementVersion:
    """Put a submitted version in force and supersede the last; the record names the approved digest.

    Raises NotApprovable for the submitter or the author of any change since the last version, for another digest
    than the one shown, and while warnings are not confirmed.
    """
    require(may_approve(actor), _("Approving takes the approver role."))
    version = StatementVersion.objects.select_for_update().get(pk=version.pk)
    hold_apart(version, seen, note=note)
    authors = authors_of(version)
    _check(version, digest, own_version(actor, version, authors), confirms_warnings=confirms_warnings)
    actor = apart(actor, authors)
    now = clock.now()
    last = StatementVersion.objects.select_for_update().filter(state=VersionState.APPROVED).first()
    if last is not None:
        ended = Change.of(last, state=VersionState.SUPERSEDED, superseded_at=now)
        ended.save(actor=actor, reason=f"superseded by {version.ref}")
        record(
            SUPERSEDED, last, actor=actor, change=ended, reason=f"superseded by {version.ref}", after_hash=last.digest
        )
    change = Change.of(
        version, state=VersionState.APPROVED, decided_by_id=actor.user_id, decided_at=now, decision_note=note.strip()
    )
    change.save(actor=actor, reason=note)
    record(
        APPROVED,
        version,
        actor=actor,
        change=change,
        reason=note,
        after_hash=version.digest,
        decision={"mode": "continue", "outcome": "approved", "previous": "submitted"},
        approvals=[actor.pseudonym],
    )
    seal_now(version.aims_id)
    close_tasks(TASK, version.ref, actor=actor)
    return version


def _check(version: StatementVersion, digest: str, own_work: str, *, confirms_warnings: bool) -> None:
    if version.state != VersionState.SUBMITTED:
        raise NotApprovable(_("Version %(number)s is not waiting for approval.") % {"number": version.number})
    if digest != version.digest:
        raise NotApprovable(_("This is not the version you were shown. Look at it again."))
    if own_work:
        raise NotApprovable(own_work)
    if version.warnings and not confirms_warnings:
        raise NotApprovable(_("Confirm the warnings first; the report prints them."), field="confirms_warnings")
