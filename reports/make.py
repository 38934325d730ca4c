"""From a source to a finished PDF: what the job and the command share."""

import re

from reports.html import assets, html_of
from reports.paper.build import paper_of
from reports.render import Progress, Rendered, Renderer, quiet
from reports.sources import Source


def pressed(renderer: Renderer, source: Source, progress: Progress = quiet) -> Rendered:
    """Print a source's HTML and have the running child lay it out."""
    return renderer.render(html_of(paper_of(source.body, source.meta)), assets(), progress)


def file_name(source: Source) -> str:
    """Return a name that says what is inside, in ASCII."""
    aims, meta = source.body["aims"], source.meta
    start = re.sub(r"[^A-Za-z0-9._-]+", "-", aims.get("document_code") or "SoA").strip("-.") or "SoA"
    which = f"draft-{meta.generated_at:%Y-%m-%d}" if meta.is_draft else f"v{meta.number}"
    return f"{start}-{aims['slug']}-{which}-{meta.edition}.pdf"
