"""Words are taken out in a child that is shut in; what it cannot take out is "not extracted", never "nothing there"."""

import json
import subprocess
import sys
import time
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
import pytest
from django.urls import reverse

from accounts.actor import Actor
from aims.models import Aims
from evidence.library import Search, found
from evidence.models import FileText
from evidence.reading.extract import CHILD
from evidence.reading.extract import extract as words_of
from tests.evidence.make import PDF, a_zip, an_evidence
from tests.evidence.test_scanning import examined
from tests.make import signed_in

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><d>&i;</d>"
).encode()
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
LETTER = (
    b'<w:document xmlns:w="w"><w:body><w:p><w:t>Held-out test</w:t></w:p>'
    b"<w:p><w:t>passed</w:t></w:p></w:body></w:document>"
)


def office(**parts: bytes) -> bytes:
    """An office document by hand; `__` stands for a slash."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", data)
    return out.getvalue()


def a_pdf(content: bytes, pages: int = 1, *, filters: int = 1) -> bytes:
    """A PDF that shows one content stream on each page, packed so many times."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for _ in range(filters):
        content = zlib.compress(content, 9)
    stream = pikepdf.Stream(pdf, content)
    stream.stream_dict.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * filters)
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, 300, 300],
        Contents=stream,
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
    )
    for _ in range(pages):
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(pikepdf.Dictionary(page))))
    out = BytesIO()
    pdf.save(out, compress_streams=False)
    return out.getvalue()


WORDS = b"BT /F1 12 Tf 20 200 Td (Residual bias 0.02) Tj ET"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (a_pdf(WORDS), "Residual bias 0.02"),
        (office(word__document=LETTER), "Held-out test passed"),
        (office(xl__sharedStrings=b"<sst><si><t>A.6.2.4</t></si><si><t>tested</t></si></sst>"), "A.6.2.4 tested"),
        (b"\xef\xbb\xbfname,value\naccuracy,0.92\n", "name,value accuracy,0.92"),
        ("Prüfbericht".encode(), "Prüfbericht"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><title>Plan</title><text>Go</text></svg>", "Plan Go"),
    ],
    ids=["pdf", "docx", "xlsx", "csv", "umlaut", "svg"],
)
def test_words_come_out(data: bytes, text: str) -> None:
    words = words_of(BytesIO(data))
    assert (" ".join(words.text.split()), words.why) == (text, "")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (a_pdf(b""), "no text"),
        (PDF[:12], "damaged PDF"),
        (b"<html><script>%PDF-1.7 alert(1)</script></html>", "no text"),
        (b"MZ\x90\x00\x03", "not read"),
        (a_zip(a__txt=b"words"), "archive"),
        (LAUGHS, "entities"),
        (OUTSIDE, "entities"),
        (office(word__document=LAUGHS), "entities"),
        (office(word__document=OUTSIDE), "entities"),
        (office(xl__sharedStrings=LAUGHS), "entities"),
        (office(word__document=b"<w:p>never closed"), "damaged"),
        (OUTSIDE.replace(b"<?xml", b"<svg/><?xml"), "damaged"),
    ],
)
def test_what_cannot_be_read_is_not_extracted(data: bytes, why: str) -> None:
    words = words_of(BytesIO(data))
    assert words.text == ""
    assert why in words.why


def test_a_pdf_bomb_ends_at_its_memory_or_time() -> None:
    """A stream that unpacks to gigabytes, through one filter inside another."""
    bomb = a_pdf(b"0 " * 150_000_000, filters=2)
    assert len(bomb) < 100_000
    began = time.monotonic()
    words = words_of(BytesIO(bomb), seconds=4, memory=300 * 1024**2)
    assert words.text == ""
    assert words.why
    assert time.monotonic() - began < 8


def test_a_pdf_of_endless_pages_is_read_up_to_a_bound() -> None:
    words = words_of(BytesIO(a_pdf(WORDS, pages=1_500)))
    assert words.pages == 1_500
    assert words.text.count("Residual") == 1_000


def test_the_words_have_a_bound() -> None:
    assert len(words_of(BytesIO(b"word " * 400_000)).text) <= 1_000_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Landlock and namespaces are Linux's")
def test_the_child_finds_every_door_shut() -> None:
    attempts = [
        "open('/proc/self/environ').read()",
        "open('/tmp/x', 'w')",
        "__import__('socket').create_connection(('127.0.0.1', 1), 1)",
        "__import__('os').system('true')",
        f"open({str(CHILD.parent.parent.parent / 'manage.py')!r}).read()",
    ]
    script = (
        f"import runpy, json\nchild = runpy.run_path({str(CHILD)!r})\nimport pypdfium2\nchild['GUARD']['shut_in']()\n"
        "shut = 0\n"
        + "".join(f"try:\n    {attempt}\nexcept PermissionError:\n    shut += 1\n" for attempt in attempts)
        + "print(json.dumps(shut))"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False)
    assert json.loads(ran.stdout) == len(attempts), ran.stderr


def test_evidence_is_found_by_the_words_in_it(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer, name="a.txt", data=b"The works council agreed.", title="Minutes")
    picture = an_evidence(actor=officer, name="b.bin", data=b"\x00\x01\x02", title="Other")
    examined()
    hits = found(Search(text="works council"), today=aims.created_at.date())
    assert [item.title for item in hits] == ["Minutes"]
    assert FileText.objects.filter(text="").count() == 1
    told = signed_in(officer).get(reverse("api:evidence-list", args=[aims.slug]), {"q": "works council"}).json()
    assert [row["title"] for row in told["results"]] == ["Minutes"]
    page = signed_in(officer).get(reverse("evidence:detail", args=[aims.slug, picture.code])).content.decode()
    assert "Text not extracted: it is of a kind that is not read" in page
