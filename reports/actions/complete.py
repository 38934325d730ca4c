"""Note that a report's file is there; run by the job, in the transaction that marks it done."""

from dataclasses import asdict, dataclass

from django.db import transaction

from accounts.actor import Actor
from ledger.actions import record
from ledger.change import Change
from reports.events import RENDERED
from reports.models import Report, SigningIdentity


@dataclass(frozen=True, slots=True)
class Made:
    """A stored file: SHA-256 (hex), size in bytes, pages, the name it is handed over under, and who signed it."""

    sha256: str
    size: int
    pages: int
    name: str
    signed_with: int | None = None
    is_timestamped: bool = False
    signing_note: str = ""


@transaction.atomic
def complete_report(report: Report, made: Made, *, actor: Actor) -> Report:
    """Write down what was made; done twice it changes nothing."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    identity = SigningIdentity.objects.get(pk=made.signed_with) if made.signed_with else None
    change = Change.of(report, **asdict(made) | {"signed_with": identity})
    if change:
        change.save(actor=actor)
        record(RENDERED, report, actor=actor, change=change, after_hash=made.sha256)
    return report
