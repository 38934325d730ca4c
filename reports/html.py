"""The report's HTML, and the assets it names; nothing else is ever served to the child."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine

from reports.paper.shapes import Paper

FOLDER = Path(__file__).parent / "assets"
CONTROL_CHARACTERS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535))


def html_of(paper: Paper) -> str:
    """Print the paper; what is no character in HTML falls out."""
    return (
        engine().get_template("reports/paper/soa.html").render(Context({"paper": paper})).translate(CONTROL_CHARACTERS)
    )


@cache
def engine() -> Engine:
    """Return an engine of the paper's own: no request, no other app's tags, which take half a second to import."""
    libraries = {"i18n": "django.templatetags.i18n", "script": "reports.templatetags.script"}
    return Engine([str(settings.BASE_DIR / "templates")], libraries=libraries)


@cache
def assets() -> dict[str, bytes]:
    """Return the sheets and the watermark by name."""
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
