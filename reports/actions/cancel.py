"""Stop a report that is not finished."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from jobs.actions import cancel
from ledger.actions import record
from reports.events import CANCELLED
from reports.models import Report
from reports.permissions import may_cancel


class NotCancellable(Refusal):
    """The report is finished already."""


@transaction.atomic
def cancel_report(report: Report, *, actor: Actor) -> Report:
    """Cancel its job; the worker stops its child within a second, and what it made is dropped."""
    require(may_cancel(actor, report))
    report = Report.objects.select_for_update().select_related(None).get(pk=report.pk)
    if report.job is None or not cancel(report.job):
        raise NotCancellable(_("This report is finished already."))
    report.job.refresh_from_db()
    record(CANCELLED, report, actor=actor)
    return report
