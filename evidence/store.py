"""Where the bytes of evidence lie: under their SHA-256, never in a folder that the web serves (trust.md 2)."""

import errno
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256 as new_sha256
from pathlib import Path
from typing import BinaryIO, Self
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.refusals import Refusal

CHUNK = 1024 * 1024
ABANDONED_AFTER = 24 * 60 * 60
INCOMING = "incoming"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class TooLarge(Refusal):
    """The file is larger than the limit (413); nothing of it was kept."""

    field = "files"


class NoRoom(Refusal):
    """The disk is full (507); nothing of the file was kept."""

    field = "files"


class StoreAway(Refusal):
    """The store does not answer, or refuses what it has to do (503): a later attempt may go through."""

    field = "files"
    may_pass = True


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that the store holds: their SHA-256 (hex) and their size in bytes."""

    sha256: str
    size: int


Keep = Callable[[Path, Stored], None]


class Staging:
    """Bytes on their way in: hashed while written, then settled under their hash or discarded without a trace."""

    def __init__(self, incoming: Path, limit: int, keep: Keep) -> None:
        self._keep = keep
        self._limit = limit
        self._digest = new_sha256()
        self.size = 0
        self.path = incoming / uuid4().hex
        with _room():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.fdopen(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", CHUNK)

    @property
    def sha256(self) -> str:
        """The hash (hex) of what was written so far."""
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Take a piece in; raises TooLarge or NoRoom, and then nothing is left."""
        self.size += len(chunk)
        if self.size > self._limit:
            self.discard()
            raise TooLarge(too_large(self._limit))
        self._digest.update(chunk)
        with self._undone_when_full():
            self._file.write(chunk)

    def finish(self) -> Self:
        """Bring everything down to the disk; the file can be looked at under `path` from here on."""
        with self._undone_when_full():
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        return self

    def settle(self) -> Stored:
        """Put the finished file in its place, in one step; the same bytes are kept once."""
        stored = Stored(self.sha256, self.size)
        with self._undone_when_full():
            self._keep(self.path, stored)
        return stored

    def discard(self) -> None:
        """Leave nothing behind; harmless once settled."""
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    @contextmanager
    def _undone_when_full(self) -> Iterator[None]:
        try:
            with _room():
                yield
        except (Refusal, OSError):
            self.discard()
            raise


class Draft:
    """A file that is written out of order, such as an archive; `settle` puts it in its place, or nothing is left."""

    def __init__(self, incoming: Path, keep: Keep) -> None:
        self._keep = keep
        self.path = incoming / uuid4().hex
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = os.fdopen(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b", CHUNK)

    def settle(self, stored: Stored) -> None:
        """Keep the file under the hash and size that its writer took."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self._keep(self.path, stored)

    def close(self) -> None:
        """Leave nothing behind; harmless once settled."""
        with suppress(OSError):
            self.file.close()
        self.path.unlink(missing_ok=True)


class Store(ABC):
    """A home of evidence. Bytes on their way in lie in a folder of this machine, whatever home they are for."""

    def __init__(self, incoming: Path) -> None:
        self.incoming = incoming

    @abstractmethod
    def open(self, sha256: str) -> BinaryIO:
        """Open stored bytes; raises FileNotFoundError, and StoreAway when the home does not answer."""

    @abstractmethod
    def keep(self, path: Path, stored: Stored) -> None:
        """Take a finished file whole and under its hash, or not at all; raises NoRoom and StoreAway."""

    def fault(self) -> str:
        """Return why files cannot be kept here as the settings ask, or nothing; a folder is tried by staging."""
        return ""

    def stage(self, limit: int) -> Staging:
        """Begin to take bytes in, at most `limit` of them; raises NoRoom."""
        return Staging(self.incoming, limit, self.keep)

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """Open a file to write at will, dropped unless it is settled; raises NoRoom when the disk is full."""
        with _room():
            draft = Draft(self.incoming, self.keep)
            try:
                yield draft
            finally:
                draft.close()

    def rehash(self, sha256: str) -> Stored:
        """Hash the bytes that lie under a name; raises FileNotFoundError, or OSError when they cannot be read."""
        digest, size = new_sha256(), 0
        with self.open(sha256) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return Stored(digest.hexdigest(), size)

    def holds(self, stored: Stored) -> bool:
        """Re-hash the bytes and compare; missing ones are not held."""
        try:
            return self.rehash(stored.sha256) == stored
        except FileNotFoundError:
            return False

    def sweep(self, older_than: float = ABANDONED_AFTER) -> int:
        """Remove what a killed process left on its way in (seconds of age) and return how many files went."""
        latest = time.time() - older_than
        left = [path for path in self.incoming.glob("*") if path.stat().st_mtime < latest]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


class LocalStore(Store):
    """A folder: `sha256/ab/cd/<hash>`, with `incoming` beside it on the same file system."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / INCOMING)
        self.root = root

    def open(self, sha256: str) -> BinaryIO:
        """Open stored bytes; raises FileNotFoundError."""
        return place_of(self.root, sha256).open("rb")

    def keep(self, path: Path, stored: Stored) -> None:
        """Put a finished file in its place, in one step."""
        place = place_of(self.root, stored.sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o400)
        path.replace(place)
        _sync_folder(place.parent)


def place_of(root: Path, sha256: str) -> Path:
    """Return where bytes of this hash lie; anything but 64 hex digits is refused with ValueError."""
    return root / key_of(sha256)


def key_of(sha256: str) -> str:
    """Return what bytes of this hash are called in any home; raises ValueError for anything but 64 hex digits."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("This is no SHA-256 in hex.")
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def store() -> Store:
    """Return the store that the settings name."""
    root = Path(settings.EVIDENCE_ROOT)
    if settings.EVIDENCE_BUCKET is None:
        return LocalStore(root)
    from evidence.bucket import BucketStore  # noqa: PLC0415  (it takes a third of a second, and needs this module)

    return BucketStore(settings.EVIDENCE_BUCKET, root / INCOMING)


def keep(stream: BinaryIO, limit: int | None = None) -> Stored:
    """Store a stream of at most `limit` bytes (the setting's by default); raises TooLarge or NoRoom."""
    staging = store().stage(settings.EVIDENCE_MAX_BYTES if limit is None else limit)
    try:
        while chunk := stream.read(CHUNK):
            staging.write(chunk)
        return staging.finish().settle()
    finally:
        staging.discard()


def open_stored(sha256: str) -> BinaryIO:
    """Open stored bytes; raises FileNotFoundError."""
    return store().open(sha256)


def check(stored: Stored) -> bool:
    """Whether the bytes are there and still hash to their name."""
    return store().holds(stored)


def too_large(limit: int) -> str:
    """Say what the limit is."""
    return _("A file may have up to %(limit)s. Nothing of this one was kept.") % {"limit": megabytes(limit)}


def megabytes(size: int) -> str:
    """Write a size as people read it: 1.8 MB, 312 KB, 12 bytes."""
    if size < 1024:
        return _("%(n)s bytes") % {"n": size}
    if size < 1024 * 1024:
        return _("%(n)s KB") % {"n": round(size / 1024)}
    return _("%(n)s MB") % {"n": f"{size / 1024 / 1024:.1f}".removesuffix(".0")}


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom(
                _("The disk of this installation is full. Nothing was kept; tell its administrator.")
            ) from error
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
