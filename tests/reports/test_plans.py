"""The approved treatment plan as a PDF: laid out once by a job, kept, and handed out."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from assessments.actions import approve_plan, submit_plan
from evidence.store import open_stored
from jobs.models import Job, JobState
from reports import plans
from tests.assessments.make import a_risk, an_approver
from tests.make import trace_of


def test_the_pdf_is_made_once_and_says_what_was_accepted(
    aims: Aims, officer: Actor, tmp_path: Path, settings: object
) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    a_risk(officer, title="Ränge sind ungerecht 不公平")
    plan = submit_plan(actor=officer)
    address = reverse("reports:treatment-plan", args=[aims.slug, plan.number])
    browser = Client()
    browser.force_login(User.objects.get(pk=officer.user_id))
    assert browser.get(address).status_code == 404
    plan = approve_plan(plan, reason="In proportion", seen=1, actor=an_approver(aims, officer))
    html = plans.engine().get_template("reports/paper/treatment_plan.html")
    paper = plans.paper_of(plan)
    told = html.render(plans.Context({"paper": paper}))
    for words in ("Ränge sind ungerecht 不公平", "In proportion", plan.digest, "With treatment plan TP-1"):
        assert words in told
    assert "is being made" in browser.get(address).content.decode()
    job = Job.objects.get(kind=plans.KIND)
    assert browser.get(address).status_code == 200
    assert Job.objects.filter(kind=plans.KIND).count() == 1
    made = plans.finish(job, plans.work(job, lambda _percent, _step: None))
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, result=made)
    answer = browser.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert trace_of(plan.ref)[-1] == "treatment_plan.downloaded"
    with open_stored(made["sha256"]) as stream:
        assert stream.read(5) == b"%PDF-"
    assert [(file.sha256, file.what) for file in plans.plan_files()] == [(made["sha256"], "treatment-plan:TP-1")]


def test_the_command_knows_only_approved_plans(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    a_risk(officer)
    submit_plan(actor=officer)
    for reference in ("TP-1", "TP-x"):
        with pytest.raises(CommandError, match="no approved"):
            call_command("render_treatment_plan", reference, "--aims", aims.slug, "--out", str(tmp_path / "a.pdf"))
    assert list(tmp_path.iterdir()) == []
