"""Find the files of records below folders, and read them; what links out of a folder is not followed."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from systems.record.reading import MAX_BYTES
from systems.sync.git import top_of

SUFFIXES = (".yaml", ".yml")
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """One file: `path` is what the registry calls it, `shown` what its reader calls it, `place` where it lies."""

    path: str
    shown: str
    data: bytes
    place: Path | None = None
    commit: str = ""
    author: str = ""

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """Its text as it stands, with its mark and line ends; only for what was read without faults."""
        return self.data.decode("utf-8")


@dataclass(frozen=True, slots=True)
class SyncFault:
    """What does not fit, in which file and on which line (0 where no line can be named)."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a sync, and the folders whose other files would count as vanished."""

    sources: tuple[Source, ...] = ()
    folders: tuple[str, ...] = ()
    faults: tuple[SyncFault, ...] = ()


@dataclass(slots=True)
class _Search:
    name: str
    sources: dict[Path, Source] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    faults: list[SyncFault] = field(default_factory=list)
    tops: dict[Path, Path | None] = field(default_factory=dict)

    def refuse(self, shown: Path | str, reason: str) -> None:
        self.faults.append(SyncFault(_plain(shown), 0, reason))


def find(paths: Sequence[Path], *, name: str = "") -> Found:
    """Read every .yaml and .yml file below the paths, and the files that are named themselves.

    `name` is what the registry calls the first folder of their paths: by default the git work tree, or the folder.
    """
    search = _Search(name)
    for path in paths:
        if path.is_dir():
            _folder(search, path)
        elif path.is_file():
            _take(search, path, path.resolve(), _label(search, path.resolve().parent))
        else:
            search.refuse(path, _("There is no such file or folder."))
    if len(search.sources) > MOST:
        search.refuse(paths[0], _("There are more than %d files here.") % MOST)
    return Found(tuple(search.sources.values()), tuple(search.folders), tuple(search.faults))


def _folder(search: _Search, path: Path) -> None:
    root = path.resolve()
    label = _label(search, root)
    search.folders.append(_plain(label))
    for folder, names, files in os.walk(root):
        names[:] = sorted(_inside(search, Path(folder), names, path, root))
        inner = Path(folder).relative_to(root)
        for name in sorted(files):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                place = Path(folder) / name
                _take_inside(search, path / inner / name, place, root, (Path(label) / inner).as_posix())


def _inside(search: _Search, folder: Path, names: Sequence[str], path: Path, root: Path) -> Iterator[str]:
    for name in names:
        place = folder / name
        if name.startswith("."):
            continue
        if place.is_symlink():
            if not place.resolve().is_relative_to(root):
                search.refuse(path / place.relative_to(root), _("This links out of the folder and is not read."))
            continue
        yield name


def _take_inside(search: _Search, shown: Path, place: Path, root: Path, label: str) -> None:
    if place.is_symlink():
        target = place.resolve()
        if not target.is_relative_to(root):
            return search.refuse(shown, _("This links out of the folder and is not read."))
        if target.suffix.lower() in SUFFIXES and target.is_file():
            return None  # it is read under its own name
    if not place.is_file():
        return search.refuse(shown, _("This is no file that can be read."))
    return _take(search, shown, place, label)


def _take(search: _Search, shown: Path, place: Path, label: str) -> None:
    try:
        with place.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return search.refuse(shown, _("This cannot be read: %s.") % (error.strerror or error))
    search.sources.setdefault(place, Source(_plain(f"{label}/{place.name}")[-500:], _plain(shown), data, place))
    return None


def _plain(name: Path | str) -> str:
    """Return a name that can be stored and printed, whatever bytes it is made of."""
    return str(name).encode(errors="replace").decode()


def _label(search: _Search, folder: Path) -> str:
    """Return what a folder is called wherever it is checked out: by its work tree, or by its own name."""
    if folder not in search.tops:
        search.tops[folder] = top_of(folder)
    top = search.tops[folder] or folder
    inner = folder.relative_to(top).as_posix()
    first = search.name or top.name or "files"
    return first if inner == "." else f"{first}/{inner}"
