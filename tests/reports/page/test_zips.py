"""ZIPs that other programs would unpack otherwise: the page reads every kind that tools write, and refuses the rest."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from tests.reports.packs import Unpacked
from tests.reports.page.reader import Reader

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
Files = dict[str, bytes]
Zips = Callable[[Files], bytes]


def files_of(pack: Unpacked) -> Files:
    """Every file of a pack by its path."""
    every = sorted(path for path in pack.folder.rglob("*") if path.is_file())
    return {path.relative_to(pack.folder).as_posix(): path.read_bytes() for path in every}


def made(files: Files, *more: tuple[str | ZipInfo, bytes], root: str = "", **how: Any) -> bytes:
    """A ZIP of these files and more."""
    out, packed = BytesIO(), how.pop("packed", ZIP_DEFLATED)
    with ZipFile(out, "w") as archive:
        for name, data in [*((f"{root}{name}", data) for name, data in files.items()), *more]:
            info = ZipInfo(name) if isinstance(name, str) else name
            info.compress_type = packed
            with archive.open(info, "w", **how) as stream:
                stream.write(data)
    return out.getvalue()


class Pipe(BytesIO):
    """A stream that cannot go back, so that sizes stand behind the data."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError


def streamed(files: Files) -> bytes:
    """As a program writes that does not know the sizes yet."""
    out = Pipe()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_folders(files: Files) -> bytes:
    """With entries for folders, as most tools write, below one folder."""
    folders = {f"acme/{name.rpartition('/')[0]}/".replace("//", "/") for name in files}
    return made(files, *((name, b"") for name in sorted(folders)), root="acme/")


def large(files: Files) -> bytes:
    """With all numbers in the fields of ZIP64, at the entries and at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile, "ZIP64_LIMIT", 10)
        patch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
        return made(files, force_zip64=True)


GOOD: dict[str, Zips] = {
    "stored": lambda files: made(files, packed=ZIP_STORED),
    "packed": made,
    "streamed": streamed,
    "below a folder": lambda files: made(files, root="acme pack/"),
    "with folders": with_folders,
    "of ZIP64": large,
    "with a file of the system": lambda files: made(files, (".DS_Store", b"x"), ("evidence/Thumbs.db", b"y")),
    "backwards": lambda files: made(dict(reversed(files.items()))),
}


def dated(name: str, **about: Any) -> ZipInfo:
    """An entry with something unusual about it."""
    info = ZipInfo(name)
    for field, value in about.items():
        setattr(info, field, value)
    return info


def patched(data: bytes, kind: bytes, name: str, offset: int, value: bytes) -> bytes:
    """Write over a field of the header of one member, beside its data or in the directory."""
    size = {LOCAL: 30, CENTRAL: 46}[kind]
    start = data.index(kind)
    while data[start + size : start + size + len(name)] != name.encode():
        start = data.index(kind, start + 1)
    return data[: start + offset] + value + data[start + offset + len(value) :]


def both(files: Files, name: str, local: int, value: bytes) -> bytes:
    """Write over a field of a member in both of its headers."""
    central = local + (2 if local < 26 else 0)
    return patched(patched(made(files), LOCAL, name, local, value), CENTRAL, name, central, value)


def hidden(files: Files) -> bytes:
    """A member that stands between the others and in no directory."""
    secret = made({"evil.txt": b"hidden"})
    body = secret[: secret.index(CENTRAL)]
    data = made(files)
    at = data.index(CENTRAL)
    end = data.rindex(END)
    size, begin = struct.unpack("<II", data[end + 12 : end + 20])
    tail = data[end : end + 12] + struct.pack("<II", size, begin + len(body)) + data[end + 20 :]
    return data[:at] + body + data[at:end] + tail


def doubled(files: Files) -> bytes:
    """Two entries of the directory that lead to one member."""
    data = made(files | {"evidence/index.csx": files["evidence/index.csv"]})
    place = next(info.header_offset for info in ZipFile(BytesIO(data)).infolist() if info.filename.endswith(".csv"))
    return patched(data, CENTRAL, "evidence/index.csx", 42, struct.pack("<I", place))


def twice(files: Files) -> bytes:
    """A name that stands there twice, first with other data."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        return made({"pack.json": b"{}"}, *files.items())


def renamed(files: Files) -> bytes:
    """A member that is called otherwise beside its data."""
    return patched(made(files), LOCAL, "README.html", 30, b"README.htmx")


def named_twice(files: Files) -> bytes:
    """A member with a second name in an extra field."""
    name = b"\x01" + struct.pack("<I", zipfile.crc32(b"pack.json")) + b"other.json"
    extra = struct.pack("<HH", 0x7075, len(name)) + name
    rest = {key: data for key, data in files.items() if key != "pack.json"}
    return made(rest, (dated("pack.json", extra=extra), files["pack.json"]))


def bent(files: Files) -> bytes:
    """A byte within packed data is another."""
    data = made(files)
    place = data.index(b"chain/records.jsonl") + 300
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


def unpackable(files: Files) -> bytes:
    """A member that is called packed and is not."""
    data = patched(made(files, packed=ZIP_STORED), LOCAL, "README.html", 8, b"\x08")
    return patched(data, CENTRAL, "README.html", 10, b"\x08")


BAD: dict[str, tuple[Zips, str]] = {
    "of nothing": (lambda _: b"", "this is no ZIP"),
    "that is a text": (lambda files: files["MANIFEST.txt"], "this is no ZIP"),
    "that was cut": (lambda files: made(files)[:-1000], "this is no ZIP"),
    "with something behind": (lambda files: made(files) + b"x", "this is no ZIP"),
    "with a comment": (lambda files: made(files)[:-2] + b"\x02\x00hi", "this is no ZIP"),
    "with something before": (lambda files: b"#!" + made(files), "the directory of the ZIP is not where it should be"),
    "with a name twice": (twice, "pack.json is in the ZIP twice"),
    "with a hidden member": (hidden, "something is hidden behind it"),
    "with one member for two": (doubled, "evidence/index.cs"),
    "with two names for one": (renamed, "README.html stands otherwise in the ZIP than in its directory"),
    "with a name in an extra field": (named_twice, "pack.json has two names in the ZIP"),
    "that climbs": (lambda files: made(files, ("../evil.txt", b"x")), "../evil.txt in the ZIP leads out of the pack"),
    "that climbs from a folder": (lambda files: made(files, ("evidence/../../x", b"x")), "leads out of the pack"),
    "with a path from the root": (lambda files: made(files, ("/etc/x", b"x")), "/etc/x in the ZIP leads out"),
    "with a backslash": (lambda files: made(files, ("evidence\\x", b"x")), "leads out of the pack"),
    "with a drive": (lambda files: made(files, ("C:x", b"x")), "C:x in the ZIP leads out of the pack"),
    "with a file below a file": (lambda files: made(files, ("pack.json/x", b"x")), "both a file and a folder"),
    "with a link": (
        lambda files: made(files, (dated("link", external_attr=0o120777 << 16), b"/etc/passwd")),
        "link is no plain file in the ZIP",
    ),
    "that is encrypted": (lambda files: both(files, "README.html", 6, b"\x01\x00"), "README.html is no plain file"),
    "of a later version": (
        lambda files: patched(made(files), CENTRAL, "README.html", 6, b"\x63"), "README.html is no plain file"
    ),
    "of an unknown method": (lambda files: both(files, "README.html", 8, b"\x0e\x00"), "README.html is no plain file"),
    "that says stored of packed": (lambda files: both(files, "README.html", 8, b"\x00\x00"), "is no plain file"),
    "that says packed of stored": (unpackable, "README.html in the ZIP is damaged"),
    "with another sum in the directory": (
        lambda files: patched(made(files), CENTRAL, "README.html", 16, bytes(4)),
        "README.html stands otherwise in the ZIP than in its directory",
    ),
    "with another size in the directory": (
        lambda files: patched(made(files), CENTRAL, "README.html", 24, b"\x01\x00\x00\x00"),
        "README.html stands otherwise in the ZIP than in its directory",
    ),
    "with a wrong size": (lambda files: both(files, "README.html", 22, b"\x01\x00\x00\x00"), "README.html was changed"),
    "with a wrong length": (lambda files: both(files, "README.html", 18, b"\x01\x00\x00\x00"), "something is hidden"),
    "with packed data that are bent": (bent, "chain/records.jsonl"),
    "with a file that nobody listed": (lambda files: made(files, ("more.txt", b"x")), "more.txt was added"),
    "with a file outside its folder": (
        lambda files: made(files, ("__MACOSX/._pack.json", b"x"), root="acme/"),
        "../__MACOSX/._pack.json was added: the manifest does not list it",
    ),
    "below two folders": (lambda files: made(files, root="a/b/"), "chain/keys.txt is missing or cannot be read"),
    "with two packs": (
        lambda files: made(files, *((f"b/{name}", data) for name, data in files.items()), root="a/"),
        "chain/keys.txt is missing or cannot be read",
    ),
    "that promises more": (lambda files: made(files)[:-12] + b"\xff\x00" + made(files)[-10:], "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_that_tools_write_is_read(
    packs: dict[str, Unpacked], reader: Reader, tmp_path: Path, name: str
) -> None:
    """To the same verdict as that of the folder."""
    where = tmp_path / "pack.zip"
    where.write_bytes(GOOD[name](files_of(packs["whole"])))
    assert reader.verdict(where) == packs["whole"].verdict()


@pytest.mark.parametrize("name", BAD)
def test_a_zip_with_two_faces_is_refused(packs: dict[str, Unpacked], reader: Reader, tmp_path: Path, name: str) -> None:
    """By the first check, with words that say why."""
    make, words = BAD[name]
    where = tmp_path / "pack.zip"
    where.write_bytes(make(files_of(packs["whole"])))
    said = reader.verdict(where)
    assert not said["ok"]
    assert [step["check"] for step in said["checks"]] == ["manifest"]
    assert words in said["checks"][0]["found"]
