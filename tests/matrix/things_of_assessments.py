"""What addresses of screenings, impact assessments, triggers and risks name."""

from datetime import timedelta
from typing import Any

from accounts.actor import Actor
from assessments.actions import submit_assessment
from assessments.models import (
    AffectedParty,
    Assessment,
    CoAuthor,
    Impact,
    Measure,
    Risk,
    Screening,
    SectionComment,
    Treatment,
    Trigger,
)
from assessments.screening.actions import answer_screening, conclude_screening
from assessments.screening.questions import QUESTIONNAIRE
from systems.models import AiSystem
from tests.matrix.tenant import NOW
from tests.matrix.things import Params, by_ref, fresh_system


def assessment(_officer: Actor) -> Params:
    """The last assessment: a draft."""
    row = Assessment.objects.filter(state="draft").order_by("-pk")[0]
    return {"code": row.code, "edition": row.edition}


def assessment_by_reference(_officer: Actor) -> Params:
    """The last draft by its reference, such as IA-2026-08@1.0; where the walk has put all up already, the last one."""
    rows = Assessment.objects.order_by("-pk")
    row = rows.filter(state="draft").first() or rows[0]
    return {"ref": f"{row.code}@{row.edition}"}


def decided_assessment(_officer: Actor) -> Params:
    """An assessment in force."""
    row = Assessment.objects.filter(state="decided").order_by("-pk")[0]
    return {"code": row.code, "edition": row.edition}


def screening(_officer: Actor) -> Params:
    """A screening that is being answered."""
    return {"code": Screening.objects.filter(state="draft").order_by("-pk")[0].code}


def _concluded(officer: Actor, answer: str) -> Params:
    row = Screening.objects.filter(state="draft").order_by("-pk")[0]
    told = {asked.code: {"answer": answer} for asked in QUESTIONNAIRE}
    row = answer_screening(row, answers=told, seen=row.version, actor=officer)
    conclude_screening(row, because="Nobody is affected.", seen=row.version, actor=officer)
    return {"code": row.code}


def waiting_screening(officer: Actor) -> Params:
    """A screening that nobody has signed yet."""
    return _concluded(officer, "no")


def due_screening(officer: Actor) -> Params:
    """A screening that says an assessment is due."""
    return _concluded(officer, "yes")


def seen_screening(_officer: Actor) -> Params:
    """The version of the last screening that somebody saw."""
    return {"seen": Screening.objects.order_by("-changed_at", "-pk")[0].version}


def unscreened(officer: Actor) -> Params:
    """The key of a system of the owner's that nobody screens yet."""
    return {"system": AiSystem.objects.get(code=fresh_system(officer)["system"]).pk}


def a_year_on(officer: Actor) -> Params:
    """A day on which it is screened again."""
    return seen_screening(officer) | {"next_review_on": (NOW.date() + timedelta(days=300)).isoformat()}


def question(officer: Actor) -> Params:
    """A question of a draft that is answered."""
    return assessment(officer) | {"question": "scope"}


def section(officer: Actor) -> Params:
    """A section of a draft."""
    return assessment(officer) | {"section": "scope"}


def comment(_officer: Actor) -> Params:
    """A remark on a draft."""
    row = SectionComment.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def co_author(_officer: Actor) -> Params:
    """Who writes a draft beside its author."""
    row = CoAuthor.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def _part(row: Any, of: Assessment) -> Params:
    return {"code": of.code, "edition": of.edition, "pk": row.pk}


def party(_officer: Actor) -> Params:
    """A party of a draft."""
    row = AffectedParty.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def impact(_officer: Actor) -> Params:
    """An impact of a draft."""
    row = Impact.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def measure(_officer: Actor) -> Params:
    """A measure of a draft."""
    row = Measure.objects.select_related("impact__assessment").order_by("-pk")[0]
    return _part(row, row.impact.assessment)


def trigger(_officer: Actor) -> Params:
    """Something that happened after an assessment, of which nobody has said yet what it touches."""
    return {"pk": Trigger.objects.filter(effect="unsaid").order_by("-pk")[0].pk}


def open_trigger(_officer: Actor) -> Params:
    """The assessment that it happened to."""
    row = Trigger.objects.filter(effect="unsaid").select_related("assessment").order_by("-pk")[0]
    return {"code": row.assessment.code, "edition": row.assessment.edition}


def an_answer(officer: Actor) -> Params:
    """What the page of the trigger sends along."""
    row = Trigger.objects.get(**trigger(officer))
    return {f"{row.pk}-seen": row.version, f"{row.pk}-sections": ["model"], f"{row.pk}-because": ""}


def what_happened(_officer: Actor) -> Params:
    """Something that happened to an assessment in force."""
    code = Assessment.objects.filter(state="decided").order_by("-pk")[0].code
    return {"assessment": code, "kind": "complaint", "title": "Somebody complained in the walk."}


def risk(_officer: Actor) -> Params:
    """A risk that nobody has accepted yet."""
    return {"code": Risk.objects.filter(accepted_at__isnull=True).order_by("-pk")[0].code}


def treatment(_officer: Actor) -> Params:
    """A control that treats a risk."""
    row = Treatment.objects.select_related("risk").order_by("-pk")[0]
    return {"code": row.risk.code, "pk": row.pk}


def submitted_assessment(officer: Actor) -> Params:
    """An assessment in review."""
    row = Assessment.objects.filter(state="draft").order_by("-pk")[0]
    submit_assessment(row, seen=row.version, actor=officer)
    return {"code": row.code, "edition": row.edition}


def seen_draft(_officer: Actor) -> Params:
    """The version of the last draft that somebody saw."""
    return {"seen": Assessment.objects.filter(state="draft").order_by("-pk")[0].version}


def a_decision(_officer: Actor) -> Params:
    """A decision with its date."""
    return {"decision": "proceed", "next_review_on": "2026-12-01", "reason": "Fine."}


def question_by_ref(officer: Actor) -> Params:
    """A question of a draft, by the name that the API gives the draft."""
    return by_ref(assessment)(officer) | {"question": "scope"}
