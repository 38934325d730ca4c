"""Take a report out: each time is recorded, before the first byte leaves."""

from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from evidence.store import open_stored
from ledger.actions import record
from reports.events import DOWNLOADED
from reports.models import Report
from reports.permissions import may_see


class NotThere(Refusal):
    """The report has no file, or its file is gone."""


@transaction.atomic
def download_report(report: Report, *, actor: Actor) -> BinaryIO:
    """Return the open file of a finished report."""
    require(may_see(actor, report))
    if not report.is_ready:
        raise NotThere(_("This report is not finished."))
    try:
        stream = open_stored(report.sha256)
    except FileNotFoundError as error:
        raise NotThere(_("The file of this report is missing from the store. Make the report again.")) from error
    record(DOWNLOADED, report, actor=actor, after_hash=report.sha256)
    return stream
