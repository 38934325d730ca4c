"""What a decision is taken on: the whole assessment as plain data; its canonical bytes are frozen, named by digest."""

from typing import Any

from assessments.bands import Level
from assessments.models import AffectedParty, Assessment
from assessments.queries.sheet import ImpactLine, MeasureLine, Sheet
from ledger.change import plain

TEXTS = (
    *("system_version", "intended_use", "foreseeable_misuse", "oversight", "benefits", "jurisdictions"),
    *("depth", "sensitive_uses", "triggers", "publication"),
)
OUTCOME = ("decision", "conditions", "conditions_by", "decided_at", "next_review_on", "submitted_at")
PARTY = ("kind", "name", "per_year", "heard", "can_opt_out", "is_vulnerable")
IMPACT = (
    *("number", "level", "valence", "dimension", "description", "who", "target_on"),
    *("affected_number", "duration", "reversibility", "failure"),
)
ANSWER = ("section", "question", "text", "not_applicable_because", "is_prefilled")


def frozen_form(sheet: Sheet) -> dict[str, Any]:
    """Return the assessment with its decision; people enter by pseudonym, criteria in full."""
    row = sheet.assessment
    return {
        "v": 2,
        "code": row.code,
        "edition": row.edition,
        "replaces": row.replaces.edition if row.replaces else None,
        "system": {"code": row.system.code, "name": row.system.name},
        "criteria": _criteria(row),
        **_plain(row, *TEXTS, *OUTCOME),
        "author": row.author.pseudonym if row.author else None,
        "decided_by": row.decided_by.pseudonym if row.decided_by else None,
        "screening": row.screening.code if row.screening else None,
        "answers": [_plain(sheet.answers[key], *ANSWER) for key in sorted(sheet.answers)],
        "parties": [_party(party) for party in sheet.parties],
        "impacts": [_impact(impact) for impact in sheet.impacts],
    }


def _plain(row: Any, *names: str) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}


def _criteria(row: Assessment) -> dict[str, Any]:
    scales = ("number", "likelihood", "severity", "bands", "severity_five_at_least")
    levels = ("acceptance", "acceptable_up_to", "escalate_from", "accepts", "named")
    return _plain(row.criteria, *scales, *levels)


def _party(party: AffectedParty) -> dict[str, Any]:
    return _plain(party, *PARTY)


def _impact(impact: ImpactLine) -> dict[str, Any]:
    levels = {"before": impact.before, "now": impact.now, "target": impact.target}
    return (
        _plain(impact.row, *IMPACT)
        | {name: _level(level) for name, level in levels.items()}
        | {"measures": [_measure(measure) for measure in impact.measures]}
    )


def _level(level: Level | None) -> dict[str, Any] | None:
    if level is None:
        return None
    return {"likelihood": level.likelihood, "severity": level.severity, "score": level.score, "band": str(level.band)}


def _measure(measure: MeasureLine) -> dict[str, Any]:
    return {
        "text": measure.text,
        "requirement": measure.requirement.code if measure.requirement else None,
        "kind": measure.kind,
        "is_in_place": measure.is_in_place,
        "is_failing": measure.is_failing or bool(measure.fails_because),
        "fails_because": measure.fails_because,
        "due_on": plain(measure.due_on),
    }
