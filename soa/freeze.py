"""Freeze the whole statement as canonical JSON: what a version is, what its digest names, what a report prints."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from aims.models import Aims, Criteria, Obligation, ScopeStatement
from aims.queries import current_criteria, current_scope
from aims.vocabulary import Band
from assessments.models import Risk, Treatment
from assessments.queries import ReportAssessment, report_assessments
from controls.models import Requirement, RequirementKind
from evidence.queries import IndexLine, evidence_index
from ledger.canonical import canonical
from ledger.change import plain
from soa.diff import differs
from soa.models import Reason
from soa.queries.rows import Row, Sheet
from soa.queries.targets import ReasonTarget, reason_targets
from systems.models import AiSystem, Stage


def statement_body(sheet: Sheet) -> dict[str, Any]:
    """Return the statement with its inputs as plain data without floats; dates are ISO text.

    The inputs (systems, assessments, risks, obligations, evidence) are frozen with it, so that what the approver
    saw can be shown again however they change later.
    """
    return {
        "v": 1,
        "aims": _aims(sheet.aims),
        "scope": _scope(current_scope()),
        "number": sheet.number,
        "areas": _areas(),
        "entries": _entries(sheet),
        "systems": _systems(),
        "assessments": [_assessment(row) for row in report_assessments()],
        "risks": _risks(),
        "obligations": _obligations(),
        "evidence": [_evidence(line) for line in evidence_index(sheet.today)],
        "criteria": _criteria(current_criteria()),
    }


def frozen(body: dict[str, Any]) -> tuple[bytes, str]:
    """Return the canonical bytes of a body and their SHA-256 (hex)."""
    data = canonical(body)
    return data, sha256(data).hexdigest()


def _aims(aims: Aims) -> dict[str, Any]:
    names = (
        "slug",
        "organisation",
        "short_name",
        "document_code",
        "time_zone",
        "is_demo",
        "roles_played",
        "jurisdictions",
    )
    return {name: plain(getattr(aims, name)) for name in names}


def _scope(scope: ScopeStatement | None) -> dict[str, Any] | None:
    if scope is None:
        return None
    return {name: plain(getattr(scope, name)) for name in ("number", "text", "boundaries", "sites", "effective_on")}


def _areas() -> list[dict[str, str]]:
    rows = Requirement.objects.filter(kind=RequirementKind.AREA, area__isnull=True).in_order()
    return [{"code": row.code, "title": row.title} for row in rows]


def _entries(sheet: Sheet) -> list[dict[str, Any]]:
    targets = reason_targets()
    return [_entry(row, sheet, targets) for row in sheet.rows]


def _entry(row: Row, sheet: Sheet, targets: dict[str, ReasonTarget]) -> dict[str, Any]:
    entry, before = row.entry, sheet.base.get(row.code)
    owner = {"name": entry.owner.display_name, "job_title": entry.owner.job_title} if entry.owner else None
    area = row.requirement.area
    return row.decision | {
        "code": row.code,
        "title": row.requirement.title,
        "area": area.code if area else "ORG",
        "kind": row.requirement.kind,
        "owner": owner,
        "reasons": [_reason(reason, targets) for reason in entry.reasons],
        "implementation_rolled": row.rolled.implementation,
        "applicability_rolled": row.rolled.applicability,
        "excluded_for": list(row.rolled.excluded_for),
        "effectiveness": entry.effectiveness,
        "effectiveness_source": entry.effectiveness_source,
        "evidence_state": str(row.evidence_state),
        "evidence": [ref.ref for ref in row.evidence.refs],
        "evidence_awaited": list(row.evidence.awaited),
        "drivers": [{"ref": driver.ref, "label": driver.label} for driver in row.drivers],
        "findings": [{"ref": item.ref, "label": item.label, "grade": item.grade} for item in row.findings],
        "since": sheet.number if differs(before, row.decision) else before["since"] if before else sheet.number,
    }


def _reason(reason: dict[str, str], targets: dict[str, ReasonTarget]) -> dict[str, str]:
    target = targets.get(reason["ref"])
    return {
        "code": reason["code"],
        "ref": reason["ref"],
        "label": str(Reason(reason["code"]).label),
        "target": target.label if target else reason["ref"].partition(":")[2],
    }


def _systems() -> list[dict[str, Any]]:
    names = (
        "code",
        "name",
        "purpose",
        "supplier",
        "model_name",
        "model_version",
        "is_in_scope",
        "scope_reason",
        "roles_played",
    )
    rows = AiSystem.objects.exclude(stage=Stage.RETIRED).select_related("owner").order_by("code")
    return [
        {name: plain(getattr(row, name)) for name in names}
        | {"stage": str(row.get_stage_display()), "owner": row.owner.display_name if row.owner else ""}
        for row in rows
    ]


def _risks() -> list[dict[str, Any]]:
    controls: dict[int, list[str]] = {}
    links = Treatment.objects.filter(withdrawn_at__isnull=True).order_by("requirement__position")
    for risk_id, code in links.values_list("risk_id", "requirement__code"):
        controls.setdefault(risk_id, []).append(code)
    rows = Risk.objects.filter(withdrawn_at__isnull=True).select_related("system", "owner", "accepted_by", "criteria")
    return [_risk(row, controls.get(row.pk, [])) for row in rows.order_by("code")]


def _risk(row: Risk, controls: list[str]) -> dict[str, Any]:
    names = (
        "code", "title", "source", "likelihood", "severity", "option", "due_on", "residual_likelihood",
        "residual_severity", "accepted_at",
    )  # fmt: skip
    return {name: plain(getattr(row, name)) for name in names} | {
        "system": str(row.system) if row.system else "",
        "owner": row.owner.display_name if row.owner else "",
        "accepted_by": row.accepted_by.display_name if row.accepted_by else "",
        "band": _band(row.criteria, row.likelihood, row.severity),
        "residual_band": _band(row.criteria, row.residual_likelihood, row.residual_severity),
        "controls": controls,
    }


def _band(criteria: Criteria, likelihood: int | None, severity: int | None) -> str:
    return str(criteria.band(likelihood, severity)) if likelihood and severity else ""


def _obligations() -> list[dict[str, Any]]:
    names = ("code", "kind", "title", "party", "source")
    rows = Obligation.objects.filter(withdrawn_at__isnull=True).order_by("code")
    return [{name: getattr(row, name) for name in names} for row in rows]


def _evidence(line: IndexLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "kind": line.kind,
        "number": line.number,
        "made_on": plain(line.made_on),
        "renew_by": plain(line.renew_by),
        "covers_from": plain(line.covers_from),
        "covers_to": plain(line.covers_to),
        "state": str(line.state),
        "controls": list(line.controls),
        "files": [{"name": item.name, "sha256": item.sha256, "size": item.size} for item in line.files],
    }


def _criteria(row: Criteria) -> dict[str, Any]:
    names = ("number", "bands", "severity_five_at_least", "likelihood", "severity", "acceptance")
    return {name: plain(getattr(row, name)) for name in names}


def _assessment(row: ReportAssessment) -> dict[str, Any]:
    names = (
        "ref", "code", "edition", "system_code", "system_name", "system_version", "intended_use", "foreseeable_misuse",
        "oversight", "jurisdictions", "decision", "decision_label", "conditions", "conditions_by", "author",
        "submitted_on", "decided_by", "decided_on", "next_review_on", "digest",
    )  # fmt: skip
    return {name: plain(getattr(row, name)) for name in names} | {
        "benefits": row.benefits_text,
        "criteria": {"number": row.criteria_number, "bands": plain(row.bands)},
        "worst": {"score": row.worst.score, "band": str(row.worst.band)} if row.worst else None,
        "parties": [
            {"name": party.name, "kind": party.kind, "per_year": party.per_year, "heard": party.heard}
            for party in row.parties
        ],
        "impacts": list(_impacts(row)),
    }


def _impacts(row: ReportAssessment) -> Iterable[dict[str, Any]]:
    for impact in row.impacts:
        levels = {"": impact.before, "residual_": impact.now, "target_": impact.target}
        scores: dict[str, Any] = {}
        for prefix, level in levels.items():
            scores[f"{prefix}likelihood"] = level.likelihood if level else None
            scores[f"{prefix}severity"] = level.severity if level else None
            scores[f"{prefix}band"] = str(Band(level.band)) if level else ""
        yield scores | {
            "number": impact.number,
            "description": impact.description,
            "who": impact.who,
            "valence": "harm" if impact.is_harm else "benefit",
            "target_on": plain(impact.target_on),
            "measures": [
                {
                    "text": item.text,
                    "requirement": item.requirement,
                    "is_in_place": item.is_in_place,
                    "due_on": plain(item.due_on),
                }
                for item in impact.measures
            ],
        }
