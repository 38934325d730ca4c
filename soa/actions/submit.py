"""Put the statement before an approver: freeze it whole, or take it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.models import Aims
from duties.actions import close_tasks, open_task
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from soa.checks import flags_of
from soa.diff import entry_diffs
from soa.events import RETURNED, SUBMITTED
from soa.freeze import frozen, statement_body
from soa.models import Statement, StatementVersion, VersionState
from soa.permissions import may_return, may_steer
from soa.queries.approvers import approvers_for
from soa.queries.rows import body_of, read_sheet

TASK = "approve"


class NotSubmittable(Refusal):
    """The draft cannot be put before an approver yet."""


class NotReturnable(Refusal):
    """The version is not waiting, or no reason was given."""


@transaction.atomic
def submit(aims: Aims, *, summary: str, actor: Actor) -> StatementVersion:
    """Freeze the draft as the next version with its digest, its inputs and the warnings that stand."""
    require(may_steer(actor), _("Submitting takes a compliance officer or an administrator."))
    Statement.objects.select_for_update().first()
    sheet = read_sheet(aims)
    if sheet.statement is None:
        raise NotSubmittable(_("Open the statement first."))
    if sheet.waiting is not None:
        raise NotSubmittable(
            _("Version %(number)s waits for approval. Decide on it or take it back first.")
            % {"number": sheet.waiting.number}
        )
    flags = flags_of(sheet)
    blocking = {flag.code for flag in flags if flag.blocks}
    if blocking:
        raise NotSubmittable(
            _("%(blocking)s %(block)s approval. Mend them first.")
            % {"blocking": len(blocking), "block": "row blocks" if len(blocking) == 1 else "rows block"}
        )
    if (
        sheet.in_force is not None
        and not sheet.changed
        and body_of(sheet.in_force)["scope"] == statement_body(sheet)["scope"]
    ):
        raise NotSubmittable(_("Nothing has changed since version %(number)s.") % {"number": sheet.in_force.number})
    data, digest = frozen(statement_body(sheet))
    version = StatementVersion(
        aims=aims,
        statement=sheet.statement,
        number=sheet.number,
        body=data,
        digest=digest,
        summary=summary.strip() or default_summary(sheet_changes(sheet.in_force, data)),
        warnings=[{"check": flag.check, "code": flag.code, "message": str(flag.message)} for flag in flags],
        submitted_by_id=actor.user_id,
        submitted_at=clock.now(),
    )
    change = Change.new(version)
    change.after.pop("body", None)
    change.save(actor=actor, reason=summary)
    record(SUBMITTED, version, actor=actor, change=change, reason=summary, after_hash=digest)
    seal_now(aims.pk)
    _tell_approvers(version)
    return version


def sheet_changes(before: StatementVersion | None, data: bytes) -> int:
    """Return how many rows differ from the version in force."""
    draft = StatementVersion(body=data)
    old = body_of(before)["entries"] if before else []
    return sum(1 for _ in entry_diffs(old, body_of(draft)["entries"]))


def default_summary(changes: int) -> str:
    """Say what changed when nobody did."""
    return f"{changes} {'row' if changes == 1 else 'rows'} changed." if changes else "Scope changed."


def _tell_approvers(version: StatementVersion) -> None:
    for person in approvers_for(version)[:1]:
        open_task(
            TASK,
            version.ref,
            f"Approve statement version {version.number}",
            owner_id=person.pk,
            address=f"/a/{version.aims.slug}/soa/versions/{version.pk}/",
        )


@transaction.atomic
def return_version(version: StatementVersion, *, reason: str, seen: int, actor: Actor) -> StatementVersion:
    """Send a submitted version back with a reason; its submitter takes it back the same way."""
    require(may_return(actor, version), _("Returning takes an approver, or the person who submitted it."))
    if not reason.strip():
        raise NotReturnable(_("Say what has to change."), field="reason")
    version = StatementVersion.objects.select_for_update().get(pk=version.pk)
    hold_apart(version, seen, reason=reason)
    if version.state != VersionState.SUBMITTED:
        raise NotReturnable(_("Version %(number)s is not waiting for approval.") % {"number": version.number})
    fields = {"state": VersionState.RETURNED, "decided_by_id": actor.user_id, "decided_at": clock.now()}
    change = Change.of(version, **fields, decision_note=reason.strip())
    change.save(actor=actor, reason=reason)
    decision = {"mode": "defer", "outcome": "returned", "previous": "submitted"}
    record(RETURNED, version, actor=actor, change=change, reason=reason, decision=decision)
    close_tasks(TASK, version.ref, actor=actor)
    return version
