"""Go on after what only a person may judge: a restored database, a record that is not ours, a text to erase."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal
from ledger import known
from ledger.actions.checkpoint import add_key
from ledger.actions.record import record
from ledger.actions.seal import is_ours, seal_soon
from ledger.events import ERASED, RESUMED, SET_ASIDE
from ledger.holding import within
from ledger.models import Annex, Incarnation, Log, Record, SetAside, Waiting, new_origin
from ledger.notes import Head


class NotResumable(Refusal):
    """The log is not behind any checkpoint, so there is nothing to resume."""


class NotOurs(Refusal):
    """The record is one of ours, or waits for nothing."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record as the subject of another one: by its event id, which never changes."""

    event_id: UUID
    version: int = 1
    ref_kind: str = "record"

    @property
    def ref_code(self) -> str:
        """Its event id."""
        return str(self.event_id)

    @property
    def ref(self) -> str:
        """The typed reference."""
        return f"{self.ref_kind}:{self.event_id}"


def resume(aims_id: int, *, actor: Actor, reason: str) -> Incarnation:
    """Begin a new incarnation of a restored log: a new origin, whose first record names what was restored and lost.

    The tree goes on, so records keep their numbers; checkpoints of the new origin never contradict those of the old.
    """
    with within(aims_id), transaction.atomic():
        log = Log.unscoped.select_for_update().get(aims_id=aims_id)
        lost = _lost(log)
        if not Incarnation.unscoped.filter(log=log).exists():
            Incarnation(log=log, aims_id=aims_id, number=1, origin=log.origin, begun_at=clock.now()).save()
        row = Incarnation(
            log=log,
            aims_id=aims_id,
            number=Incarnation.unscoped.filter(log=log).count() + 1,
            origin=new_origin(),
            restored_size=log.size,
            restored_root=log.root,
            lost_size=lost.size,
            lost_root=lost.root.hex(),
            begun_at=clock.now(),
        )
        row.save(force_insert=True)
        Log.unscoped.filter(pk=log.pk).update(origin=row.origin, halted="")
        decision = {
            "mode": "continue",
            "outcome": f"restored to {row.restored_size} {row.restored_root}",
            "previous": f"known to {row.lost_size} {row.lost_root}",
        }
        record(RESUMED, row, actor=actor, reason=reason, decision=decision)
    seal_soon(aims_id)
    add_key(aims_id, actor=actor, reason=reason)
    return row


def _lost(log: Log) -> Head:
    if (other := known.against(log.origin)) is not None:
        return other
    newest = known.newest(log.origin)
    root = bytes.fromhex(log.root)
    if newest is None or log.size > newest.size or (log.size == newest.size and root == newest.root):
        raise NotResumable(_("This log is as new as every checkpoint that is known of it. There is nothing to resume."))
    return newest


def set_aside(row: Record, *, actor: Actor, reason: str) -> SetAside:
    """Let the log go on without an unsealed record that Assay did not write; the row stays, and so does its name."""
    with within(row.aims_id), transaction.atomic():
        if is_ours(row) or not Waiting.unscoped.filter(record=row).exists():
            raise NotOurs(_("Only a record that waits for its number and was not written by Assay is set aside."))
        kept = SetAside(record=row, aims_id=row.aims_id, reason=reason, by_pseudonym=actor.pseudonym, at=clock.now())
        kept.save(force_insert=True)
        Waiting.unscoped.filter(record=row).delete()
        Log.unscoped.filter(aims_id=row.aims_id).update(halted="")
        record(SET_ASIDE, Named(row.event_id), actor=actor, reason=reason)
    seal_soon(row.aims_id)
    return kept


@transaction.atomic
def erase(row: Record, *, actor: Actor, reason: str, fields: Collection[str] | None = None) -> Record:
    """Erase the texts and salts beside a record, all or those named; what it commits to stays.

    Nobody can find the text from its commitment, because the salt goes with it.
    """
    texts = Annex.objects.filter(record=row)
    (texts if fields is None else texts.filter(field__in=fields)).update(text="", salt=b"")
    return record(ERASED, Named(row.event_id), actor=actor, reason=reason)
