"""The PDF itself: its pages, text, bookmarks, tags and marks, as a reader's program finds them."""

import pytest

from reports.html import html_of
from reports.paper.build import paper_of
from tests.reports.make import a_body, a_meta, an_entry, the_entries
from tests.reports.pdf import made, press, read
from tests.reports.test_paper import SECRET

CHAPTERS = [
    "Document control",
    "Contents",
    "Summary",
    "Scope, AI systems and obligations",
    "Statement of Applicability",
    "Exclusions and open work",
    "Risks and their treatment",
    "Impact assessments",
    "Evidence annex",
    "Approval",
]


def test_every_control_stands_in_the_text() -> None:
    """All 40 rows, with titles."""
    text = read(made("full").pdf).text
    assert [e["code"] for e in the_entries() if e["code"] not in text] == []
    assert "Meridian Assist applies 37 of the 38 controls" in text


def test_chapters_are_bookmarks_in_order() -> None:
    """A reader finds the way by the outline."""
    bookmarks = read(made("full").pdf).bookmarks
    assert [title for title in bookmarks if title in CHAPTERS] == CHAPTERS


def test_it_is_tagged_and_archival() -> None:
    """PDF/A-3a: part 3, conformance A, with structure and a language."""
    found = read(made("full").pdf)
    assert found.is_tagged
    assert "<pdfaid:part>3</pdfaid:part>" in found.metadata.replace('"', "") or 'pdfaid:part="3"' in found.metadata
    assert "conformance" in found.metadata


def test_document_control_and_each_impact_table_keep_to_one_page() -> None:
    """The correction of the design: neither runs over to a second page."""
    pages = read(made("full").pdf).pages
    assert sum("Content digest" in page and "Versions" in page for page in pages) == 1
    assert pages[1].find("First issue, two AI systems.") > 0
    assert sum("Impact and whom it touches" in page for page in pages) == 2


def test_pages_are_numbered_to_the_last() -> None:
    """The foot of every page but the cover."""
    rendered = made("full")
    pages = read(rendered.pdf).pages
    assert len(pages) == rendered.pages
    assert all(f"{number} of {len(pages)}" in page for number, page in enumerate(pages[1:], 2))


def test_a_draft_says_so_on_every_page() -> None:
    """Watermark, head and, for demo data, the word for it."""
    pages = read(made("draft").pdf).pages
    assert [number for number, page in enumerate(pages, 1) if "Draft, not approved" not in page] == []
    assert [number for number, page in enumerate(pages, 1) if "Demonstration data" not in page] == []
    assert all(page.count("Draft, not approved") >= 2 for page in pages)
    assert "Approved by" not in " ".join(pages)


def test_an_approved_report_bears_no_draft_mark() -> None:
    """Nor one of demo data."""
    text = read(made("full").pdf).text
    assert "Draft, not approved" not in text
    assert "Demonstration" not in text


def test_the_customer_edition_leaks_nothing() -> None:
    """Text, outline and metadata are free of people, risks, proof and open work."""
    found = read(made("customer").pdf)
    everything = found.text + " ".join(found.bookmarks) + found.metadata
    assert [word for word in SECRET if word in everything] == []
    assert "Evidence annex" not in everything
    assert made("customer").pages < made("full").pages


def test_the_same_input_gives_the_same_bytes() -> None:
    """Two children, two hash seeds, one file."""
    again = press(html_of(paper_of(a_body(), a_meta())))
    assert again.pdf == made("full").pdf


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4000,
        "word " * 800,
        "סיבה טובה لسبب وجيه " * 40,
        "理由はこれです。" * 60,
        "🤖👩‍⚖️🏳️‍🌈 " * 60,
        "a\u0301\u0300\u0302" * 300,
    ],
    ids=["unbroken", "long", "right-to-left", "chinese-japanese", "emoji", "combining"],
)
def test_any_text_is_laid_out(text: str) -> None:
    """Whatever people write, the report comes out, with all its pages."""
    entry = an_entry("A.2.2", "AI policy", "A.2", 0, why=text, how=text, owner={"name": text[:120], "job_title": ""})
    rendered = press(html_of(paper_of(a_body(entries=[entry]), a_meta())))
    assert "Approval" in read(rendered.pdf).text
