"""Every kind of file gives its words with passages that are verbatim, or says why it gave none."""

import time
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import NamedStyle

from evidence.reading import Document, document_of, extract, read
from evidence.reading.language import language_of
from tests.evidence.test_reading import WORDS, a_pdf

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
POLICY = {
    "en": "The policy is approved by the board and must be reviewed every year by the owner of this document.",
    "de": "Die Richtlinie wird von der Leitung freigegeben und ist jedes Jahr durch die Verantwortlichen zu prüfen.",
    "fr": "La politique est approuvée par la direction et doit être revue chaque année par le responsable du document.",
    "es": "La política es aprobada por la dirección y debe ser revisada cada año por el responsable del documento.",
    "it": "La politica è approvata dalla direzione e deve essere riesaminata ogni anno dal responsabile del documento.",
    "nl": "Het beleid is goedgekeurd door de directie en moet elk jaar worden herzien door de eigenaar.",
    "pl": "Polityka jest zatwierdzona przez zarząd i musi być co roku przeglądana przez właściciela.",
}


def packed(**parts: str) -> bytes:
    """An office document; two underscores stand for a slash."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, said in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", said)
    return out.getvalue()


def a_letter() -> bytes:
    """A Word document with a header, a watermark, a table, a page break and a change that was struck out."""
    head = f'<w:hdr {W}><w:p><w:r><w:t>AI policy, v2.1</w:t></w:r></w:p><v:textpath string="DRAFT"/></w:hdr>'
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{cell.format('Approved by')}{cell.format('Ada Okafor')}</w:tr>"
    body = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>Purpose</w:t></w:r></w:p><w:tbl>{row}</w:tbl>"
        '<w:p><w:r><w:br w:type="page"/><w:t>Second </w:t></w:r><w:r><w:t>page</w:t></w:r>'
        "<w:del><w:r><w:delText>struck out</w:delText></w:r></w:del></w:p></w:body></w:document>"
    )
    return packed(word__header1=head, word__document=body)


def a_workbook() -> bytes:
    """An Excel workbook with a date, a number and a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data register"
    sheet.append(["Data set", "Reviewed on", "Rows"])
    sheet.append(["Tickets 2025", None, 1200])
    sheet["B2"] = 46100
    sheet["B2"].style = NamedStyle(name="day", number_format="DD MMM YYYY")
    book.create_sheet("Second").append(["Owner", "Lin Park"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def a_deck() -> bytes:
    """Two slides with notes."""
    said = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>'
    slides = {f"ppt__slides__slide{number}": said.format(f"Slide {number}") for number in (10, 2)}
    return packed(**slides, ppt__notesSlides__notesSlide2=said.format("Say this"))


def a_message() -> bytes:
    """A message with an attachment."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ada@example.org", "lin@example.org", "Re: approval"
    message["Date"] = "Mon, 01 Jun 2026 10:00:00 +0000"
    message.set_content("Approved.\n")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="plan.pdf")
    return message.as_bytes()


def of(data: bytes) -> Document:
    """Read bytes, and hold every passage to being verbatim."""
    found = extract(BytesIO(data))
    for passage in found.passages:
        assert found.text[passage.start : passage.start + len(passage.text)] == passage.text
    return found


def test_word_keeps_headers_watermarks_tables_and_pages() -> None:
    found = of(a_letter())
    assert "AI policy, v2.1\nDRAFT" in found.text
    assert "Approved by | Ada Okafor" in found.text
    assert "struck out" not in found.text
    assert [found.pages, found.passages[-1].text, found.passages[-1].page] == [2, "Second page", 2]


def test_a_workbook_shows_its_sheets_rows_and_dates() -> None:
    found = of(a_workbook())
    assert found.text == (
        "Data register\nData set | Reviewed on | Rows |\nTickets 2025 | 2026-03-19 | 1200 |\fSecond\nOwner | Lin Park |"
    )


def test_slides_come_in_their_order_with_notes() -> None:
    assert of(a_deck()).text == "Slide 2\fSlide 10\fSay this"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (a_message(), ["From: ada@example.org", "Subject: Re: approval", "Approved.", "Attachment: plan.pdf"]),
        (
            b"<!doctype html><title>Plan</title><style>x{}</style><p>First\nline</p><tr><td>a<td>b",
            ["Plan", "First line"],
        ),
        ("# Titel\n\nGültig für alle.".encode("cp1252"), ["Gültig für alle."]),
        ("Prüfung".encode("utf-16"), ["Prüfung"]),
        (packed(content="<o xmlns:t='t'><t:h>Scope</t:h><t:p>All of it</t:p></o>"), ["Scope\nAll of it"]),
    ],
    ids=["mail", "html", "latin", "utf-16", "odt"],
)
def test_other_kinds_are_read(data: bytes, words: list[str]) -> None:
    found = of(data)
    assert [word for word in words if word not in found.text] == []
    assert found.why == ""


def locked() -> bytes:
    """A PDF that opens with a password only."""
    out = BytesIO()
    pdf = pikepdf.open(BytesIO(a_pdf(WORDS)))
    pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (locked(), "password"),
        (a_pdf(WORDS)[:300], "damaged PDF"),
        (a_pdf(b"0 0 100 100 re f"), "not extracted"),
        (b"\x89PNG\r\n\x1a\n0000", "picture"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old office"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password"),
        (packed(word__document="<w>" + "a" * 100)[:-30], "could not be read"),
    ],
    ids=["empty", "blank", "password", "cut", "scan", "picture", "doc", "locked docx", "cut docx"],
)
def test_what_gives_nothing_says_why(data: bytes, why: str) -> None:
    found = of(data)
    assert found.text == ""
    assert why in found.why


def test_an_office_bomb_ends_at_a_bound() -> None:
    bomb = packed(**{f"ppt__slides__slide{number}": "<a>" + " " * 60_000_000 for number in range(1, 3)})
    began = time.monotonic()
    assert of(bomb).text == ""
    assert time.monotonic() - began < 15


def test_a_document_of_200_pages_is_read_whole() -> None:
    lines = " ".join(
        f"T* (Line {number} of the report on the AI system says what was measured) Tj" for number in range(45)
    )
    found = of(a_pdf(f"BT /F1 6 Tf 6 TL 5 290 Td {lines} ET".encode(), pages=200))
    assert (found.pages, found.language) == (200, "en")
    assert found.passages[-1].page == 200
    assert found.text.count("Line 44 ") == 200


@pytest.mark.parametrize("code", POLICY)
def test_the_language_is_told(code: str) -> None:
    assert language_of(POLICY[code]) == code


def test_figures_have_no_language() -> None:
    assert language_of("accuracy 0.92, recall 0.88; SYS-01 4.2") == ""


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert "notes.txt cannot be opened" in read(tmp_path / "gone", name="notes.txt").why


@given(st.text(alphabet="ab .:|\n\f\té-", max_size=3_000))
def test_passages_are_verbatim_and_lose_no_word(text: str) -> None:
    found = document_of(text)
    assert all(text[passage.start : passage.start + len(passage.text)] == passage.text for passage in found.passages)
    assert all(len(passage.text) <= 1_000 for passage in found.passages)
    assert "".join("".join(passage.text.split()) for passage in found.passages) == "".join(found.text.split())
