"""Risks with their treatment, and impact assessments with their matrix."""

from typing import Any

from django.utils.translation import gettext as _

from reports.paper import matrix, words
from reports.paper.bands import Bands, shade
from reports.paper.shapes import AssessmentPage, ImpactLine, RiskLine, Score
from reports.paper.statement import anchor

Fact = dict[str, Any]
NOT_JUDGED = Score(words.DASH, "", 0)


def score(likelihood: int | None, severity: int | None, bands: Bands, band: str = "") -> Score:
    """Return likelihood times severity with its band, or a dash."""
    if not likelihood or not severity:
        return NOT_JUDGED
    name = band or bands.of(likelihood, severity)
    return Score(str(likelihood * severity), words.band(name), shade(name))


def now_cell(impact: Fact) -> tuple[int, int] | None:
    """Return where an impact stands with the measures in place, or where it stood before them."""
    for prefix in ("residual_", ""):
        cell = (impact.get(f"{prefix}likelihood"), impact.get(f"{prefix}severity"))
        if cell[0] and cell[1]:
            return int(cell[0]), int(cell[1])
    return None


def harms_of(assessment: Fact) -> list[Fact]:
    """Return the harms; benefits are never netted against them."""
    return [impact for impact in assessment.get("impacts") or [] if impact.get("valence") != "benefit"]


def risk_lines(body: dict[str, Any], bands: Bands) -> tuple[RiskLine, ...]:
    """Return the risk register as it stood."""
    return tuple(_risk(risk, bands) for risk in body.get("risks") or [])


def _risk(risk: Fact, bands: Bands) -> RiskLine:
    due = words.day(risk.get("due_on"))
    option = words.option(risk.get("option") or "") or _("No treatment chosen")
    return RiskLine(
        risk["code"],
        risk["title"],
        ", ".join(part for part in (risk.get("source"), words.name(risk.get("system")).partition(" ")[0]) if part),
        words.name(risk.get("owner")) or _("No owner"),
        score(risk.get("likelihood"), risk.get("severity"), bands, risk.get("band") or ""),
        _("%(option)s, by %(day)s") % {"option": option, "day": due} if due else option,
        words.codes([str(code) for code in risk.get("controls") or []]),
        score(risk.get("residual_likelihood"), risk.get("residual_severity"), bands, risk.get("residual_band") or ""),
        words.name(risk.get("accepted_by")) or _("Not accepted"),
    )


def assessment_pages(body: dict[str, Any]) -> tuple[AssessmentPage, ...]:
    """Return one page an assessment, judged by the criteria that are frozen on it."""
    general = body.get("criteria")
    return tuple(_page(item, _bands(item, general)) for item in body.get("assessments") or [])


def _bands(item: Fact, general: Fact | None) -> Bands:
    own = item.get("criteria")
    return Bands(own if isinstance(own, dict) and own.get("bands") else general)


def _page(item: Fact, bands: Bands) -> AssessmentPage:
    title = f"{item.get('system_code', '')} {item.get('system_name', '')}".strip()
    harms = harms_of(item)
    judged = [(impact, now_cell(impact)) for impact in harms]
    moves = [
        matrix.Move(impact["number"], (impact["likelihood"], impact["severity"]), cell)
        for impact, cell in judged
        if cell and impact.get("likelihood") and impact.get("severity")
    ]
    decided = ", ".join(
        part for part in (words.name(item.get("decided_by")), words.day(item.get("decided_on"))) if part
    )
    return AssessmentPage(
        anchor=anchor(f"{item['code']}-{item.get('edition', '')}", "ia"),
        title=title,
        subtitle=_("%(code)s, edition %(edition)s") % {"code": item["code"], "edition": item.get("edition", "")},
        matrix=matrix.moved(moves, bands, _("Impacts before measures and with those in place")) if moves else "",
        decision=words.decision(item.get("decision") or "") or _("Not decided"),
        conditions=item.get("conditions") or "",
        facts=_facts(item, decided),
        words=_words(item),
        harms=tuple(_impact(impact, bands) for impact in harms),
        benefits=_benefits(item),
        worst=_worst([cell for _impact_, cell in judged if cell], bands),
        decided=decided,
    )


def _benefits(item: Fact) -> tuple[str, ...]:
    named = tuple(i["description"] for i in item.get("impacts") or [] if i.get("valence") == "benefit")
    return () if "; ".join(named) == item.get("benefits") else named


def _worst(cells: list[tuple[int, int]], bands: Bands) -> Score:
    scores = [score(*cell, bands) for cell in cells]
    return max(scores, key=lambda item: (item.shade, int(item.text)), default=NOT_JUDGED)


def _facts(item: Fact, decided: str) -> tuple[tuple[str, str], ...]:
    parties = item.get("parties") or []
    heard = dict.fromkeys(party["heard"] for party in parties if party.get("heard"))
    facts = (
        (_("Affected"), words.listed([_party(party) for party in parties], 8)),
        (_("Heard"), words.listed(list(heard), 6)),
        (_("Author"), words.name(item.get("author"))),
        (_("Approver"), decided),
        (_("Next review"), words.day(item.get("next_review_on"))),
    )
    return tuple((label, text) for label, text in facts if text)


def _party(party: Fact) -> str:
    count = party.get("per_year")
    named = str(party.get("name", ""))
    return _("%(who)s (about %(n)s a year)") % {"who": named, "n": f"{count:,}"} if count else named


def _words(item: Fact) -> tuple[tuple[str, str], ...]:
    parts = (
        (_("Intended use"), item.get("intended_use")),
        (_("Foreseeable misuse"), item.get("foreseeable_misuse")),
        (_("Human oversight"), item.get("oversight")),
        (_("Benefits"), item.get("benefits")),
    )
    return tuple((label, str(text)) for label, text in parts if text)


def _impact(impact: Fact, bands: Bands) -> ImpactLine:
    target = score(impact.get("target_likelihood"), impact.get("target_severity"), bands)
    by = words.day(impact.get("target_on"))
    return ImpactLine(
        str(impact["number"]),
        impact["description"],
        ", ".join(part for part in (words.level(impact.get("level") or ""), impact.get("who")) if part),
        tuple(_measure(measure) for measure in impact.get("measures") or []) or (_("No measure"),),
        score(impact.get("likelihood"), impact.get("severity"), bands),
        _now(impact, bands),
        _("Target %(score)s, %(band)s, by %(day)s")
        % {"score": target.text, "band": target.band, "day": by or words.DASH}
        if target.shade
        else "",
    )


def _now(impact: Fact, bands: Bands) -> Score:
    cell = now_cell(impact)
    return score(*cell, bands) if cell else NOT_JUDGED


def _measure(measure: Fact) -> str:
    control = f" ({measure['requirement']})" if measure.get("requirement") else ""
    text = f"{measure['text']}{control}"
    if measure.get("is_in_place"):
        return text
    due = words.day(measure.get("due_on"))
    return _("Not counted yet: %(text)s, due %(day)s") % {"text": text, "day": due or _("without a date")}
