"""What `render_assessment` and `render_portfolio` share: read, lay out, sign, write whole."""

from pathlib import Path

from django.core.management.base import CommandError

from accounts.actor import service
from accounts.context import acting_in
from accounts.refusals import Refusal
from reports.judged.make import pressed_judged, read_judged, signatory_of_judged
from reports.judged.source import JudgedSource, PortfolioSource, assessment_named
from reports.render import Renderer
from reports.writing import aims_named, write_whole


def render_judged(slug: str, out: Path, reference: str = "") -> tuple[str, str]:
    """Write the report of an assessment, or of the portfolio without a reference; return what was done and a note."""
    aims, actor = aims_named(slug, out), service("command line")
    try:
        with acting_in(aims, actor):
            pk = assessment_named(reference).pk if reference else None
        with Renderer() as renderer:
            with acting_in(aims, actor):
                source = read_judged(aims, pk)
                signatory = signatory_of_judged(aims, source, actor=actor)
            made = pressed_judged(renderer, source, signatory=signatory)
        write_whole(out, made.pdf)
    except Refusal as refusal:
        raise CommandError(refusal.message) from refusal
    except OSError as error:
        raise CommandError(f"{out} could not be written: {error.strerror}.") from error
    who = f"signed by {signatory.name}" if signatory else "not signed"
    return f"{out}: {_what(source)}, {made.pages} pages, {who}", made.note


def _what(source: JudgedSource | PortfolioSource) -> str:
    if isinstance(source, PortfolioSource):
        return f"portfolio of {len(source.found.systems)} systems"
    name = f"{source.body['code']}@{source.body['edition']}"
    return f"{name}, draft" if source.is_draft else name
