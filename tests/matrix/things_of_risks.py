"""What addresses of the risk register name besides risks and their controls."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from assessments.actions import return_plan
from assessments.markdown.gathering import file_of
from assessments.models import Assessment, Impact, PlanState, RiskImpact, TreatmentPlan
from assessments.queries.drivers import in_force

Params = dict[str, Any]


def waiting_plan(_officer: Actor) -> Params:
    """A treatment plan that waits for a decision."""
    return {"number": TreatmentPlan.objects.get(state=PlanState.SUBMITTED).number}


def approved_plan(_officer: Actor) -> Params:
    """The treatment plan in force."""
    return {"number": TreatmentPlan.objects.get(state=PlanState.APPROVED).number}


def none_waits(officer: Actor) -> Params:
    """No plan that waits: the one that did is sent back."""
    for row in TreatmentPlan.objects.filter(state=PlanState.SUBMITTED):
        return_plan(row, reason="Walked", seen=row.version, actor=officer)
    return {}


def feeding(_officer: Actor) -> Params:
    """An impact that feeds a risk."""
    row = RiskImpact.objects.filter(withdrawn_at__isnull=True).select_related("risk").order_by("-pk")[0]
    return {"code": row.risk.code, "pk": row.pk}


def an_impact(_officer: Actor) -> Params:
    """An impact that can feed a risk."""
    rows = Impact.objects.filter(in_force("assessment__"), withdrawn_at__isnull=True)
    return {"impact": rows.order_by("-pk")[0].pk}


def a_register_of_risks(_officer: Actor) -> Params:
    """A register to bring in."""
    data = b"Risk ID,Risk,Likelihood,Impact\nW-1,Walked in,2,2\n"
    return {"file": SimpleUploadedFile("walked.csv", data), "take": "1"}


def a_file_of_an_assessment(_officer: Actor) -> Params:
    """A draft as a file, with one text changed."""
    row = Assessment.objects.filter(state="draft").select_related("system", "criteria", "decided_by").order_by("-pk")[0]
    text = file_of(row).replace("### Benefits\n", "### Benefits\n\nWalked in.\n", 1)
    return {"file": SimpleUploadedFile("walked.md", text.encode()), "system": row.system.code}
