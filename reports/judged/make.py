"""From an assessment or the portfolio to a finished PDF: what the job and the commands share."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.actor import Actor
from aims.models import Aims
from reports.actions import signing_identity
from reports.judged.html import html_of_judged
from reports.judged.source import JudgedSource, PortfolioSource, judged_source, portfolio_source
from reports.make import Pressed, certificate_of, pressed_html
from reports.render import Progress, Renderer, quiet
from reports.signatory import Signatory, signatory_of


def read_judged(aims: Aims, assessment: int | None) -> JudgedSource | PortfolioSource:
    """Read one assessment by its key, or the portfolio, within the tenant."""
    return portfolio_source(aims) if assessment is None else judged_source(aims, assessment)


def signatory_of_judged(aims: Aims, source: JudgedSource | PortfolioSource, *, actor: Actor) -> Signatory | None:
    """Return who signs: a decided assessment only, for nobody has approved a draft or a portfolio."""
    if isinstance(source, PortfolioSource) or source.is_draft:
        return None
    return signatory_of(signing_identity(aims, actor=actor))


def pressed_judged(
    renderer: Renderer,
    source: JudgedSource | PortfolioSource,
    progress: Progress = quiet,
    *,
    signatory: Signatory | None = None,
) -> Pressed:
    """Print a source's HTML, have the running child lay it out, and sign what it made."""
    if signatory is not None and isinstance(source, JudgedSource):
        source = replace(source, certificate=certificate_of(signatory))
    return pressed_html(renderer, html_of_judged(source), progress, signatory=signatory, reason=_reason(source))


def _reason(source: JudgedSource | PortfolioSource) -> str:
    if isinstance(source, PortfolioSource):
        return _("Impact assessments, portfolio")
    given = {"code": source.body["code"], "edition": source.body["edition"]}
    return _("Impact assessment %(code)s, edition %(edition)s") % given


def name_of_judged(source: JudgedSource | PortfolioSource) -> str:
    """Return a name that says what is inside, in ASCII."""
    slug = source.organisation.slug
    if isinstance(source, PortfolioSource):
        return f"impact-assessments-{slug}-{source.today:%Y-%m-%d}.pdf"
    which = "-draft" if source.is_draft else ""
    code = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{source.body['code']}-{source.body['edition']}")
    return f"{code}-{slug}{which}.pdf"
