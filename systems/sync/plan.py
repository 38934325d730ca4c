"""Compare files with the registry: what each would do to it, and everything that does not fit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from systems.models import AiSystem, RecordFile, Stage
from systems.record.differences import Difference, differences
from systems.record.places import columns_of
from systems.record.reading import Reading, read
from systems.record.schema import dotted, faults_of, unknown
from systems.record.writing import alike
from systems.sync.files import Found, Source, SyncFault

VERDICTS = ("added", "changed", "unchanged", "behind", "vanished")
MOST_UNKNOWN = 20


@dataclass(frozen=True, slots=True)
class SyncRow:
    """One system as a sync finds it: `behind` is a file that the browser has gone past."""

    verdict: str
    key: str
    name: str
    path: str
    shown: str
    source: Source | None = None
    record: dict[str, Any] = field(default_factory=dict)
    system: AiSystem | None = None
    file: RecordFile | None = None
    places: tuple[Difference, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_kept_anew(self) -> bool:
        """Whether the text, the path or the return of its file is news."""
        if self.source is None or self.verdict == "behind":
            return False
        file = self.file
        return file is None or (file.sha256, file.path, file.gone_at) != (self.source.sha256, self.path, None)

    def as_json(self) -> dict[str, Any]:
        """The row as commands and the API print it."""
        told: dict[str, Any] = {"id": self.key, "name": self.name, "file": self.shown, "path": self.path}
        told |= {"system": self.system.code} if self.system else {}
        told |= {"commit": self.source.commit, "author": self.source.author} if self.source else {}
        if self.places:
            told["changes"] = [
                {"place": dotted(each.path), "old": each.before, "new": each.after} for each in self.places
            ]
        return told | {"unknown": list(self.unknown), "notes": list(self.notes)}


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a sync does, system by system; with any fault it does nothing."""

    rows: tuple[SyncRow, ...] = ()
    faults: tuple[SyncFault, ...] = ()

    def of(self, verdict: str) -> tuple[SyncRow, ...]:
        """The rows with this verdict."""
        return tuple(row for row in self.rows if row.verdict == verdict)

    @property
    def news(self) -> tuple[SyncRow, ...]:
        """The rows that write something."""
        return tuple(row for row in self.rows if row.verdict in ("added", "changed", "vanished") or row.is_kept_anew)

    def as_json(self) -> dict[str, Any]:
        """The plan as commands and the API print it."""
        told: dict[str, Any] = {verdict: [row.as_json() for row in self.of(verdict)] for verdict in VERDICTS}
        faults = [{"file": fault.file, "line": fault.line, "reason": fault.reason} for fault in self.faults]
        return told | {"faults": faults}


@dataclass(frozen=True, slots=True)
class _Registry:
    """What the registry holds, by id in small letters, and which file each system is kept in."""

    systems: dict[str, AiSystem]
    files: dict[int, RecordFile]

    @classmethod
    def now(cls) -> "_Registry":
        systems = {row.key.lower(): row for row in AiSystem.objects.all()}
        return cls(systems, {row.system_id: row for row in RecordFile.objects.all()})


@dataclass(frozen=True, slots=True)
class _Read:
    source: Source
    reading: Reading
    key: str


def plan_of(found: Found) -> SyncPlan:
    """Judge every file against the registry; two queries, however many there are, and nothing is written."""
    registry = _Registry.now()
    faults = list(found.faults)
    held = list(_read_all(found.sources, registry, faults))
    taken = _once_each(held, faults)
    rows = [row for each in taken if (row := _row(each, registry, faults))]
    rows += _vanished(found.folders, {each.key.lower() for each in held}, registry)
    return SyncPlan(tuple(rows), tuple(faults))


def _read_all(sources: Iterable[Source], registry: _Registry, faults: list[SyncFault]) -> Iterator[_Read]:
    trusted = {row.sha256 for row in registry.files.values()}
    for source in sources:
        reading = read(source.data)
        wrong = list(reading.faults) if source.sha256 in trusted else faults_of(reading)
        columns = columns_of(reading.record) if not wrong else None
        faults += [SyncFault(source.shown, fault.line, fault.words) for fault in wrong]
        for name, path in (("name", ("name",)), ("purpose", ("classification", "purpose"))):
            if columns and not columns[name]:  # type: ignore[literal-required]
                faults.append(SyncFault(source.shown, reading.line_of(path), _("%s is empty.") % dotted(path)))
        if columns:
            yield _Read(source, reading, columns["key"])


def _once_each(held: Sequence[_Read], faults: list[SyncFault]) -> list[_Read]:
    first: dict[str, _Read] = {}
    for each in held:
        other = first.setdefault(each.key.lower(), each)
        if other is not each:
            only_case = _("The id %(key)s differs only in its case from %(other)s in %(file)s.")
            words = _("The id %(key)s is in %(file)s too.") if other.key == each.key else only_case
            said = words % {"key": each.key, "other": other.key, "file": other.source.shown}
            faults.append(SyncFault(each.source.shown, each.reading.line_of(("id",)), said))
    return list(first.values())


def _row(each: _Read, registry: _Registry, faults: list[SyncFault]) -> SyncRow | None:
    system = registry.systems.get(each.key.lower())
    if system is None:
        return _described("added", each, None, None, ())
    line = each.reading.line_of(("id",))
    if system.key != each.key:
        said = {"key": each.key, "other": system.key, "code": system.code}
        words = _("The id %(key)s differs only in its case from %(other)s, which is %(code)s.") % said
        faults.append(SyncFault(each.source.shown, line, words))
        return None
    file = registry.files.get(system.pk)
    record = each.reading.record
    now, base = differences(system.record, record), _base(file, each)
    if not now:
        is_same = alike(system.record, record) or (file and file.sha256 == each.source.sha256)
        return _described("unchanged" if is_same else "changed", each, system, file, ())
    in_registry = differences(base, system.record) if base is not None else []
    if not in_registry:
        return _described("changed", each, system, file, now)
    in_file = differences(base, record)
    if not in_file:
        return _described("behind", each, system, file, now)
    faults += _conflict(each, system, in_registry, in_file)
    return None


def _base(file: RecordFile | None, each: _Read) -> dict[str, Any] | None:
    """Return what file and registry last agreed on."""
    if file is None:
        return None
    return each.reading.record if file.sha256 == each.source.sha256 else read(file.text.encode()).record


def _conflict(
    each: _Read, system: AiSystem, in_registry: Sequence[Difference], in_file: Sequence[Difference]
) -> Iterator[SyncFault]:
    said = {
        "code": system.code,
        "here": ", ".join(dotted(one.path) for one in in_registry[:5]),
        "there": ", ".join(dotted(one.path) for one in in_file[:5]),
    }
    words = _("%(code)s was edited here since the last sync (%(here)s), and the file changed too (%(there)s).") % said
    words += " " + _("Export the system, bring both together in the file and sync again.")
    yield SyncFault(each.source.shown, each.reading.line_of(in_file[0].path), words)


def _described(
    verdict: str, each: _Read, system: AiSystem | None, file: RecordFile | None, places: Sequence[Difference]
) -> SyncRow:
    record = each.reading.record
    strange = tuple(f"{dotted(path)} (line {each.reading.line_of(path)})" for path in unknown(record)[:MOST_UNKNOWN])
    notes = tuple(_notes(verdict, each, system, file, strange))
    name, path = str(record["name"]), each.source.path
    return SyncRow(
        verdict,
        each.key,
        name,
        path,
        each.source.shown,
        each.source,
        record,
        system,
        file,
        tuple(places),
        strange,
        notes,
    )


def _notes(
    verdict: str, each: _Read, system: AiSystem | None, file: RecordFile | None, strange: Sequence[str]
) -> Iterator[str]:
    signed = system.stage if system else Stage.INCEPTION
    claimed = columns_of(each.reading.record)["claimed_stage"]
    if claimed and claimed != signed:
        said = {"claimed": _stage(claimed), "signed": _stage(signed)}
        yield _("The file says %(claimed)s; signed is %(signed)s. A file never moves the stage.") % said
    if strange:
        yield _("Fields that the schema does not know are kept: %s.") % ", ".join(strange)
    if verdict == "behind":
        yield _("Edited here since the last sync: the file is behind, and nothing is changed. Export it.")
    if file and file.gone_at:
        yield _("The file is back.")
    elif file and file.path != each.source.path:
        yield _("The file was at %s.") % file.path


def _stage(word: str) -> str:
    return str(Stage(word).label) if word in Stage.values else word


def _vanished(folders: Sequence[str], there: set[str], registry: _Registry) -> Iterator[SyncRow]:
    """Yield the systems that were kept below these folders and are in no file any more."""
    heads = tuple(f"{folder}/" for folder in folders)
    for system in registry.systems.values():
        file = registry.files.get(system.pk)
        if file and file.gone_at is None and file.path.startswith(heads) and system.key.lower() not in there:
            note = _("No file holds it any more. Its owner is asked to retire it; nothing is deleted.")
            yield SyncRow(
                "vanished", system.key, system.name, file.path, file.path, system=system, file=file, notes=(note,)
            )
