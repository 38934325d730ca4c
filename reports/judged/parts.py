"""The tables of an assessment's report, each from the frozen form alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.dimensions import dimension_label
from assessments.models import Duration, Reversibility
from assessments.pictures import Move
from assessments.queries.past import EditionJudged
from reports.judged.shapes import BenefitLine, HarmLine, MeasureLine, PartyLine, PastLine, Scale
from reports.judged.told import worded
from reports.paper import words
from reports.paper.bands import ORDER, shade
from reports.paper.shapes import Score

Fact = Mapping[str, Any]
NOT_JUDGED = Score(words.DASH, "", 0)


def level(data: Fact | None) -> Score:
    """Return a frozen level with its band, as the decision judged it."""
    if not data:
        return NOT_JUDGED
    return Score(str(data["score"]), words.band(data["band"]), shade(data["band"]))


def harms_of(body: Fact) -> list[Fact]:
    """Return the harms; benefits are never netted against them."""
    return [impact for impact in body.get("impacts") or [] if impact.get("valence") != "benefit"]


def benefits_of(body: Fact) -> list[Fact]:
    """Return the benefits."""
    return [impact for impact in body.get("impacts") or [] if impact.get("valence") == "benefit"]


def moves_of(body: Fact) -> list[Move]:
    """Return how each harm moved, for the drawing."""
    return [Move(item["number"], _cell(item.get("before")), _cell(item.get("now"))) for item in harms_of(body)]


def _cell(data: Fact | None) -> tuple[int, int] | None:
    return (data["likelihood"], data["severity"]) if data else None


def worst_now(body: Fact) -> Score:
    """Return the worst that remains."""
    levels = (level(item.get("now")) for item in harms_of(body))
    return max((one for one in levels if one.shade), key=lambda one: (one.shade, int(one.text)), default=NOT_JUDGED)


def party_lines(body: Fact) -> tuple[PartyLine, ...]:
    """Return who is affected, vulnerable ones named as such."""
    return tuple(_party(party) for party in body.get("parties") or [])


def _party(party: Fact) -> PartyLine:
    kind = words.level(party.get("kind") or "")
    return PartyLine(
        name=party.get("name") or "",
        level=_("%s, needs special protection") % kind if party.get("is_vulnerable") else kind,
        per_year=f"{party['per_year']:,}" if party.get("per_year") else words.DASH,
        heard=party.get("heard") or _("Not consulted yet"),
        opt_out=party.get("can_opt_out") or words.DASH,
    )


def harm_lines(body: Fact) -> tuple[HarmLine, ...]:
    """Return the harms, one a row."""
    return tuple(_harm(item) for item in harms_of(body))


def _harm(item: Fact) -> HarmLine:
    return HarmLine(
        number=str(item["number"]),
        text=item["description"],
        who=item.get("who") or "",
        about=_about(item),
        before=level(item.get("before")),
        now=level(item.get("now")),
        target=level(item.get("target")),
        by=words.day(item.get("target_on")) if item.get("target") else "",
    )


def _about(item: Fact) -> tuple[str, ...]:
    """Return level and dimension, and what is told of how many, how long and whether it can be put right."""
    dimension = dimension_label(item["dimension"]) if item.get("dimension") else ""
    count, failure = item.get("affected_number"), item.get("failure")
    parts = (
        words.level(item.get("level") or ""),
        dimension,
        _("about %s affected") % f"{count:,}" if count else "",
        _("lasts: %s") % worded(Duration, item["duration"]) if item.get("duration") else "",
        worded(Reversibility, item["reversibility"]) if item.get("reversibility") else "",
        _("failure: %s") % failure if failure else "",
    )
    return tuple(part for part in parts if part)


def benefit_lines(body: Fact) -> tuple[BenefitLine, ...]:
    """Return the benefits, unscored."""
    return tuple(
        BenefitLine(str(item["number"]), item["description"], item.get("who") or "") for item in benefits_of(body)
    )


def measure_lines(body: Fact) -> tuple[MeasureLine, ...]:
    """Return every measure by impact; one that is not in place says until when it will be."""
    return tuple(
        MeasureLine(str(item["number"]), measure["text"], measure.get("requirement") or words.DASH, _state(measure))
        for item in body.get("impacts") or []
        for measure in item.get("measures") or []
    )


def _state(measure: Fact) -> str:
    if measure.get("is_in_place") and measure.get("fails_because"):
        return _("In place and not counted: %s") % str(measure["fails_because"])
    if measure.get("is_in_place") and measure.get("is_failing"):
        return _("In place and failing, not counted")
    if measure.get("is_in_place"):
        return _("In place")
    due = words.day(measure.get("due_on"))
    return _("Not counted yet, due %s") % due if due else _("Not counted yet, no date")


def past_lines(editions: Iterable[EditionJudged]) -> tuple[PastLine, ...]:
    """Return the system's decided editions, newest first."""
    return tuple(
        PastLine(
            edition=f"{line.code}, {line.edition}",
            day=words.day(line.on),
            decision=line.decision,
            before=_score(line.before),
            now=_score(line.now),
            criteria=str(line.criteria),
        )
        for line in reversed(list(editions))
    )


def _score(found: Any) -> Score:
    return Score(str(found.score), found.label, found.rank) if found else NOT_JUDGED


def scales(criteria: Fact) -> tuple[Scale, ...]:
    """Return the frozen criteria in words: both scales, then the bands with who may accept what."""
    heads = (_("Score"), _("Name"), _("Meaning"))
    both = ((_("Likelihood"), "likelihood"), (_("Severity"), "severity"))
    return (*(Scale(heads, title, _scale(criteria.get(name) or [])) for title, name in both), _bands(criteria))


def _scale(rows: Iterable[Fact]) -> tuple[tuple[str, str, str], ...]:
    return tuple((str(row["score"]), str(row.get("label", "")), str(row.get("wording", ""))) for row in rows)


def _bands(criteria: Fact) -> Scale:
    accepted = {str(name).lower(): str(text) for name, text in (criteria.get("acceptance") or {}).items()}
    ranges = criteria.get("bands") or {}
    rows = tuple(
        (f"{ranges[name][0]}{words.DASH}{ranges[name][1]}", words.band(name), accepted.get(name, ""))
        for name in ORDER
        if name in ranges
    )
    return Scale((_("Scores"), _("Band"), _("Who may accept it")), _("Bands"), rows)
