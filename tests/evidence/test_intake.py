"""Hostile samples, made here: names that play tricks, archives that explode, images of too many pixels."""

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake import LONGEST_NAME, NotAcceptable, clean_name, inspect, media_type_of, taken_in
from evidence.store import TooLarge
from tests.evidence.make import PDF, a_zip, an_upload, files_on_disk

RTL = "\u202e"


@pytest.mark.parametrize(
    ("offered", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/abs/olute.pdf", "olute.pdf"),
        (f"invoice{RTL}fdp.exe", "invoicefdp.exe"),
        ("a\x00b\x1f\nc.pdf", "abc.pdf"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("  spaced   out .pdf ", "spaced out .pdf"),
        ("Prüfbericht – Ω.pdf", "Prüfbericht – Ω.pdf"),
        ("...", "file"),
        ("report.pdf...", "report.pdf"),
        ("report.pdf. . ", "report.pdf"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("Com1 .txt", "_Com1 .txt"),
        ("lpt\u00b2.csv", "_lpt\u00b2.csv"),
        ("console.txt", "console.txt"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a.pdf:stream", "a.pdf_stream"),
        ('say "no"?.pdf', "say _no__.pdf"),
        ("", "file"),
        (".env", "env"),
    ],
)
def test_names_are_cleaned_and_kept_for_display(offered: str, shown: str) -> None:
    assert clean_name(offered) == shown


def test_a_long_name_keeps_its_suffix() -> None:
    name = clean_name("x" * 400 + ".xlsx")
    assert len(name) == LONGEST_NAME
    assert name.endswith("x.xlsx")
    wide = clean_name("\u03a9" * 255 + ".pdf")
    assert len(wide.encode()) <= LONGEST_NAME
    assert wide.endswith("\u03a9.pdf")


@given(name=st.text(max_size=500))
def test_no_name_escapes_or_hides(name: str) -> None:
    shown = clean_name(name)
    assert 0 < len(shown.encode()) <= LONGEST_NAME
    assert not set(shown) & {"/", "\\", "\x00", RTL, "\n", "\r"}
    assert not shown.endswith((".", " "))
    assert clean_name(shown) == shown


def _on_disk(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "sample"
    path.write_bytes(data)
    return path


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAcceptable, match="empty"):
        inspect(_on_disk(tmp_path, b""), "nothing.pdf")


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    bomb = a_zip(bomb__txt=b"\0" * 20_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(NotAcceptable, match=r"19\.1 MB"):
        inspect(_on_disk(tmp_path, bomb), "bomb.docx")


def test_an_archive_is_refused_by_its_expanded_size(tmp_path: Path, settings: Any) -> None:
    settings.EVIDENCE_MAX_EXPANDED_BYTES = 1_000
    with pytest.raises(NotAcceptable, match="grow"):
        inspect(_on_disk(tmp_path, a_zip(a__txt=bytes(range(256)) * 5)), "large.zip")


def test_an_ordinary_archive_is_taken(tmp_path: Path) -> None:
    inspect(_on_disk(tmp_path, a_zip(a__xml=b"<a>ordinary</a>" * 20)), "ordinary.docx")


def test_a_pdf_with_a_bomb_behind_it_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(NotAcceptable, match="grow"):
        inspect(_on_disk(tmp_path, PDF + a_zip(bomb__txt=b"\0" * 20_000_000)), "polyglot.pdf")


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    data = bytearray(a_zip(a__txt=b"words" * 50))
    start = data.rfind(b"PK\x01\x02")
    data[start : start + 4] = b"XXXX"
    with pytest.raises(NotAcceptable, match="damaged"):
        inspect(_on_disk(tmp_path, bytes(data)), "damaged.zip")


def test_a_directory_of_a_million_files_is_never_read(tmp_path: Path) -> None:
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 65_535, 65_535, 2**31, 0, 0)
    with pytest.raises(NotAcceptable, match="too many files"):
        inspect(_on_disk(tmp_path, b"PK\x03\x04" + b"\0" * 5_000_000 + end), "many.zip")


def a_png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one line."""
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 10)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("side", [10_001, 60_000])
def test_an_image_of_too_many_pixels_is_refused(tmp_path: Path, side: int) -> None:
    with pytest.raises(NotAcceptable, match="pixels"):
        inspect(_on_disk(tmp_path, a_png(side, side)), "huge.png")


def test_an_ordinary_image_is_taken(tmp_path: Path) -> None:
    inspect(_on_disk(tmp_path, a_png(640, 480)), "screen.png")


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ\x90\x00 not a program",
        PDF + b"<script>alert(1)</script>",
    ],
)
def test_dangerous_is_fine_because_serving_is_safe(data: bytes) -> None:
    with taken_in([an_upload("harmless.pdf", data)]) as (offered,):
        assert offered.name == "harmless.pdf"
        assert offered.media_type == media_type_of(offered.staging.path) != ""


def test_what_no_action_settles_is_discarded() -> None:
    with taken_in([an_upload(), an_upload("b.pdf", b"%PDF-b")]):
        assert len(files_on_disk()) == 2
    assert files_on_disk() == []


def test_one_bad_file_leaves_nothing_of_the_others() -> None:
    with pytest.raises(NotAcceptable), taken_in([an_upload(), an_upload("empty.pdf", b"")]):
        pytest.fail("an empty file came in")
    assert files_on_disk() == []


def test_uploads_from_elsewhere_obey_the_limit(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 5
    with pytest.raises(TooLarge), taken_in([an_upload()]):
        pytest.fail("a large file came in")
    assert files_on_disk() == []


def test_bytes_that_only_look_like_an_image_are_taken(tmp_path: Path) -> None:
    inspect(_on_disk(tmp_path, b"\x89PNG\r\n\x1a\n" + b"\0" * 40), "torn.png")
