"""Reading PDFs back: text by page, bookmarks, and facts of the catalogue."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO

import pikepdf
import pypdfium2

from reports.html import assets, html_of
from reports.paper.build import paper_of
from reports.render import Rendered, Renderer
from tests.reports.make import a_body, a_draft_meta, a_meta


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader gets of a PDF."""

    pages: list[str]
    bookmarks: list[str]
    is_tagged: bool
    metadata: str

    @property
    def text(self) -> str:
        """All of it, with white space made even."""
        return " ".join(" ".join(self.pages).split())


def read(data: bytes) -> Read:
    """Read a PDF."""
    with pypdfium2.PdfDocument(data) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        bookmarks = [item.get_title() for item in document.get_toc()]
    with pikepdf.open(BytesIO(data)) as pdf:
        marked = pdf.Root.get("/MarkInfo", {}).get("/Marked", False)
        metadata = pdf.Root.Metadata.read_bytes().decode()
    return Read(pages, bookmarks, bool(marked), metadata)


def press(html: str, *, seconds: int = 60, memory: int = 2 * 1024**3) -> Rendered:
    """Lay HTML out in the child."""
    with Renderer(seconds=seconds, memory=memory) as renderer:
        return renderer.render(html, assets())


@cache
def made(kind: str) -> Rendered:
    """One of the three reports of the sample, laid out once a test run: full, draft or customer."""
    body = a_body()
    meta = {"full": a_meta, "draft": a_draft_meta, "customer": lambda: a_meta(edition="customer")}[kind]()
    if kind == "draft":
        body["aims"]["is_demo"] = True
    return press(html_of(paper_of(body, meta)))
