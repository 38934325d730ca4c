"""Write a ZIP entry by entry in constant memory, and remember the SHA-256 of each for the manifest."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as new_sha256
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

CHUNK = 1024 * 1024
MANIFEST = "MANIFEST.txt"
LARGE = 2**31
PERMITTED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-/")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the pack: its path, SHA-256 (hex) and size in bytes."""

    path: str
    sha256: str
    size: int


class Writer:
    """One entry on its way in."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = new_sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Take a piece in."""
        self._digest.update(data)
        self.size += len(data)
        self._stream.write(data)

    @property
    def sha256(self) -> str:
        """The hash (hex) of what was written so far."""
        return self._digest.hexdigest()


class Packer:
    """A ZIP that is being written; `at` stands on every entry, so that one state gives the same bytes."""

    def __init__(self, file: BinaryIO, at: datetime) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True)
        self._at = max(at, at.replace(year=1980)).timetuple()[:6]
        self.entries: list[Entry] = []

    def add(self, path: str, data: bytes) -> Entry:
        """Write a file that is in memory."""
        with self.entry(path, size=len(data)) as writer:
            writer.write(data)
        return self.entries[-1]

    def copy(self, path: str, stream: BinaryIO, size: int) -> Entry:
        """Write a file from a stream as it is: what people upload is mostly packed already."""
        with self.entry(path, size=size, packed=False) as writer:
            while chunk := stream.read(CHUNK):
                writer.write(chunk)
        return self.entries[-1]

    @contextmanager
    def entry(self, path: str, *, size: int = LARGE, packed: bool = True) -> Iterator[Writer]:
        """Write a file piece by piece; `size` says whether it may pass 2 GB."""
        refuse_unsafe(path)
        info = ZipInfo(path, self._at)
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        info.external_attr = (0o755 if path.endswith("verify.py") else 0o644) << 16
        with self._zip.open(info, "w", force_zip64=size >= LARGE) as stream:
            writer = Writer(stream)
            yield writer
        self.entries.append(Entry(path, writer.sha256, writer.size))

    def close(self, head: list[str], sign: Callable[[str], str]) -> None:
        """Write the signed manifest of every entry, and end."""
        entries = sorted(self.entries, key=lambda entry: entry.path)
        lines = [*head, f"files {len(entries)}", *(f"{entry.sha256} {entry.size} {entry.path}" for entry in entries)]
        self.add(MANIFEST, sign("\n".join(lines) + "\n").encode())
        self._zip.close()

    def abandon(self) -> None:
        """End without a manifest; what was written is no pack."""
        self._zip.close()


def refuse_unsafe(path: str) -> None:
    """Raise ValueError for a path that leads elsewhere, or that some computer could not write."""
    parts = PurePosixPath(path).parts
    if not path or path.startswith("/") or ".." in parts or not set(path) <= PERMITTED or "//" in path:
        raise ValueError(f"{path!r} is no path of a pack.")


def safe_name(name: str, place: int) -> str:
    """Return a name that every computer can write: ASCII, at most 80 characters, `place` keeps equal ones apart."""
    kept = "".join(letter if letter in PERMITTED and letter not in "/" else "-" for letter in name)
    stem, dot, suffix = kept.rpartition(".")
    stem, suffix = (stem, suffix[:10]) if dot and stem else (kept, "")
    return f"{place}-{stem.strip('.-')[:64] or 'file'}" + (f".{suffix}" if suffix else "")
