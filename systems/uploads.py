"""What is uploaded to be synced or imported: what kind it is, and the while it is kept until somebody has looked."""

import io
import zipfile
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from systems.record.reading import MAX_BYTES
from systems.sync.files import SUFFIXES, Found, Source, SyncFault

HOUR = 3600
MOST_FILES = 5_000
MOST_UNPACKED = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody gave, under a name that only they can ask for again."""

    token: str
    name: str
    data: bytes

    @property
    def is_records(self) -> bool:
        """Whether it holds records in YAML; anything else is taken for a register."""
        return self.name.lower().endswith(SUFFIXES) or self._is_archive

    @property
    def _is_archive(self) -> bool:
        if not self.data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return "[Content_Types].xml" not in archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return self.name.lower().endswith(".zip")

    def found(self) -> Found:
        """The records in it, ready to be compared; no file counts as vanished."""
        if not self._is_archive:
            return Found((Source(f"upload/{self.name}"[-500:], self.name, self.data),))
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return _unpacked(archive)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
            return Found(faults=(SyncFault(self.name, 0, _("The archive is damaged, or has a password.")),))


def keep(name: str, data: bytes, actor: Actor) -> Upload:
    """Keep an upload for an hour; whoever gave it looks at it first."""
    upload = Upload(token_urlsafe(18), name, data)
    cache.set(_key(upload.token, actor), (name, data), HOUR)
    return upload


def kept(token: str, actor: Actor) -> Upload | None:
    """Return what this actor uploaded here lately."""
    found: Any = cache.get(_key(token, actor)) if token else None
    return Upload(token, *found) if found else None


def forget(upload: Upload, actor: Actor) -> None:
    """Let go of what was taken in."""
    cache.delete(_key(upload.token, actor))


def _key(token: str, actor: Actor) -> str:
    return f"systems.upload:{current_aims_id()}:{actor.user_id}:{token[:64]}"


def _unpacked(archive: zipfile.ZipFile) -> Found:
    parts = [part for part in archive.infolist() if _is_record(part.filename) and not part.is_dir()]
    if not parts:
        return Found(faults=(SyncFault(archive.filename or "ZIP", 0, _("There is no .yaml or .yml file in it.")),))
    if len(parts) > MOST_FILES or sum(min(part.file_size, MAX_BYTES) for part in parts) > MOST_UNPACKED:
        return Found(faults=(SyncFault("ZIP", 0, _("There is too much in this archive.")),))
    sources = []
    for part in parts:
        with archive.open(part) as stream:
            name = part.filename.replace("\\", "/").lstrip("/")
            sources.append(Source(f"upload/{name}"[-500:], name, stream.read(MAX_BYTES + 1)))
    return Found(tuple(sources))


def _is_record(name: str) -> bool:
    steps = name.replace("\\", "/").split("/")
    hidden = [step for step in steps if step.startswith((".", "__MACOSX")) and step not in (".", "..")]
    return name.lower().endswith(SUFFIXES) and not hidden
