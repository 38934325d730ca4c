"""What work and the chain leave behind: reports, packs, certificates, mail, jobs, checkpoints and their copies."""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from accounts import clock
from evidence.store import Stored, store
from jobs.actions import deliver, enqueue
from jobs.models import DeliveryState, Job, JobState
from ledger.actions import checkpoint
from ledger.actions.resume import set_aside
from ledger.actions.seal import mac_of, seal_all
from ledger.models import Anchor, AnchorKind, Incarnation, Log, Record, Waiting
from reports.actions import ask_report, signing_identity
from reports.actions.complete import Made, complete_report
from reports.actions.pack import MadePack, ask_pack, complete_pack
from reports.actions.replace import renew_identity
from reports.models import SigningIdentity
from reports.pack.selection import Selection
from soa.models import StatementVersion
from tests.matrix.tenant import Tenant
from trace.actions import erase_text, send_checkpoint
from trace.anchoring.recipients import in_force

Says = Callable[[str], str]


def work_and_chain(tenant: Tenant, says: Says, times: int) -> None:
    """Everything that is no room's own thing."""
    seal_all(tenant.aims.pk, wait=True)
    _reports(tenant, says)
    for turn in range(times):
        _packs(tenant, lambda what, turn=turn: says(f"{what} {turn}"))  # type: ignore[misc]
    for _turn in range(times - 1):
        renew_identity(tenant.aims, actor=tenant.author)
    _jobs(tenant, says)
    _chain(tenant, says)


def _kept(data: bytes) -> Stored:
    stored = Stored(sha256(data).hexdigest(), len(data))
    with store().draft() as draft:
        draft.file.write(data)
        draft.settle(stored)
    return stored


def _reports(tenant: Tenant, says: Says) -> None:
    """A finished report, and one that waits."""
    identity: SigningIdentity = signing_identity(tenant.aims, actor=tenant.author)
    version = StatementVersion.objects.filter(state="approved").get()
    report = ask_report(tenant.aims, edition="full", actor=tenant.author, version=version)
    stored = _kept(b"%PDF-1.7 " + says("report").encode())
    made = Made(stored.sha256, stored.size, 9, f"{says('report')}.pdf", identity.pk, signing_note=says("signed"))
    complete_report(report, made, actor=tenant.author)
    Job.objects.filter(pk=report.job_id).update(state=JobState.DONE, finished_at=clock.now())
    ask_report(tenant.aims, edition="customer", actor=tenant.author, version=version)


def _packs(tenant: Tenant, says: Says) -> None:
    """A finished pack, and one that waits."""
    pack = ask_pack(tenant.aims, Selection(), actor=tenant.author)
    stored = _kept(b"PK\x05\x06" + bytes(18) + says("pack").encode())
    size = checkpoint(tenant.aims.pk).size
    complete_pack(pack, MadePack(stored.sha256, stored.size, 9, f"{says('pack')}.zip", size), actor=tenant.author)
    Job.objects.filter(pk=pack.job_id).update(state=JobState.DONE, finished_at=clock.now())
    ask_pack(tenant.aims, Selection(preset="stage1"), actor=tenant.author)


def _jobs(tenant: Tenant, says: Says) -> None:
    """A job that failed with words, and a mail that did."""
    job = enqueue("walk", dedupe_key=says("key"), actor=tenant.author, payload={"a": says("b")}, aims_id=tenant.aims.pk)
    about = {"state": JobState.DEAD, "step": says("step"), "error": says("error"), "result": {"a": says("b")}}
    Job.objects.filter(pk=job.pk).update(**about)
    mail = deliver(
        key=says("mail"), to=tenant.author.email, subject=says("subject"), body=says("body"), aims_id=tenant.aims.pk,
        files={says("file.txt"): says("attached").encode()},
    )  # fmt: skip
    type(mail).objects.filter(pk=mail.pk).update(state=DeliveryState.FAILED, error=says("error"))


def _chain(tenant: Tenant, says: Says) -> None:
    """A checkpoint that went out by mail and by other ways, a text erased, an older life, and forged records."""
    checkpoint(tenant.aims.pk)
    send_checkpoint(tenant.aims, in_force("certifier").first(), actor=tenant.author)  # type: ignore[arg-type]
    row = checkpoint(tenant.aims.pk)
    for kind in (AnchorKind.BUCKET, AnchorKind.TIMESTAMP):
        Anchor(checkpoint=row, aims_id=row.aims_id, kind=kind, place=says("place"), token=says("token").encode()).save()
    texts = Record.objects.filter(event="obligation.withdrawn").order_by("pk")
    erase_text(texts[0], reason=says("erased"), actor=tenant.author)
    log = Log.objects.get()
    Incarnation(log=log, aims_id=log.aims_id, number=1, origin=log.origin, begun_at=clock.now()).save()
    set_aside(a_forged_record(), reason=says("nobody knows it"), actor=tenant.author)
    seal_all(tenant.aims.pk, wait=True)


def a_forged_record() -> Record:
    """A record that waits and was not written by Assay."""
    row = _unsealed("00" * 32)
    Log.objects.update(halted=f"Record {row.event_id} was not written by Assay.")
    return row


def a_waiting_record() -> Record:
    """A record that the sealer has not reached yet."""
    return _unsealed(mac_of(bytes(Record.objects.order_by("pk")[0].body)))


def _unsealed(mac: str) -> Record:
    like = Record.objects.order_by("pk")[0]
    fields = {name: getattr(like, name) for name in ("aims_id", "body", "event", "subject", "pseudonym", "occurred_at")}
    event_id = UUID(int=(like.aims_id << 64) + Record.objects.count())
    row = Record.objects.create(event_id=event_id, mac=mac, **fields)
    Waiting.objects.create(record=row, aims_id=row.aims_id)
    return row
