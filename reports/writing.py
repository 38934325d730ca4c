"""A file that commands write: whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management.base import CommandError

from aims.models import Aims


def write_whole(out: Path, data: bytes) -> None:
    """Write beside the target and put it in its place; raises OSError."""
    with NamedTemporaryFile(dir=out.parent, prefix=".soa-", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(out)


def aims_named(slug: str, out: Path) -> Aims:
    """Return the AIMS of a command that writes to `out`, or say what is not there."""
    if not out.parent.is_dir():
        raise CommandError(f"There is no folder {out.parent}.")
    aims = Aims.objects.filter(slug=slug, removed_at__isnull=True).first()
    if aims is None:
        raise CommandError(f"There is no AIMS “{slug}”.")
    return aims
