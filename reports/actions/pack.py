"""The verbs of a pack: ask, freeze, complete, cancel, take out."""

from dataclasses import dataclass, replace
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.models import Aims
from aims.numbering import next_code
from evidence.store import open_stored
from jobs.actions import cancel, enqueue
from ledger.actions import record, seal_now
from ledger.change import Change
from ledger.models import Anchor, AnchorKind, Checkpoint
from reports.actions.download import NotThere
from reports.events import PACK_ASKED, PACK_CANCELLED, PACK_DOWNLOADED, PACK_FROZEN, PACK_MADE
from reports.models import Pack, Preset
from reports.pack.content import Content, read_content
from reports.pack.selection import NotSelectable, Selection
from reports.permissions import may_cancel_pack, may_pack, may_take_pack

KIND = "reports.pack"


class NotCancellable(Refusal):
    """The pack is finished already."""


@dataclass(frozen=True, slots=True)
class MadePack:
    """A written pack: SHA-256 (hex), size in bytes, how many files, its name, and the size of the log it reaches to."""

    sha256: str
    size: int
    files: int
    name: str
    records: int
    is_kept: bool = True

    def elsewhere(self, name: str) -> "MadePack":
        """The same pack, lying where a command put it under this name."""
        return replace(self, name=name, is_kept=False)


@transaction.atomic
def ask_pack(aims: Aims, selection: Selection, *, actor: Actor, queued: bool = True) -> Pack:
    """Write down what is to be handed over, refusing at once what cannot be; its job follows unless it is made here."""
    require(may_pack(actor), _("Packs are made by compliance officers, approvers and internal auditors."))
    if selection.preset not in Preset:
        raise NotSelectable(_("Choose which audit the pack is for."), field="preset")
    read_content(aims, selection)
    pack = Pack(
        aims=aims,
        code=next_code("PK", width=3),
        preset=selection.preset,
        controls=list(selection.controls),
        with_files=selection.with_files,
        as_of=selection.as_of,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    change = Change.new(pack)
    change.save(actor=actor)
    record(PACK_ASKED, pack, actor=actor, change=change)
    if queued:
        key = f"{actor.request_id}:{pack.pk}"
        job = enqueue(KIND, dedupe_key=key, actor=actor, payload={"pack": pack.pk}, aims_id=aims.pk)
        Change.of(pack, job=job).save(actor=actor)
    return pack


@transaction.atomic
def freeze_pack(pack: Pack, content: Content, *, name: str, sha256: str, size: int, actor: Actor) -> Pack:
    """Settle what is handed over before it is written, so that the chain in the pack names the report in the pack."""
    row = Pack.objects.select_for_update().get(pk=pack.pk)
    settled = {"instant": content.instant, "content_digest": content.digest, "statement_version": content.version}
    change = Change.of(row, **settled)
    if change:
        change.save(actor=actor)
    report = {"id": name, "version": content.version.number, "sha256": sha256, "size": size}
    record(PACK_FROZEN, row, actor=actor, change=change, after_hash=content.digest, evidence=[report])
    return row


@transaction.atomic
def complete_pack(pack: Pack, made: MadePack, *, actor: Actor) -> Pack:
    """Note that the file is there, and that its checkpoint went outside with it; done twice it changes nothing."""
    row = Pack.objects.select_for_update().get(pk=pack.pk)
    fields = {"sha256": made.sha256, "size": made.size, "files": made.files, "name": made.name}
    change = Change.of(row, **fields, records=made.records, is_kept=made.is_kept)
    if change:
        change.save(actor=actor)
        record(PACK_MADE, row, actor=actor, change=change, after_hash=made.sha256)
        checkpoint = Checkpoint.objects.get(size=made.records)
        Anchor(checkpoint=checkpoint, aims_id=row.aims_id, kind=AnchorKind.PACK, place=row.code).save()
        seal_now(row.aims_id)
    return row


@transaction.atomic
def cancel_pack(pack: Pack, *, actor: Actor) -> Pack:
    """Stop a pack that is not finished; what was written of it is dropped."""
    require(may_cancel_pack(actor, pack))
    row = Pack.objects.select_for_update().select_related(None).get(pk=pack.pk)
    if row.job is None or not cancel(row.job):
        raise NotCancellable(_("This pack is finished already."))
    record(PACK_CANCELLED, row, actor=actor)
    return row


@transaction.atomic
def download_pack(pack: Pack, *, actor: Actor) -> BinaryIO:
    """Return the open file of a pack that is ready; each time is recorded, before the first byte leaves."""
    require(
        may_take_pack(actor, pack), _("This pack is taken out by those who make packs, and by seats that share it.")
    )
    if not pack.is_ready or not pack.is_kept:
        raise NotThere(_("This pack is not kept here.") if pack.is_ready else _("This pack is not finished."))
    try:
        stream = open_stored(pack.sha256)
    except FileNotFoundError as error:
        raise NotThere(_("The file of this pack is missing from the store. Make the pack again.")) from error
    record(PACK_DOWNLOADED, pack, actor=actor, after_hash=pack.sha256)
    return stream
