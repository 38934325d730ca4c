"""Ask for a report: the row and its job are written together; the work follows."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.models import Aims
from jobs.actions import enqueue
from ledger.actions import record
from ledger.change import Change
from reports.events import ASKED
from reports.models import Edition, Report
from reports.permissions import may_ask
from reports.sources import NoVersion, in_force_on
from soa.models import Statement, StatementVersion

KIND = "reports.soa"


class NotAskable(Refusal):
    """No report can be made so."""


@transaction.atomic
def ask_report(
    aims: Aims,
    *,
    edition: str,
    actor: Actor,
    version: StatementVersion | None = None,
    as_of: date | None = None,
) -> Report:
    """Write down a report of a version, of the one in force at the end of a past date, or of the draft as it is.

    Raises NoVersion when none was in force on the date, or the statement was never opened.
    """
    if edition not in Edition.values:
        raise NotAskable(_("Choose for whom the report is."), field="edition")
    require(may_ask(actor, Edition(edition)))
    if as_of is not None:
        version = in_force_on(aims, as_of)
    if version is None and not Statement.objects.exists():
        raise NoVersion(_("The statement has not been opened yet."))
    report = Report(
        aims=aims,
        edition=edition,
        statement_version=version,
        as_of=as_of,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    change = Change.new(report)
    change.save(actor=actor)
    job = enqueue(
        KIND,
        dedupe_key=f"{actor.request_id}:{report.pk}",
        actor=actor,
        payload={"report": report.pk},
        aims_id=aims.pk,
    )
    link = Change.of(report, job=job)
    link.save(actor=actor)
    record(ASKED, report, actor=actor, change=change)
    return report
