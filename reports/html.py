"""The report's HTML, and the assets it names; nothing else is ever served to the child."""

from functools import cache
from pathlib import Path

from django.template.loader import get_template

from reports.paper.shapes import Paper

FOLDER = Path(__file__).parent / "assets"
CONTROL_CHARACTERS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535))


def html_of(paper: Paper) -> str:
    """Print the paper; what is no character in HTML falls out."""
    return get_template("reports/paper/soa.html").render({"paper": paper}).translate(CONTROL_CHARACTERS)


@cache
def assets() -> dict[str, bytes]:
    """Return the sheets and the watermark by name."""
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
