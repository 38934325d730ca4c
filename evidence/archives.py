"""Archives are opened here before anybody opens them: they must be what their directory says, and of a sane size.

What is counted is what really comes out, never what is claimed; nothing is written under a name from inside.
"""

import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo, is_zipfile

DEEPEST = 3
MOST_MEMBERS = 20_000
LARGEST_DIRECTORY = 4 * 1024 * 1024
IN_MEMORY = 4 * 1024 * 1024
BLOCK = 64 * 1024
END_OF_DIRECTORY, ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
LOCAL_HEADER = struct.Struct("<4s22xHH")
COMPRESSED: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b\x08": lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"BM")
BROKEN = (BadZipFile, NotImplementedError, ValueError, OSError, EOFError, RuntimeError, lzma.LZMAError, zlib.error)


class Unsafe(Exception):
    """It is no archive that may be kept."""


class Explodes(Unsafe):
    """What comes out is more than may: `size` bytes at least."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Crowded(Unsafe):
    """It holds more files than anybody would look at, or archives within archives without end."""


class Lies(Unsafe):
    """Its directory is not what lies in it: members overlap, or have other sizes than they claim."""


class Locked(Unsafe):
    """It has a password, or packs in a way that cannot be checked."""


class Damaged(Unsafe):
    """It ends before its end, or cannot be read."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still come out, archives within archives counted with their own."""

    most: int
    spent: int = 0
    members: int = 0

    def spend(self, size: int) -> None:
        """Count what came out, raising Explodes."""
        self.spent += size
        if self.spent > self.most:
            raise Explodes(self.spent)

    def enter(self) -> None:
        """Count a member, raising Crowded."""
        self.members += 1
        if self.members > MOST_MEMBERS:
            raise Crowded


def look_through(file: IO[bytes], budget: Budget, seen: Callable[[IO[bytes]], None], depth: int = 0) -> None:
    """Read an archive to its end, and those inside it; `seen` is shown every member that may be looked at further.

    Raises Explodes, Crowded, Lies, Locked or Damaged; a file that is no archive is left alone.
    """
    with _in_words():
        if is_zipfile(file):
            if depth == DEEPEST:
                raise Crowded
            return _look_through_zip(file, budget, seen, depth)
        opener = _opener(file)
        if opener is not None:
            if depth == DEEPEST:
                raise Crowded
            with opener(file) as stream:
                _keep(_blocks(stream), budget, seen, depth)
    return None


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the disk's fault
        raise Damaged(str(error)) from error


def _opener(file: IO[bytes]) -> Callable[[IO[bytes]], Any] | None:
    file.seek(0)
    start = file.read(10)
    file.seek(0)
    if start.startswith(b"BZh") and start[4:] != b"1AY&SY":
        return None
    return next((opener for mark, opener in COMPRESSED.items() if start.startswith(mark)), None)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block


def _look_through_zip(file: IO[bytes], budget: Budget, seen: Callable[[IO[bytes]], None], depth: int) -> None:
    if directory_size(file) > LARGEST_DIRECTORY:
        raise Crowded
    with ZipFile(file) as archive:
        members = archive.infolist()
        claimed = budget.spent + sum(member.file_size for member in members)
        if claimed > budget.most:
            raise Explodes(claimed)
        end = 0
        for member in sorted(members, key=lambda member: member.header_offset):
            start, stop = _extent(file, member)
            if start < end:
                raise Lies
            end = stop
            budget.enter()
            _keep(_unpacked(file, member, stop), budget, seen, depth)


def directory_size(file: IO[bytes]) -> int:
    """Return how many bytes the directory of a ZIP claims; one of the 64-bit kind counts as the whole file."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    end = tail.rfind(END_OF_DIRECTORY)
    if ZIP64 in tail[max(0, end - 20) : end]:
        return size
    return int.from_bytes(tail[end + 12 : end + 16], "little")


def _extent(file: IO[bytes], member: ZipInfo) -> tuple[int, int]:
    """Return where the local header of a member begins and its packed bytes end."""
    if member.flag_bits & 1 or member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Locked
    if member.header_offset < 0:
        raise Damaged("a member is not where it is said to be")
    file.seek(member.header_offset)
    header = file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise Damaged("a member is not where it is said to be")
    _mark, name, extra = LOCAL_HEADER.unpack(header)
    return member.header_offset, member.header_offset + LOCAL_HEADER.size + name + extra + member.compress_size


def _unpacked(file: IO[bytes], member: ZipInfo, stop: int) -> Iterator[bytes]:
    """Yield what a member really holds; raises Lies once it is another size or sum than its directory says."""
    size = crc = 0
    file.seek(stop - member.compress_size)
    packed = _pieces(file, member.compress_size)
    for block in _inflated(packed) if member.compress_type == ZIP_DEFLATED else packed:
        size, crc = size + len(block), zlib.crc32(block, crc)
        if size > member.file_size:
            raise Lies
        yield block
    if (size, crc) != (member.file_size, member.CRC):
        raise Lies


def _pieces(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left:
        piece = file.read(min(BLOCK, left))
        if not piece:
            raise Damaged("a member is cut short")
        left -= len(piece)
        yield piece


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        yield engine.decompress(piece, BLOCK)
        while engine.unconsumed_tail:
            yield engine.decompress(engine.unconsumed_tail, BLOCK)
        if engine.unused_data:
            raise Lies
    while not engine.eof:
        block = engine.decompress(b"", BLOCK)
        if not block:
            raise Damaged("a member is cut short")
        yield block


def _keep(blocks: Iterator[bytes], budget: Budget, seen: Callable[[IO[bytes]], None], depth: int) -> None:
    """Count a member; one that begins as an archive or a picture is looked at once more as a file of its own."""
    first = next(blocks, b"")
    budget.spend(len(first))
    if not first.startswith((b"PK", *COMPRESSED, *PICTURES)):
        for block in blocks:
            budget.spend(len(block))
        return
    with SpooledTemporaryFile(max_size=IN_MEMORY) as inner:
        inner.write(first)
        for block in blocks:
            budget.spend(len(block))
            inner.write(block)
        inner.seek(0)
        seen(inner)
        look_through(inner, budget, seen, depth + 1)
