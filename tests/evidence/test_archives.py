"""Archives that explode, overlap, lie, hide in one another or behind something else; all made here."""

import bz2
import gzip
import lzma
import struct
import zlib
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_STORED, ZipFile

import pytest

from evidence.archives import DEEPEST, MOST_MEMBERS
from evidence.intake import NotAcceptable, inspect
from tests.evidence.make import PDF, a_zip
from tests.evidence.test_intake import a_png

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
ZEROS = b"\0" * 20_000_000


def deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def forged(*members: tuple[bytes, bytes, int, int], at: tuple[int, ...] = ()) -> bytes:
    """A ZIP by hand: (name, data, claimed size, claimed sum) of each; `at` are the offsets it claims."""
    body, directory = b"", b""
    for number, (name, data, size, crc) in enumerate(members):
        packed = deflated(data)
        fields = (20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0)
        place = at[number] if at else len(body)
        body += LOCAL.pack(b"PK\x03\x04", *fields) + name + packed
        directory += CENTRAL.pack(b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, place) + name
    count = len(members)
    return body + directory + END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)


def member(data: bytes, name: bytes = b"a.txt", size: int | None = None) -> tuple[bytes, bytes, int, int]:
    return name, data, len(data) if size is None else size, zlib.crc32(data)


def locked() -> bytes:
    data = bytearray(a_zip(a__txt=b"words" * 50))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + place] |= 1
    return bytes(data)


def packed_otherwise(tmp: Path) -> bytes:
    with ZipFile(tmp / "other.zip", "w", ZIP_BZIP2) as archive:
        archive.writestr("a.txt", "words" * 50)
    return (tmp / "other.zip").read_bytes()


def torn(data: bytes) -> bytes:
    return data[:60] + data[70:]


def nested(data: bytes, depth: int) -> bytes:
    for _ in range(depth):
        data = a_zip(inner__zip=data)
    return data


def looked_at(tmp_path: Path, data: bytes, name: str = "sample.zip") -> None:
    path = tmp_path / "sample"
    path.write_bytes(data)
    inspect(path, name)


HOSTILE = {
    "claims less than it holds": (forged(member(b"\0" * 100_000, size=10)), "not what it says"),
    "claims more than it holds": (forged(member(b"words", size=5_000)), "not what it says"),
    "claims another sum": (forged((b"a.txt", b"words", 5, 1)), "not what it says"),
    "a bomb under a small claim": (forged(member(ZEROS, size=10)), "not what it says"),
    "two members in one place": (
        forged(member(b"words" * 9, b"a.txt"), member(b"words" * 9, b"b.txt"), at=(0, 0)),
        "not what it says",
    ),
    "a member inside another": (forged(member(b"x" * 90), member(b"y" * 90), at=(0, 1)), "damaged"),
    "a bomb in an archive": (a_zip(inner__zip=a_zip(bomb__txt=ZEROS)), "would grow"),
    "a bomb in a gzip in an archive": (a_zip(inner__gz=gzip.compress(ZEROS)), "would grow"),
    "many small ones": (a_zip(**{f"{n}__zip": a_zip(a__txt=ZEROS[:3_000_000]) for n in range(5)}), "would grow"),
    "archives without end": (nested(b"words", DEEPEST + 2), "too many files"),
    "a gzip bomb": (gzip.compress(ZEROS), "would grow"),
    "a bzip2 bomb": (bz2.compress(ZEROS), "would grow"),
    "an xz bomb": (lzma.compress(ZEROS), "would grow"),
    "a torn gzip": (gzip.compress(b"words" * 90)[:20], "damaged"),
    "a torn archive": (torn(a_zip(a__txt=bytes(range(256)) * 40)), "damaged|not what it says"),
    "a password": (locked(), "password"),
    "pixels in a document": (a_zip(word__document=b"<w/>", image__png=a_png(60_000, 60_000)), "too many pixels"),
    "pixels two archives down": (a_zip(a__docx=a_zip(image__png=a_png(60_000, 60_000))), "too many pixels"),
    "a bomb behind a picture": (b"GIF89a=1;" + a_zip(bomb__txt=ZEROS), "would grow"),
    "a lie behind a PDF": (PDF + forged(member(b"\0" * 9_000, size=10)), "not what it says"),
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_archive_is_refused_in_words(tmp_path: Path, kind: str) -> None:
    data, words = HOSTILE[kind]
    with pytest.raises(NotAcceptable, match=words):
        looked_at(tmp_path, data)


def test_what_cannot_be_checked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAcceptable, match="cannot be checked"):
        looked_at(tmp_path, packed_otherwise(tmp_path))


def test_more_members_than_anybody_looks_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_MEMBERS > 1_000
    monkeypatch.setattr("evidence.archives.MOST_MEMBERS", 3)
    with pytest.raises(NotAcceptable, match="too many files"):
        looked_at(tmp_path, a_zip(a__zip=a_zip(b__txt=b"b", c__txt=b"c"), d__txt=b"d"))


@pytest.mark.parametrize(
    "data",
    [
        forged(member(b"words" * 50), member(b"", b"empty"), member(bytes(range(256)) * 900, b"c")),
        a_zip(word__document=b"<w/>", image__png=a_png(640, 480), inner__zip=a_zip(a__txt=b"words")),
        nested(b"words", DEEPEST),
        gzip.compress(b"name,value\n" * 500),
        PDF + b"PK\x05\x06 by chance" + b"\0" * 30,
        b"BZh is how this text begins",
        a_zip(**{".." + "/x" * 3 + "__txt": b"climbs", "/etc/passwd": b"absolute"}),
    ],
    ids=["by hand", "a document", "archives in archives", "gzip", "chance", "text", "names that climb"],
)
def test_an_honest_archive_is_taken_and_nothing_is_unpacked(tmp_path: Path, data: bytes) -> None:
    """Names inside are never used for anything; the archive is kept as the bytes that it is."""
    looked_at(tmp_path, data)
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


def test_stored_members_are_held_to_their_sums_too(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "plain.zip", "w", ZIP_STORED) as archive:
        archive.writestr("a.txt", "words as they are")
    data = (tmp_path / "plain.zip").read_bytes()
    (tmp_path / "plain.zip").unlink()
    looked_at(tmp_path, data)
    with pytest.raises(NotAcceptable, match="not what it says"):
        looked_at(tmp_path, data.replace(b"words as they are", b"words as they ARE"))


def test_a_full_disk_while_looking_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evidence.store import NoRoom  # noqa: PLC0415

    def full(*_args: Any, **_kwargs: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evidence.archives.SpooledTemporaryFile", full)
    with pytest.raises(NoRoom):
        looked_at(tmp_path, a_zip(inner__zip=a_zip(a__txt=b"words")))
