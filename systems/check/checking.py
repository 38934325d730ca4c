"""Read the files that were named, hold them to the schema, and have them judged."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from policies.engine import NoEngine, Outcome, Source, State, judge
from policies.files import shipped, sources_in
from policies.metadata import metadata_of
from policies.stages import STAGES, is_due
from systems.record.places import at, stage_of
from systems.record.reading import MAX_BYTES, Reading, read
from systems.record.schema import faults_of

ENDINGS = (".yaml", ".yml")
STAGE_OF_ENVIRONMENT = {"staging": "verification", "production": "operation"}
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and the line it is about; 0 where no line can be named."""

    words: str
    line: int = 0


@dataclass(slots=True)
class Checked:
    """A file, as it was named, and what is wrong with it: faults of the file, and messages of policies."""

    path: str
    reading: Reading = field(default_factory=Reading)
    errors: list[Said] = field(default_factory=list)
    deny: list[Said] = field(default_factory=list)

    @property
    def is_allowed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors and not self.deny


class NoPolicies(Exception):
    """The policies cannot be found; the message says which."""


def check(paths: Sequence[str], sources: Sequence[Source], *, today: date, stage: str = "") -> list[Checked]:
    """Check every file at the paths, as if the systems were at a stage where one is given."""
    files = [_read(path) for path in dict.fromkeys(_named(paths))]
    _hold_ids_apart(files)
    whole = [file for file in files if file.reading.record and not file.reading.faults]
    for file in whole:
        file.errors[:0] = [Said(fault.words, fault.line) for fault in faults_of(file.reading)]
    _judge(whole, sources, today, stage)
    return files


def sources_at(place: str | None) -> list[Source]:
    """Return the policies of a folder, or the shipped ones; raises NoPolicies where there is no such folder."""
    if place is None:
        return list(shipped())
    if not Path(place).exists():
        raise NoPolicies(_("%s: there is no such folder of policies.") % place)
    return list(sources_in(Path(place)))


def _named(paths: Sequence[str]) -> Iterator[str]:
    """Return the files to read, as they were named; folders that begin with a dot, such as .git, are no records."""
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112  (false, too, for names no file can have)
            yield path
            continue
        found = []
        for folder, inner, names in os.walk(path):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            found += [os.path.join(folder, name) for name in sorted(names) if name.lower().endswith(ENDINGS)]  # noqa: PTH118
        yield from found or [path]


def _read(path: str) -> Checked:
    file = Checked(path)
    place = Path(path)
    try:
        if place.exists() and not place.is_file():
            is_folder = place.is_dir()
            words = _("This folder holds no .yaml or .yml file.") if is_folder else _("This is not a file.")
            file.errors.append(Said(words))
            return file
        with place.open("rb") as stream:
            file.reading = read(stream.read(MAX_BYTES + 1))
    except (OSError, ValueError) as error:
        file.errors.append(Said(_unreadable(error)))
    file.errors += [Said(fault.words, fault.line) for fault in file.reading.faults]
    return file


def _unreadable(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return _("There is no such file or folder.")
    return _("The file cannot be read: %s.") % (getattr(error, "strerror", None) or error)


def _hold_ids_apart(files: Sequence[Checked]) -> None:
    """Note ids that two files have, or that differ in their case only."""
    holders: dict[str, dict[str, Checked]] = defaultdict(dict)
    for file in files:
        said = file.reading.record.get("id")
        if isinstance(said, str):
            holders[said.casefold()].setdefault(os.path.realpath(file.path), file)
    for same in holders.values():
        for place, file in same.items():
            others = [other for where, other in same.items() if where != place]
            if others:
                file.errors.append(_twice(file, others))


def _twice(file: Checked, others: Sequence[Checked]) -> Said:
    own, line = file.reading.record["id"], file.reading.line_of(("id",))
    told = [f"{other.path} ({other.reading.record['id']})" for other in others[:MOST_NAMED]]
    told += [_("%d more") % (len(others) - MOST_NAMED)] if len(others) > MOST_NAMED else []
    said = {"id": own, "files": ", ".join(told)}
    return Said(_("The id %(id)s is also that of %(files)s, whatever its case.") % said, line)


def _judge(files: Sequence[Checked], sources: Sequence[Source], today: date, stage: str) -> None:
    """Add what the policies say; a policy that cannot be used is an error of every file."""
    if not sources:
        return
    try:
        told = judge(sources, [file.reading.record for file in files], today=today)
    except NoEngine as error:
        for file in files:
            file.errors.append(Said(str(error)))
        return
    due = _due(sources, told.packages)
    broken = [Said(_("policy %s") % fault) for fault in told.faults]
    if not broken and not told.packages:
        broken = [Said(_("No policy has a rule named deny, so nothing was judged."))]
    for file, outcomes in zip(files, told.outcomes, strict=True):
        now = stage or _stage(file.reading)
        said = [outcome for package, outcome in outcomes.items() if is_due(due[package], now)]
        is_sound = not file.errors
        file.errors += broken
        for outcome in said:
            _take(file, outcome, is_sound=is_sound)


def _due(sources: Sequence[Source], packages: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the stage each package is due from: the earliest its files say, none where one says none."""
    said = {source.name: metadata_of(source.text).due_from for source in sources}
    return {name: min((said[file] for file in files), key=_rank) for name, files in packages.items()}


def _rank(due_from: str) -> int:
    return STAGES.index(due_from) if due_from else -1


def _stage(reading: Reading) -> str:
    """Return the stage a record claims, or the later one its environment stands for."""
    claimed = stage_of(str(at(reading.record, "lifecycle", "stage")))
    runs = STAGE_OF_ENVIRONMENT.get(str(at(reading.record, "deployment", "environment")), "")
    return max(claimed, runs, key=_rank) if claimed in STAGES and runs else claimed


def _take(file: Checked, outcome: Outcome, *, is_sound: bool) -> None:
    """Add what one policy says; that it cannot read a record that breaks the schema is no news."""
    if outcome.state == State.ERROR and is_sound:
        file.errors.append(Said(_("policy %s") % outcome.error))
    known = {said.words for said in file.deny}
    for denial in outcome.denials:
        if denial.message not in known:
            path = tuple(_steps(denial.field))
            file.deny.append(Said(denial.message, file.reading.line_of(path) if path else 0))
            known.add(denial.message)


def _steps(place: str) -> Iterator[str | int]:
    """Read a place as people write it, such as data.sources[2].name, whose rows are counted from one."""
    for part in place.replace("[", ".[").split("."):
        number = part[1:-1]
        if part.startswith("[") and part.endswith("]") and number.isdigit():
            yield int(number) - 1
        elif part:
            yield part
