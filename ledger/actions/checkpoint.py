"""Sign what a log holds: checkpoints in C2SP form, each held to the one before it, with keys that can be replaced."""

import logging
from contextlib import suppress
from hashlib import sha256

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor, service
from accounts.refusals import Refusal
from accounts.sealed import CannotUnseal
from ledger import known
from ledger.actions.record import record
from ledger.actions.seal import halt, seal_soon
from ledger.events import KEY_ADDED
from ledger.holding import holding, sealer, within
from ledger.keys import key_of, new_key, private_of
from ledger.merkle import Frontier
from ledger.models import Checkpoint, Leaf, Log, LogKey
from ledger.notes import Head, signed
from ledger.ports import raise_alarm

CHUNK = 10_000
SEALER = service("sealer")

logger = logging.getLogger(__name__)


class NotSignable(Refusal):
    """There is nothing to sign, or the head is not what its leaves make."""


def checkpoint(aims_id: int) -> Checkpoint:
    """Return a signed checkpoint over every record that has a number, signing one where none stands.

    Raises NotSignable, RolledBack, and CannotUnseal where SIGNING_SECRET is another one.
    """
    ensure_key(aims_id)
    with holding(aims_id) as log:
        if log is None:
            raise NotSignable(_("Nothing has been recorded yet."))
        last = _newest(log)
        known.hold(log.origin, log.size, bytes.fromhex(log.root))
        if last is not None and last.size == log.size:
            return last
        _hold_to(last, log)
        return _sign(log)


def ensure_key(aims_id: int) -> None:
    """Make the log's first key under its origin, with its record; two who try at once end with one."""
    with within(aims_id):
        log = Log.unscoped.filter(aims_id=aims_id).first()
        if log is None or LogKey.unscoped.filter(log=log, name=log.origin).exists():
            return
    try:
        add_key(aims_id, actor=SEALER)
    except IntegrityError:
        logger.info("The key of log %s was made by somebody else at the same moment.", aims_id)


def add_key(aims_id: int, *, actor: Actor, reason: str = "") -> LogKey:
    """Let the log sign with a fresh key from here on; its record lies under the first root that it signs."""
    with within(aims_id), transaction.atomic():
        log = Log.unscoped.get(aims_id=aims_id)
        row = new_key(log, LogKey.unscoped.filter(log=log).count() + 1)
        row.save(force_insert=True)
        digest = sha256(key_of(row).text.encode()).hexdigest()
        record(KEY_ADDED, row, actor=actor, reason=reason, after_hash=digest)
    seal_soon(aims_id)
    return row


def sign_grown() -> int:
    """Sign every log that grew since its newest checkpoint and return how many; called by the ticker after sealing."""
    grown = Log.unscoped.filter(size__gt=F("signed_size")).order_by("aims_id").values_list("aims_id", flat=True)
    return sum(try_to_sign(aims_id) for aims_id in list(grown))


def try_to_sign(aims_id: int) -> bool:
    """Sign, or say why not: a busy head is left for the next beat, anything else is noted and told once."""
    try:
        checkpoint(aims_id)
    except OperationalError:
        return False
    except known.RolledBack as fault:
        halt(aims_id, str(fault))
        return False
    except (NotSignable, CannotUnseal) as fault:
        with within(aims_id):
            rows = Log.unscoped.filter(aims_id=aims_id).exclude(unsigned=fault.message)
            is_news = rows.update(unsigned=fault.message)
        if is_news:
            logger.exception("The log of AIMS %s is not signed any further.", aims_id)
            raise_alarm(aims_id, fault.message)
        return False
    return True


def _newest(log: Log) -> Checkpoint | None:
    return Checkpoint.unscoped.using(sealer()).filter(log=log).order_by("-size").first()


def _hold_to(last: Checkpoint | None, log: Log) -> None:
    """Sign nothing that is inconsistent with what was signed: the leaves since then have to lead to the head."""
    size, nodes = (last.size, last.frontier) if last else (0, [])
    frontier = Frontier(size, map(bytes.fromhex, nodes))
    if last is not None and frontier.root.hex() != last.root:
        raise NotSignable(_("The newest checkpoint was changed. Run manage.py verify_chain."))
    rows = Leaf.unscoped.using(sealer()).filter(log=log, number__gt=size, number__lte=log.size).order_by("number")
    for leaf in rows.values_list("leaf_hash", flat=True).iterator(chunk_size=CHUNK):
        frontier.append(bytes.fromhex(leaf))
    if frontier.size != log.size or frontier.root.hex() != log.root:
        raise NotSignable(_("The head of the log is not what its leaves make. Run manage.py verify_chain."))


def _sign(log: Log) -> Checkpoint:
    text = Head(log.origin, log.size, bytes.fromhex(log.root)).text
    row = Checkpoint(
        log=log,
        aims_id=log.aims_id,
        size=log.size,
        root=log.root,
        note=_note(log, text).encode(),
        frontier=log.frontier,
        made_at=clock.now(),
    )
    row.save(using=sealer(), force_insert=True)
    Log.unscoped.using(sealer()).filter(pk=log.pk).update(signed_size=log.size, unsigned="")
    transaction.on_commit(lambda: known.keep(row.text), using=sealer())
    return row


def _note(log: Log, text: str) -> str:
    """Sign with the newest key; the first time also with the one before it, so that trust passes from key to key.

    A key before it that cannot be opened is why there is a new one.
    """
    newest, *before = LogKey.unscoped.filter(log=log, name=log.origin).order_by("-number")[:2]
    note = signed(text, newest.name, private_of(newest))
    is_first = not Checkpoint.unscoped.using(sealer()).filter(log=log, made_at__gte=newest.made_at).exists()
    if before and is_first:
        with suppress(CannotUnseal):
            note += signed(text, before[0].name, private_of(before[0])).removeprefix(f"{text}\n")
    return note
