"""From a pack that was asked for to its file: what the job `reports.pack` and the command `make_pack` share."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from ledger.actions import checkpoint, seal_all
from ledger.models import Log
from reports.actions.complete import carried_by
from reports.actions.pack import MadePack, freeze_pack
from reports.make import checkpoint_for, file_name, pressed, signatory_for
from reports.models import Edition, Pack
from reports.pack.build import Builder, Frame, Report
from reports.pack.content import Content, read_content
from reports.pack.selection import Selection
from reports.render import Renderer
from reports.sources import source_of

Told = Callable[[int, str], None]
ATTEMPTS = 3


class StillMoving(Refusal):
    """The state at the instant was not yet all committed, each time it was read."""


def selection_of(pack: Pack) -> Selection:
    """Return what was chosen."""
    return Selection(pack.preset, tuple(pack.controls), pack.with_files, pack.as_of)


def make(pack: Pack, aims: Aims, target: IO[bytes], told: Told, *, actor: Actor) -> MadePack:
    """Write the pack into an open file, seekable and private to the caller; raises Refusal with words for a person."""
    told(2, _("Read what is handed over"))
    content, report, frame = _settled(pack, aims, told, actor)
    with acting_in(aims, actor):
        files = Builder(target, content, report, frame, told).build()  # type: ignore[arg-type]
    target.flush()
    os.fsync(target.fileno())
    digest, size = _measured(target)
    return MadePack(digest, size, files, f"{aims.slug}-pack-{pack.code}.zip", frame.checkpoint.size)


def _settled(pack: Pack, aims: Aims, told: Told, actor: Actor) -> tuple[Content, Report, Frame]:
    """Read and freeze; anew when a change that began before the instant was committed only after it was read."""
    for _attempt in range(ATTEMPTS):
        content, report = _read(aims, selection_of(pack), told, actor)
        frame = _freeze(pack, aims, content, report, actor)
        with acting_in(aims, actor):
            if read_content(aims, content.selection, at=content.instant).told == content.told:
                return content, report, frame
    raise StillMoving(_("The records changed while they were read. Make the pack again in a minute."))


def _read(aims: Aims, selection: Selection, told: Told, actor: Actor) -> tuple[Content, Report]:
    with Renderer() as renderer:
        checkpoint = checkpoint_for(aims)
        with acting_in(aims, actor):
            content = read_content(aims, selection)
            about: dict[str, Any] = {"version": content.version, "as_of": selection.as_of}
            source = source_of(aims, edition=Edition.FULL, **about, checkpoint=checkpoint)
            signatory = signatory_for(aims, source, actor=actor)
        made = pressed(renderer, source, lambda percent, step: told(5 + percent // 2, step), signatory=signatory)
    return content, Report(file_name(source), made.pdf, made.pages, checkpoint.size)


def _freeze(pack: Pack, aims: Aims, content: Content, report: Report, actor: Actor) -> Frame:
    """Record what is handed over, then sign the log over that record: the pack's chain ends there."""
    with acting_in(aims, actor):
        digest = sha256(report.pdf).hexdigest()
        freeze_pack(pack, content, name=report.path, sha256=digest, size=len(report.pdf), actor=actor)
        carried_by(pack.ref, aims.pk, report.records)
    seal_all(aims.pk, wait=True)
    row = checkpoint(aims.pk)
    return Frame(Log.unscoped.get(aims_id=aims.pk), row, clock.now(), pack.code)


def _measured(file: IO[bytes]) -> tuple[str, int]:
    digest, size = sha256(), 0
    file.seek(0)
    while chunk := file.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


@contextmanager
def beside(out: Path) -> Iterator[IO[bytes]]:
    """Open a private file beside `out` that takes its name when all is well, and leaves nothing behind otherwise."""
    with NamedTemporaryFile("w+b", dir=out.parent, prefix=".pack-", delete=False) as file:
        draft = Path(file.name)
        try:
            yield file
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    draft.chmod(0o644)
    draft.replace(out)
