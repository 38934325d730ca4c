"""Ask for a report: the row and its job are written together; the work follows."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.models import Aims
from assessments.models import Assessment
from jobs.actions import enqueue
from ledger.actions import record
from ledger.change import Change
from reports.events import ASKED
from reports.models import Edition, Report, ReportKind
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
    return _written(Report(aims=aims, edition=edition, statement_version=version, as_of=as_of), actor=actor)


@transaction.atomic
def ask_judgement(aims: Aims, *, assessment: Assessment | None = None, actor: Actor) -> Report:
    """Write down a report of one impact assessment as it is, or of the portfolio when none is named."""
    require(may_ask(actor, Edition.FULL))
    kind = ReportKind.ASSESSMENT if assessment else ReportKind.PORTFOLIO
    return _written(Report(aims=aims, kind=kind, assessment=assessment), actor=actor)


def _written(report: Report, *, actor: Actor) -> Report:
    """Save the report with its job, and record that it was asked for."""
    report.asked_by_id = actor.user_id
    report.asked_at = clock.now()
    change = Change.new(report)
    change.save(actor=actor)
    job = enqueue(
        KIND,
        dedupe_key=f"{actor.request_id}:{report.pk}",
        actor=actor,
        payload={"report": report.pk},
        aims_id=report.aims_id,
    )
    link = Change.of(report, job=job)
    link.save(actor=actor)
    record(ASKED, report, actor=actor, change=change)
    return report
