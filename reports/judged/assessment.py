"""Put the report of one impact assessment together: `assessment_paper(source)` is all that the rest calls."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.pictures import PRINT, impact_matrix
from assessments.portfolio_page import drawn_history
from reports.judged import parts
from reports.judged.front import front_of
from reports.judged.shapes import AssessmentPaper, Judged, SignLine
from reports.judged.source import JudgedSource
from reports.judged.told import section_pages
from reports.paper import words
from reports.paper.bands import Bands, shade
from reports.paper.meta import Signature
from reports.paper.shapes import ContentsLine


def assessment_paper(source: JudgedSource) -> AssessmentPaper:
    """Return the report of a decided edition, or of a draft, which says on every page that it is one."""
    body = source.body
    bands = Bands(dict(body["criteria"]))
    return AssessmentPaper(
        front=front_of(source, _contents(source)),
        decision=words.decision(body.get("decision") or "") or _("Not decided"),
        conditions=body.get("conditions") or "",
        conditions_by=words.long_day(body.get("conditions_by")),
        figures=_figures(body),
        worst=parts.worst_now(body),
        matrix=impact_matrix(parts.moves_of(body), lambda x, y: shade(bands.of(x, y)), palette=PRINT),
        sections=section_pages(body),
        parties=parts.party_lines(body),
        harms=parts.harm_lines(body),
        benefits=parts.benefit_lines(body),
        benefits_text=body.get("benefits") or "",
        measures=parts.measure_lines(body),
        law=source.law,
        picture=drawn_history(source.history, palette=PRINT) if source.history else "",
        past=parts.past_lines(source.history),
        scales=parts.scales(body["criteria"]),
        steps=_steps(source),
        digest=source.digest,
        missing=source.missing,
    )


def _figures(body: Mapping[str, Any]) -> tuple[Judged, ...]:
    measures = [measure for item in body.get("impacts") or [] for measure in item.get("measures") or []]
    in_place = sum(bool(measure.get("is_in_place") and not measure.get("is_failing")) for measure in measures)
    harms, benefits = len(parts.harms_of(body)), len(parts.benefits_of(body))
    parties = len(body.get("parties") or [])
    return (
        Judged(str(harms), ngettext("harm judged", "harms judged", harms)),
        Judged(str(benefits), ngettext("benefit, never netted", "benefits, never netted", benefits)),
        Judged(str(parties), ngettext("affected party", "affected parties", parties)),
        Judged(f"{in_place}/{len(measures)}", _("measures in place")),
    )


def _contents(source: JudgedSource) -> tuple[ContentsLine, ...]:
    lines = [("summary", _("Judgement"))]
    if section_pages(source.body):
        lines.append(("told", _("The system and its use")))
    lines += [("parties", _("Affected parties")), ("impacts", _("Impacts")), ("measures", _("Measures"))]
    if source.law:
        lines.append(("law", _("EU AI Act")))
    if source.history:
        lines.append(("history", _("Judgement over time")))
    lines.append(("criteria", _("Criteria of judgement")))
    lines.append(("missing", _("What is missing")) if source.is_draft else ("approval", _("Approval")))
    return tuple(ContentsLine(anchor, title) for anchor, title in lines)


def _steps(source: JudgedSource) -> tuple[SignLine, ...]:
    steps = ((_("Submitted"), source.submitted), (_("Decided"), source.decided))
    return tuple(_step(what, signature) for what, signature in steps if signature)


def _step(what: str, signature: Signature) -> SignLine:
    when, record = words.instant(signature.at), words.record(signature.record)
    return SignLine(what, signature.name, signature.job_title, when, record)
