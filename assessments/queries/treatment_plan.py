"""The treatment plan: every risk on the register with what is done about it, as it stands or as it was frozen."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from aims.acceptance import rule_of
from aims.models import Criteria
from aims.vocabulary import Band
from assessments.bands import Level, judged
from assessments.models import Option, Outcome, PlanState, Risk, Treatment, TreatmentPlan, Verification
from assessments.risk.terms import term_label
from assessments.risk.treated import is_treated
from ledger.canonical import canonical
from ledger.change import plain

TEXTS = (
    "title", "source", "source_kind", "objective", "consequence_organisation", "consequence_individuals",
    "consequence_societies", "option", "plan", "starts_on", "due_on", "done_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One risk of the plan; `facts` is what is frozen of it, people by pseudonym."""

    facts: Mapping[str, Any]
    owner: str
    accepted_by: str
    gaps: tuple[str, ...] = ()
    blocks: bool = False

    @property
    def code(self) -> str:
        """Its reference."""
        return str(self.facts["code"])

    @property
    def title(self) -> str:
        """The risk in words."""
        return str(self.facts["title"])

    @property
    def source(self) -> str:
        """Where it comes from."""
        return term_label("sources", str(self.facts["source_kind"]))

    @property
    def objective(self) -> str:
        """What it threatens."""
        return term_label("objectives", str(self.facts["objective"]))

    @property
    def option(self) -> str:
        """What is done about it, in a word."""
        value = self.facts["option"]
        return str(Option(value).label) if value else ""

    @property
    def before(self) -> Level | None:
        """Its level before treatment."""
        return _level(self.facts["before"])

    @property
    def after(self) -> Level | None:
        """What remains."""
        return _level(self.facts["after"])

    @property
    def starts_on(self) -> date | None:
        """When treatment begins."""
        return _day(self.facts["starts_on"])

    @property
    def due_on(self) -> date | None:
        """Until when it is treated."""
        return _day(self.facts["due_on"])

    @property
    def done_on(self) -> date | None:
        """When treatment was carried out."""
        return _day(self.facts["done_on"])

    @property
    def accepted_at(self) -> datetime | None:
        """When what remains was accepted."""
        accepted = self.facts.get("acceptance")
        return datetime.fromisoformat(accepted["at"]) if accepted else None

    @property
    def verified(self) -> str:
        """What the last look at the treatment found."""
        last = self.facts["verified"]
        return str(Outcome(last["outcome"]).label) if last else ""


def plan_lines() -> tuple[PlanLine, ...]:
    """Every risk on the register: three queries."""
    rows = Risk.objects.filter(withdrawn_at__isnull=True).order_by("code")
    controls = _controls()
    looks: dict[int, Verification] = {}
    for look in Verification.objects.order_by("verified_on", "pk"):
        looks[look.risk_id] = look
    found = rows.select_related("owner", "system", "criteria", "accepted_by", "aims")
    return tuple(_line(row, controls.get(row.pk, []), looks.get(row.pk)) for row in found)


def content_of(lines: Iterable[PlanLine]) -> str:
    """Return the digest of what a plan says apart from who accepted: what the approver was shown."""
    told = [{name: value for name, value in line.facts.items() if name != "acceptance"} for line in lines]
    return sha256(canonical(told)).hexdigest()


def frozen_body(plan: TreatmentPlan, lines: Iterable[PlanLine]) -> bytes:
    """Return the canonical bytes of an approved plan with the acceptances that it holds."""
    return canonical(
        {
            "v": 1,
            "number": plan.number,
            "note": plan.note,
            "submitted_by": plan.submitted_by.pseudonym if plan.submitted_by else None,
            "submitted_at": plain(plan.submitted_at),
            "approved_by": plan.decided_by.pseudonym if plan.decided_by else None,
            "approved_at": plain(plan.decided_at),
            "reason": plan.decision_note,
            "content": plan.content_digest,
            "risks": [dict(line.facts) for line in lines],
        }
    )


def lines_of(plan: TreatmentPlan) -> tuple[PlanLine, ...]:
    """What a plan says: as frozen once it was approved, as the register stands while it waits."""
    if not plan.frozen:
        return plan_lines() if plan.state == PlanState.SUBMITTED else ()
    risks = json.loads(bytes(plan.frozen))["risks"]
    asked = {name for risk in risks for name in (risk["owner"], (risk["acceptance"] or {}).get("by")) if name}
    people = {user.pseudonym: user.display_name for user in User.objects.filter(pseudonym__in=asked)}
    return tuple(
        PlanLine(
            risk,
            people.get(risk["owner"], risk["owner"] or ""),
            people.get((risk["acceptance"] or {}).get("by") or "", ""),
        )
        for risk in risks
    )


def plan_in_force() -> TreatmentPlan | None:
    """The plan that was approved last."""
    return TreatmentPlan.objects.filter(state=PlanState.APPROVED).select_related("submitted_by", "decided_by").first()


def _controls() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Treatment.objects.filter(withdrawn_at__isnull=True).select_related("requirement")
    for row in rows.order_by("requirement__position", "requirement__code"):
        found.setdefault(row.risk_id, []).append(row.requirement.code)
    return found


def _line(row: Risk, controls: list[str], look: Verification | None) -> PlanLine:
    before = judged(row.criteria, row.likelihood, row.severity)
    after = judged(row.criteria, row.residual_likelihood, row.residual_severity)
    acceptance = None
    if row.accepted_at is not None:
        who = row.accepted_by.pseudonym if row.accepted_by else None
        acceptance = {"by": who, "at": plain(row.accepted_at), "reason": row.acceptance_reason}
    facts = {
        "code": row.code,
        **{name: plain(getattr(row, name)) for name in TEXTS},
        "system": row.system.code if row.system else None,
        "owner": row.owner.pseudonym if row.owner else None,
        "criteria": row.criteria.number,
        "before": _told(before),
        "after": _told(after),
        "controls": controls,
        "verified": {"outcome": look.outcome, "on": plain(look.verified_on)} if look else None,
        "acceptance": acceptance,
    }
    owner = row.owner.display_name if row.owner else ""
    line = PlanLine(facts, owner, row.accepted_by.display_name if row.accepted_by else "")
    return replace(line, gaps=tuple(_gaps(line, row.criteria)), blocks=_blocks(line, row))


def _blocks(line: PlanLine, row: Risk) -> bool:
    """What may not remain, and what is above acceptance without a decision, or left with nothing to accept.

    Approval accepts what is scored; so what is not scored has to be treated by something.
    """
    if line.after is not None and rule_of(row.criteria, line.after.band).is_nobody:
        return True
    if line.before is None or row.criteria.is_acceptable(line.before.band) or row.accepted_at is not None:
        return False
    has_control = bool(line.facts["controls"])
    return not row.option or (line.after is None and not is_treated(row, has_control=has_control))


def _gaps(line: PlanLine, criteria: Criteria) -> Iterable[str]:
    """Say what the plan lacks for a risk."""
    if line.before is None:
        yield _("It is not scored yet.")
    yield from _gaps_of_treatment(line.facts)
    if line.after is None:
        yield _("What remains is not scored.")
    elif rule_of(criteria, line.after.band).is_nobody:
        yield _("Nobody may accept %(band)s; treat it further.") % {"band": line.after.label}
    if not line.facts["owner"]:
        yield _("It has no owner.")


def _gaps_of_treatment(facts: Mapping[str, Any]) -> Iterable[str]:
    if not facts["option"]:
        yield _("Nobody has decided what is done about it.")
    elif facts["option"] != Option.RETAIN:
        if not facts["controls"] and not facts["plan"]:
            yield _("Neither a control nor a plan says how it is treated.")
        if not facts["due_on"] and not facts["done_on"]:
            yield _("No date says until when.")


def _told(level: Level | None) -> dict[str, Any] | None:
    if level is None:
        return None
    return {"likelihood": level.likelihood, "severity": level.severity, "band": str(level.band)}


def _level(told: Mapping[str, Any] | None) -> Level | None:
    return Level(told["likelihood"], told["severity"], Band(told["band"])) if told else None


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
