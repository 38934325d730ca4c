"""The whole chain is verified by a job that anyone in the AIMS may ask for."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims
from jobs.actions import run_job
from jobs.models import Job, JobState
from ledger.models import Log, Record
from tests.databases import reword
from tests.make import a_member, an_organisation, signed_in
from tests.trace.make import an_edit, an_obligation
from trace.actions import ask_to_verify
from trace.verifying import KIND


def test_a_sound_chain(aims: Aims, officer: Actor) -> None:
    before = Record.objects.count()
    job = ask_to_verify(actor=officer)
    assert (job.kind, job.aims_id, job.actor_id) == (KIND, aims.pk, officer.user_id)
    assert run_job(job.pk) == JobState.DONE
    log = Log.objects.get()
    assert (log.verified_size, log.fault) == (log.size, "")
    job.refresh_from_db()
    assert job.result == {"size": log.size, "root": log.root, "fault": ""}
    assert Record.objects.count() == before


def test_asking_twice_is_asking_once(aims: Aims, officer: Actor) -> None:
    first = ask_to_verify(actor=officer)
    assert ask_to_verify(actor=a_member(aims, Role.AUDITOR, by=officer)) == first
    run_job(first.pk)
    again = ask_to_verify(actor=a_member(aims, Role.REVIEWER, by=officer))
    assert again != first


def test_strangers_may_not_ask(aims: Aims) -> None:
    nobody = Actor(**{**_fields(an_organisation()[1]), "authorities": ()})
    with pytest.raises(NotAllowed):
        ask_to_verify(actor=nobody)


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in ("kind", "user_id", "name", "email", "pseudonym", "auth_method")}


def test_a_log_that_is_not_there_fails_the_job(db: None, officer: Actor) -> None:
    job = Job.objects.create(kind=KIND, dedupe_key="x", aims_id=None)
    assert run_job(job.pk) == JobState.FAILED
    job.refresh_from_db()
    assert job.error == "Nothing has been recorded yet."


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OWNER])
def test_the_button_shows_progress_and_then_the_verdict(aims: Aims, officer: Actor, role: Role) -> None:
    client = signed_in(a_member(aims, role, by=officer))
    chain = reverse("trace:records", args=[aims.slug])
    answer = client.post(reverse("trace:verify", args=[aims.slug]), follow=True)
    assert answer.redirect_chain == [(chain, 302)]
    assert "Verifying the whole chain" in answer.content.decode()
    job = Job.objects.get(kind=KIND)
    Job.objects.filter(pk=job.pk).update(progress=40, step="Recomputing leaves")
    partial = client.get(reverse("trace:verification", args=[aims.slug])).content.decode()
    assert 'value="40"' in partial
    assert "hx-get" in partial
    run_job(job.pk)
    partial = client.get(reverse("trace:verification", args=[aims.slug])).content.decode()
    size = Log.objects.get().size
    assert f"Chain verified to record #{size}" in partial
    assert f"{size} of {size} leaves lie under the root. Checked today at" in partial
    assert "hx-get" not in partial
    assert f"Chain verified to record #{size}" in client.get(chain).content.decode()


def test_htmx_gets_the_progress_in_place(aims: Aims, officer: Actor) -> None:
    answer = signed_in(officer).post(
        reverse("trace:verify", args=[aims.slug]), headers={"HX-Request": "true", "HX-Target": "verdict"}
    )
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<section class="job" id="verdict"')


def test_a_fault_is_shown_in_red_until_the_chain_is_sound(aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-1", aims_id=aims.pk)
    an_edit(officer, row, reason="counsel asked", title="Another law")
    reword("counsel asked", "nobody asked")
    run_job(ask_to_verify(actor=officer).pk)
    page = signed_in(officer).get(reverse("trace:records", args=[aims.slug])).content.decode()
    assert "The chain does not hold" in page
    assert f"Record #{Log.objects.get().size} (" in page
    assert 'data-tone="bad" role="alert"' in page


def test_a_job_that_died_says_so(aims: Aims, officer: Actor) -> None:
    job = ask_to_verify(actor=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.DEAD, error="Its worker stopped, on every attempt.")
    page = signed_in(officer).get(reverse("trace:records", args=[aims.slug])).content.decode()
    assert "The verification could not finish" in page
    assert "Its worker stopped, on every attempt." in page


def test_verifying_is_asked_by_post_only(aims: Aims, officer: Actor) -> None:
    address = reverse("trace:verify", args=[aims.slug])
    assert signed_in(officer).get(address).status_code == 405
    assert Client().post(address).status_code == 302
