"""The stored files of a backup: copied out and in, hashed on the way, listed in `manifest.txt`."""

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from backup.form import FILES, MANIFEST, Files
from backup.refusals import NotABackup
from evidence.integrity.holdings import Holdings
from evidence.store import CHUNK, Stored, place_of, store

LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,17})\n")
NAMED = 100


class Unreadable(Exception):
    """A file of the store is not there, or the system does not give its bytes."""


class Copying:
    """Copies files into a folder; what is not what was given is left out, counted and named."""

    def __init__(self, folder: Path, holdings: Holdings) -> None:
        self._holdings = holdings
        self._root = folder / FILES
        self._manifest = folder / MANIFEST
        self.count = self.bytes = self.altered = self.missing = 0
        self.not_kept: list[str] = []

    def copy(self) -> Files:
        """Copy every file in order of hash, write their list, and return what became of them."""
        self._root.mkdir(mode=0o700)
        digest = sha256()
        with self._manifest.open("wb") as manifest:
            for stored in filter(self._copied, self._holdings.after()):
                line = f"{stored.sha256} {stored.size}\n".encode()
                digest.update(line)
                manifest.write(line)
            manifest.flush()
            os.fsync(manifest.fileno())
        told = (self.count, self.bytes, digest.hexdigest(), self.altered, self.missing)
        return Files(*told, tuple(self.not_kept))

    def _copied(self, stored: Stored) -> bool:
        """Copy one file and count what became of it."""
        try:
            found = _copy(stored.sha256, self._root)
        except Unreadable as error:
            self.missing += 1
            self._name(stored, f"missing: {error}")
            return False
        if found != stored:
            place_of(self._root, stored.sha256).unlink()
            self.altered += 1
            self._name(stored, f"altered: its {found.size} bytes hash to {found.sha256}")
            return False
        self.count += 1
        self.bytes += stored.size
        return True

    def _name(self, stored: Stored, fault: str) -> None:
        if len(self.not_kept) < NAMED:
            held, more = self._holdings.holders(stored, 3)
            names = ", ".join(f"{file.name} of {file.what}" for file in held)
            self.not_kept.append(f"{names}{f' and {more} more' if more else ''} ({stored.sha256}), {fault}")


def _copy(name: str, root: Path) -> Stored:
    """Copy one file of the store and return what was read; raises Unreadable, then nothing is left."""
    try:
        place = place_of(root, name)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = sha256(), 0
    try:
        with place.open("xb") as file:
            for chunk in _chunks(name):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except Unreadable:
        place.unlink()
        raise
    return Stored(digest.hexdigest(), size)


def _chunks(name: str) -> Iterator[bytes]:
    """Read a file of the store; what goes wrong here is the store's fault and never that of the place copied to."""
    try:
        with store().open(name) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error


def listed(folder: Path, files: Files) -> Iterator[Stored]:
    """Return what the manifest lists, raising NotABackup at its end where it is another than `backup.json` names."""
    digest = sha256()
    try:
        with (folder / MANIFEST).open("rb") as manifest:
            for line in manifest:
                digest.update(line)
                found = LINE.fullmatch(line.decode("ascii", "replace"))
                if found is None:
                    raise NotABackup(f"{folder / MANIFEST} holds a line that is none of its own.")
                yield Stored(found[1], int(found[2]))
    except OSError as error:
        raise NotABackup(f"{folder / MANIFEST} cannot be read: {error.strerror}.") from error
    if digest.hexdigest() != files.manifest:
        raise NotABackup(f"{folder / MANIFEST} was changed or cut off since the backup was made.")


def check_files(folder: Path, files: Files) -> None:
    """Hash every file of a backup again, raising NotABackup for the first that is not what was backed up."""
    count = 0
    for stored in listed(folder, files):
        count += 1
        found = sum_of(place_of(folder / FILES, stored.sha256))
        if found != stored:
            raise NotABackup(f"{FILES}: {stored.sha256} was altered since the backup was made.")
    if count != files.count:
        raise NotABackup(f"{folder / MANIFEST} lists {count} files, the backup has {files.count}.")


def sum_of(place: Path) -> Stored:
    """Hash a file of a backup, raising NotABackup when it cannot be read."""
    digest, size = sha256(), 0
    try:
        with place.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise NotABackup(f"{place} cannot be read: {error.strerror}.") from error
    return Stored(digest.hexdigest(), size)


def bring_back(folder: Path, files: Files) -> int:
    """Put every file that the store does not hold whole into its place, and return how many; nothing else is touched.

    Raises NoRoom from the store, and NotABackup should a file change between its check and its copy.
    """
    return sum(_brought_back(folder, stored) for stored in listed(folder, files))


def _brought_back(folder: Path, stored: Stored) -> bool:
    if _holds(stored):
        return False
    staging = store().stage(stored.size)
    try:
        with place_of(folder / FILES, stored.sha256).open("rb") as file:
            while chunk := file.read(CHUNK):
                staging.write(chunk)
        if staging.finish().sha256 != stored.sha256:
            raise NotABackup(f"{FILES}: {stored.sha256} was altered while it was brought back.")
        staging.settle()
    finally:
        staging.discard()
    return True


def _holds(stored: Stored) -> bool:
    try:
        return store().holds(stored)
    except OSError:
        return False
