"""The approved treatment plan as a PDF: a job lays it out once, from its frozen form alone, and keeps the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor, service
from accounts.context import acting_in, current_aims_id
from aims.models import Aims
from assessments.models import TreatmentPlan
from assessments.queries.treatment_plan import PlanLine, lines_of
from evidence.ports import StoredFile
from evidence.store import keep
from jobs.actions import enqueue
from jobs.models import Job, JobState
from jobs.registry import JobFailed
from reports.html import CONTROL_CHARACTERS, assets, engine
from reports.paper import words
from reports.render import Progress, Rendered, Renderer, quiet

KIND = "reports.treatment_plan"
LARGEST = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """What the paper prints of a plan."""

    title: str
    organisation: str
    mark: str
    number: str
    note: str
    reason: str
    submitted: str
    approved: str
    approved_on: str
    digest: str
    created: str
    lines: tuple[PlanLine, ...]


def ask_plan(plan: TreatmentPlan, *, actor: Actor) -> Job:
    """Have the PDF of an approved plan made, once; asking again returns the same job."""
    key = f"{plan.aims_id}:{plan.digest}"
    return enqueue(KIND, dedupe_key=key, actor=actor, payload={"plan": plan.pk}, aims_id=plan.aims_id)


def paper_of(plan: TreatmentPlan) -> PlanPaper:
    """Read an approved plan."""
    assert plan.decided_at is not None  # noqa: S101  (the database keeps it of a frozen plan)
    day = words.long_day(plan.decided_at.date())
    return PlanPaper(
        title=_("AI risk treatment plan"),
        organisation=plan.aims.organisation,
        mark=_("Demonstration data, not a real organisation") if plan.aims.is_demo else "",
        number=plan.ref_code,
        note=plan.note,
        reason=plan.decision_note,
        submitted=plan.submitted_by.display_name if plan.submitted_by else "",
        approved=plan.decided_by.display_name if plan.decided_by else "",
        approved_on=day,
        digest=plan.digest,
        created=plan.decided_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        lines=lines_of(plan),
    )


def pressed(renderer: Renderer, paper: PlanPaper, progress: Progress = quiet) -> Rendered:
    """Print the paper and have the running child lay it out."""
    html = engine().get_template("reports/paper/treatment_plan.html").render(Context({"paper": paper}))
    return renderer.render(html.translate(CONTROL_CHARACTERS), assets(), progress)


def file_name(plan: TreatmentPlan) -> str:
    """Return a name that says what is inside, in ASCII."""
    return f"treatment-plan-{plan.number}-{plan.aims.slug}.pdf"


def work(job: Job, progress: Progress) -> dict[str, Any]:
    """Lay the plan out and store the file."""
    with Renderer() as renderer:
        progress(2, _("Read the plan"))
        with acting_in(_aims(job), service("renderer")):
            plan = TreatmentPlan.objects.select_related("aims", "submitted_by", "decided_by").get(
                pk=job.payload["plan"]
            )
            paper, name = paper_of(plan), file_name(plan)
        made = pressed(renderer, paper, progress)
    progress(90, _("Store the file"))
    stored = keep(BytesIO(made.pdf), LARGEST)
    return {"sha256": stored.sha256, "size": stored.size, "pages": made.pages, "name": name, "plan": paper.number}


def finish(_job: Job, made: dict[str, Any]) -> dict[str, Any]:
    """Keep with the job what was made."""
    return made


def plan_files() -> Iterator[StoredFile]:
    """Return the files of plans: one query."""
    slug = Aims.objects.filter(pk=current_aims_id()).values_list("slug", flat=True).first()
    for job in Job.objects.filter(kind=KIND, aims_id=current_aims_id(), state=JobState.DONE).order_by("pk"):
        made = job.result
        number = int(made["plan"].removeprefix("TP-"))
        address = reverse("assessments:treatment-plan", args=[slug, number]) if slug else ""
        what = f"{TreatmentPlan.ref_kind}:{made['plan']}"
        yield StoredFile(made["sha256"], made["size"], made["name"], what, made["plan"], address)


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims
