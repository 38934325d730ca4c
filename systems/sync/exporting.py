"""Every system as a file of YAML, and the folder they are written into: what others wrote there stays."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.utils.translation import gettext as _

from systems.models import AiSystem, RecordFile
from systems.record.reading import read
from systems.record.writing import alike, write
from systems.sync.files import SUFFIXES, SyncFault

_SAFE = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|. ][^\x00-\x1f\x7f/\\:*?\"<>|]{0,199}")


@dataclass(frozen=True, slots=True)
class Exported:
    """One system as a file."""

    name: str
    data: bytes
    system: AiSystem


@dataclass(frozen=True, slots=True)
class Written:
    """What an export did to a folder: with faults it did nothing."""

    written: tuple[Exported, ...] = ()
    unchanged: tuple[Exported, ...] = ()
    faults: tuple[SyncFault, ...] = ()


def exports(systems: Iterable[AiSystem] | None = None) -> list[Exported]:
    """Return systems as files, by code: the very text of the last sync where nothing changed; two queries."""
    files = {row.system_id: row for row in RecordFile.objects.all()}
    rows = list(AiSystem.objects.order_by("code") if systems is None else systems)
    names = {row.pk: _name(row, files.get(row.pk)) for row in rows}
    keys = {f"{row.key}.yaml".lower() for row in rows}
    count = Counter(name.lower() for name in names.values())
    return [_exported(row, files.get(row.pk), names[row.pk], count, keys) for row in rows]


def _exported(row: AiSystem, file: RecordFile | None, name: str, count: Counter[str], keys: set[str]) -> Exported:
    """Name it as its file was, unless two were called the same or it would take the name of another one's id."""
    own = f"{row.key}.yaml"
    is_free = count[name.lower()] == 1 and (name.lower() == own.lower() or name.lower() not in keys)
    text = write(row.record, file.text if file else "")
    return Exported(name if is_free else own, text.encode(), row)


def _name(row: AiSystem, file: RecordFile | None) -> str:
    name = file.path.rpartition("/")[2] if file else ""
    return name if _SAFE.fullmatch(name) and name.lower().endswith(SUFFIXES) else f"{row.key}.yaml"


def write_into(folder: Path, files: Sequence[Exported]) -> Written:
    """Write the files that say something else; where one stands that the registry never held, write nothing at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        settled = [(each, _settled(folder / each.name, each)) for each in files]
        faults = tuple(found for _each, found in settled if isinstance(found, SyncFault))
        written = tuple(found for _each, found in settled if isinstance(found, Exported) and not faults)
        for each in written:
            _put(folder / each.name, each.data)
    except OSError as error:
        return Written(faults=(SyncFault(str(error.filename or folder), 0, error.strerror or str(error)),))
    return Written(written, tuple(each for each, found in settled if found is None), faults)


def _settled(place: Path, file: Exported) -> Exported | SyncFault | None:
    """Return what is to be written at a place: nothing where the same is said, or why nothing may be.

    A file that says what the system once was keeps its own comments, which may be newer than those of the last sync.
    """
    if place.is_symlink() or (place.exists() and not place.is_file()):
        return SyncFault(str(place), 0, _("This is no plain file. Nothing is written over it."))
    if not place.exists():
        return file
    content = place.read_bytes()
    reading = read(content)
    if content == file.data or (not reading.faults and alike(reading.record, file.system.record)):
        return None
    past = AiSystem.history.filter(id=file.system.pk).values_list("record", flat=True)
    if not reading.faults and any(alike(reading.record, record) for record in past):
        return replace(file, data=write(file.system.record, content.decode()).encode())
    words = _("This holds what the registry never held of %s. Sync it first, or move it away.")
    return SyncFault(str(place), 0, words % file.system.code)


def _put(place: Path, data: bytes) -> None:
    """Write beside, then rename: nobody meets half a file."""
    with NamedTemporaryFile(dir=place.parent, prefix=".", suffix=".new", delete=False) as draft:
        try:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
        except OSError:
            Path(draft.name).unlink(missing_ok=True)
            raise
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(place)
