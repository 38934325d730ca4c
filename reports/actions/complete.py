"""Note that a report's file is there; run by the job, in the transaction that marks it done."""

from dataclasses import asdict, dataclass

from django.db import transaction

from accounts.actor import Actor
from ledger.actions import record
from ledger.change import Change
from ledger.models import Anchor, AnchorKind, Checkpoint
from reports.events import RENDERED
from reports.models import Report, SigningIdentity


@dataclass(frozen=True, slots=True)
class Made:
    """A stored file: SHA-256 (hex), size in bytes, pages, the name it is handed over under, and who signed it.

    `records` is the size of the checkpoint that it carries outside, `digest` names the decided assessment it prints.
    """

    sha256: str
    size: int
    pages: int
    name: str
    signed_with: int | None = None
    is_timestamped: bool = False
    signing_note: str = ""
    records: int = 0
    digest: str = ""


def carried_by(ref: str, aims_id: int, records: int) -> None:
    """Note that the checkpoint over so many records is printed in a report, and so may be held outside."""
    checkpoint = Checkpoint.objects.filter(size=records).first()
    if checkpoint is not None:
        Anchor(checkpoint=checkpoint, aims_id=aims_id, kind=AnchorKind.REPORT, place=ref).save()


@transaction.atomic
def complete_report(report: Report, made: Made, *, actor: Actor) -> Report:
    """Write down what was made; done twice it changes nothing."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    identity = SigningIdentity.objects.get(pk=made.signed_with) if made.signed_with else None
    fields = {name: value for name, value in asdict(made).items() if name != "records"}
    change = Change.of(report, **fields | {"signed_with": identity})
    if change:
        change.save(actor=actor)
        record(RENDERED, report, actor=actor, change=change, after_hash=made.sha256)
        if made.records:
            carried_by(report.ref, report.aims_id, made.records)
    return report
