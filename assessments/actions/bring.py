"""Take an assessment in from a Markdown file: all of it or nothing, and never its decision."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal
from assessments.actions.clone import clone_edition
from assessments.actions.edit import edit_assessment
from assessments.actions.measures import tell_of_measure
from assessments.actions.shared import changed, made, opened
from assessments.actions.start import start_assessment
from assessments.events import (
    IMPACT_ADDED,
    IMPACT_EDITED,
    IMPACT_WITHDRAWN,
    MEASURE_ADDED,
    MEASURE_EDITED,
    MEASURE_WITHDRAWN,
    PARTY_ADDED,
    PARTY_EDITED,
    PARTY_WITHDRAWN,
)
from assessments.markdown import document as doc
from assessments.markdown.impacts import MORE, SCORES
from assessments.markdown.plan import Plan, plan_of
from assessments.models import AffectedParty, Assessment, AssessmentState, Impact, Measure, SectionText
from assessments.permissions import may_start, may_write
from assessments.sections.actions import answer_question
from assessments.sections.queries import is_co_author
from assessments.sections.questions import BY_KEY
from controls.models import Requirement
from ledger.events import Event
from systems.models import AiSystem

TEXTS = ("system_version", *doc.TEXTS, "next_review_on")
TICKED = ("sensitive_uses", "triggers")
PARTY = ("kind", "name", "per_year", "heard", "can_opt_out", "is_vulnerable")
IMPACT = ("level", "valence", "dimension", "description", "who", *MORE, *SCORES, "target_on")


class NotBringable(Refusal):
    """The file does not fit; `plan` says on which lines and why. Nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(" ".join(f"{str(fault)[:1].upper()}{str(fault)[1:]}" for fault in plan.faults))
        self.plan = plan


def is_bringer(actor: Actor, system: AiSystem) -> bool:
    """Whether this actor may take in a file about a system: who may assess it, and who writes its newest edition."""
    if may_start(actor, system):
        return True
    row = Assessment.objects.filter(system=system).select_related("system").defer("frozen").order_by("-pk").first()
    return row is not None and (may_write(actor, row) or is_co_author(actor, row))


@transaction.atomic
def import_assessment(
    content: bytes, system: AiSystem, *, name: str = "", actor: Actor
) -> tuple[Plan, Assessment | None]:
    """Start, change or revise the assessment of a system so that it says what a file says; the file wins.

    Parties, impacts and measures that the file no longer names are withdrawn. A decided edition stays as it is, and
    what differs from it becomes the draft of the next edition.
    """
    system = AiSystem.objects.select_for_update().get(pk=system.pk)
    plan = plan_of(content, system)
    if plan.faults:
        raise NotBringable(plan)
    if plan.verdict == "unchanged":
        return plan, plan.standing
    reason = _("Taken in from the file %s.") % (name or "Markdown")
    row = _opened(plan, reason, actor)
    _texts(row, plan, actor)
    _answers(row, plan, actor)
    _parties(row, plan.document.parties, actor, reason)
    _impacts(row, plan.document.impacts, actor, reason)
    return plan, Assessment.objects.select_related("system", "criteria").get(pk=row.pk)


def _opened(plan: Plan, reason: str, actor: Actor) -> Assessment:
    standing = plan.standing
    if standing is None:
        return start_assessment(plan.system, actor=actor)
    if standing.state in (AssessmentState.DECIDED, AssessmentState.SUPERSEDED):
        return clone_edition(standing, reason=reason, actor=actor)
    return opened(standing, actor)


def _texts(row: Assessment, plan: Plan, actor: Actor) -> None:
    document = plan.document
    said: dict[str, Any] = {name: getattr(document, name) for name in TEXTS}
    said["jurisdictions"] = list(document.jurisdictions)
    said |= {name: list(getattr(document, name)) for name in TICKED if name in plan.reading.speaks}
    said |= {"publication": document.publication} if document.publication else {}
    edit_assessment(row, seen=row.version, actor=actor, **said)


def _answers(row: Assessment, plan: Plan, actor: Actor) -> None:
    """Answer the questions that the file asks; the others stay as they are."""
    standing = {one.question: one for one in SectionText.objects.filter(assessment=row)}
    said = {one.question: one for one in plan.document.answers}
    for question in sorted(plan.reading.speaks & BY_KEY.keys()):
        held, new = standing.get(question), said.get(question, doc.Answer(question))
        if (
            (held.text, held.not_applicable_because) == (new.text, new.because)
            if held
            else not (new.text or new.because)
        ):
            continue
        seen = held.version if held else 0
        fields = {"text": new.text, "not_applicable_because": new.because}
        answer_question(row, question, seen=seen, actor=actor, **fields)


def _parties(row: Assessment, people: Iterable[doc.Party], actor: Actor, reason: str) -> None:
    """Bring the parties into the order of the file: where it differs, what follows is named anew."""
    standing = list(AffectedParty.objects.filter(assessment=row, withdrawn_at__isnull=True).order_by("pk"))
    for at, one in enumerate(people):
        fields = {name: getattr(one, name) for name in PARTY}
        if at < len(standing):
            held = standing[at]
            changed(held, PARTY_EDITED, seen=held.version, actor=actor, reason=reason, **fields)
        else:
            made(AffectedParty(aims_id=row.aims_id, assessment=row, **fields), PARTY_ADDED, actor=actor, reason=reason)
    _withdraw(standing[len(tuple(people)) :], PARTY_WITHDRAWN, actor, reason)


def _impacts(row: Assessment, impacts: Iterable[doc.Impact], actor: Actor, reason: str) -> None:
    """Impacts are the same by their number; one that was taken out comes back under its own."""
    standing = {one.number: one for one in Impact.objects.filter(assessment=row)}
    named = set()
    controls = _controls(impacts)
    for one in impacts:
        named.add(one.number)
        fields = {name: getattr(one, name) for name in IMPACT}
        held = standing.get(one.number)
        if held is None:
            new = Impact(aims_id=row.aims_id, assessment=row, number=one.number, **fields)
            held = made(new, IMPACT_ADDED, actor=actor, reason=reason)
        else:
            fields["withdrawn_at"] = None
            held = changed(held, IMPACT_EDITED, seen=held.version, actor=actor, reason=reason, **fields)
        _measures(held, one.measures, controls, actor, reason)
    gone = [one for number, one in standing.items() if number not in named and one.withdrawn_at is None]
    _withdraw(gone, IMPACT_WITHDRAWN, actor, reason)


def _measures(
    impact: Impact, measures: tuple[doc.Measure, ...], controls: dict[str, Requirement], actor: Actor, reason: str
) -> None:
    standing = list(Measure.objects.filter(impact=impact, withdrawn_at__isnull=True).order_by("pk"))
    for at, one in enumerate(measures):
        fields: dict[str, Any] = {
            "text": one.text,
            "requirement": controls.get(one.control),
            "kind": one.kind,
            "is_in_place": one.is_in_place,
            "is_failing": one.is_failing,
            "due_on": one.due_on,
        }
        before = standing[at].requirement_id if at < len(standing) else None
        if at < len(standing):
            held = standing[at]
            held = changed(held, MEASURE_EDITED, seen=held.version, actor=actor, reason=reason, **fields)
        else:
            new = Measure(aims_id=impact.aims_id, impact=impact, **fields)
            held = made(new, MEASURE_ADDED, actor=actor, reason=reason)
        if held.requirement_id != before:
            tell_of_measure(held, actor)
    _withdraw(standing[len(measures) :], MEASURE_WITHDRAWN, actor, reason)


def _withdraw(rows: Iterable[Any], event: Event, actor: Actor, reason: str) -> None:
    for one in rows:
        changed(one, event, seen=one.version, actor=actor, reason=reason, withdrawn_at=clock.now())


def _controls(impacts: Iterable[doc.Impact]) -> dict[str, Requirement]:
    codes = {one.control for impact in impacts for one in impact.measures if one.control}
    return {row.code: row for row in Requirement.objects.linkable().filter(code__in=codes).order_by("pk")}
