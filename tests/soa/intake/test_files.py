"""Files by content: what they are, in which encoding, and what is refused in plain words."""

import gzip
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soa.intake.raw import NotReadable
from soa.intake.text import decode
from tests.soa.intake.make import a_plan, a_workbook, verdicts

GERMAN = "Nr.;Maßnahme;Anwendbar;Begründung\r\nA.10.3;Lieferanten für Übungen;ja;größer als nötig\r\n"


def a_zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (gzip.compress(b"x", mtime=0), "compressed"),
        (b"{\\rtf1", "RTF"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "web page"),
        (b"<table><tr><td>A.2.2</td></tr></table>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (a_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (a_zip(xl__workbook_bin=b"").replace(b"workbook_bin", b"workbook.bin"), "binary workbook"),
        (a_zip(word__document=b""), "Word"),
        (a_zip(readme=b"hello"), "ZIP"),
        (bytes(range(256)) * 4, "neither"),
        (b"Only words here.", "no table"),
    ],
)
def test_what_is_no_table_is_refused_by_its_name(data: bytes, message: str) -> None:
    for name in ("soa.xlsx", "soa.csv", "soa"):
        with pytest.raises(NotReadable, match=message):
            a_plan(data, name)


def test_content_goes_before_the_name() -> None:
    book = a_workbook(("S", [["Control", "Title"], ["A.2.2", "AI policy"]]))
    assert verdicts(a_plan(book, "soa.csv"))[1:] == [("matched", "A.2.2")]
    assert verdicts(a_plan("Control,Title\nA.2.2,AI policy\n", "soa.xlsx"))[1:] == [("matched", "A.2.2")]
    assert verdicts(a_plan("| Ref | Control |\n|---|---|\n| A.2.2 | AI policy |\n", "soa.csv"))[1:] == [
        ("matched", "A.2.2")
    ]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "mac_roman", "cp850"],
)
def test_encodings_of_office_programs(encoding: str) -> None:
    plan = a_plan(GERMAN.encode(encoding))
    row = plan.of("matched")[0]
    assert (row.title, row.entry and row.entry.why) == ("Lieferanten für Übungen", "größer als nötig")


def test_other_alphabets_are_recognised_as_a_last_resort() -> None:
    text = "Control;Title;Why\nA.2.2;Политика в области ИИ;Требования законодательства и политика организации\n" * 3
    assert "Политика" in decode(text.encode("cp1251"))


def test_stray_noughts_and_the_old_end_mark_are_dropped() -> None:
    assert decode(b"A.2.2;AI\0 policy\n\x1a") == "A.2.2;AI policy\n"


def test_a_text_file_has_a_size() -> None:
    with pytest.raises(NotReadable, match="20 MB"):
        decode(b"x" * 20_000_001)


@given(st.binary(max_size=400), st.sampled_from(["soa.xlsx", "soa.csv", "soa.md", "soa.tsv", ""]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with suppress(NotReadable):
        a_plan(data, name)


@given(st.binary(max_size=200), st.integers(0, 5_000))
def test_a_damaged_workbook_is_read_or_refused(noise: bytes, at: int) -> None:
    book = bytearray(a_workbook(("S", [["Control", "Title"], ["A.2.2", "AI policy"]])))
    book[at : at + len(noise)] = noise
    with suppress(NotReadable):
        a_plan(bytes(book), "soa.xlsx")
