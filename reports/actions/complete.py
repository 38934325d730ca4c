"""Note that a report's file is there; run by the job, in the transaction that marks it done."""

from dataclasses import dataclass

from django.db import transaction

from accounts.actor import Actor
from ledger.actions import record
from ledger.change import Change
from reports.events import RENDERED
from reports.models import Report


@dataclass(frozen=True, slots=True)
class Made:
    """A stored file: SHA-256 (hex), size in bytes, pages and the name it is handed over under."""

    sha256: str
    size: int
    pages: int
    name: str


@transaction.atomic
def complete_report(report: Report, made: Made, *, actor: Actor) -> Report:
    """Write down what was made; done twice it changes nothing."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    change = Change.of(report, sha256=made.sha256, size=made.size, pages=made.pages, name=made.name)
    if change:
        change.save(actor=actor)
        record(RENDERED, report, actor=actor, change=change, after_hash=made.sha256)
    return report
