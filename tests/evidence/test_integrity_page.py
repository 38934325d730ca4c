"""The integrity page: the first visit, a check under way, what is wrong, and what it costs to show."""

from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from evidence.actions import ask_for_check
from evidence.actions.check import KIND
from evidence.models import File
from jobs.actions import run_job
from jobs.models import Job, JobState
from tests.evidence.make import a_check, a_note, an_evidence, place, spoil, the_file
from tests.make import a_member, signed_in


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def page_of(client: Client, aims: Aims) -> str:
    return client.get(reverse("evidence:integrity", args=[aims.slug])).content.decode()


def test_the_first_visit_says_that_nothing_was_a_check(aims: Aims, browser: Client) -> None:
    page = page_of(browser, aims)
    assert "Not checked yet" in page
    assert "Last checks" not in page


def test_a_check_without_files_says_so(aims: Aims, officer: Actor, browser: Client) -> None:
    a_check(officer)
    assert "No file is stored yet" in page_of(browser, aims)


def test_the_page_names_what_is_wrong_and_where_it_belongs(aims: Aims, officer: Actor, browser: Client) -> None:
    item = an_evidence(actor=officer, name="policy.pdf", title="AI policy")
    digest = the_file().sha256
    a_check(officer)
    assert "1 file is as it was given" in page_of(browser, aims)
    spoil(digest)
    a_check(officer)
    page = page_of(browser, aims)
    detail = reverse("evidence:detail", args=[aims.slug, item.code])
    for words in (
        "1 file altered",
        "policy.pdf",
        "AI policy",
        digest,
        sha256(b"forged").hexdigest(),
        f'href="{detail}"',
    ):
        assert words in page
    assert page.count("<tr>") == 1 + 1 + 1 + 2
    place(digest).unlink()
    a_check(officer)
    page = page_of(browser, aims)
    assert "1 file missing" in page
    assert "Nothing" in page


def test_the_item_says_that_its_file_is_not_what_was_given(aims: Aims, officer: Actor, browser: Client) -> None:
    item = an_evidence(actor=officer, name="policy.pdf")
    sound = an_evidence(actor=officer, data=b"another")
    spoil(File.objects.earliest("pk").sha256)
    a_check(officer)
    page = browser.get(reverse("evidence:detail", args=[aims.slug, item.code])).content.decode()
    assert "policy.pdf, version 1: Altered on disk since it was given, found on" in page
    other = browser.get(reverse("evidence:detail", args=[aims.slug, sound.code])).content.decode()
    assert "Altered on disk" not in other
    place(File.objects.earliest("pk").sha256).unlink()
    a_check(officer)
    page = browser.get(reverse("evidence:detail", args=[aims.slug, item.code])).content.decode()
    assert "Missing from the store, found on" in page
    library = browser.get(reverse("evidence:list", args=[aims.slug])).content.decode()
    assert "file altered or missing" in library


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OWNER])
def test_every_member_may_check_and_sees_progress_and_result(aims: Aims, officer: Actor, role: Role) -> None:
    an_evidence(actor=officer)
    client = signed_in(a_member(aims, role, by=officer))
    home = reverse("evidence:integrity", args=[aims.slug])
    answer = client.post(reverse("evidence:check_integrity", args=[aims.slug]), follow=True)
    assert answer.redirect_chain == [(home, 302)]
    job = Job.objects.get(kind=KIND)
    Job.objects.filter(pk=job.pk).update(progress=40, step="4 of 10 files")
    place_of_progress = reverse("evidence:integrity_progress", args=[aims.slug])
    partial = client.get(place_of_progress, headers={"HX-Request": "true"})
    assert 'value="40"' in partial.content.decode()
    assert "HX-Retarget" not in partial
    run_job(job.pk)
    partial = client.get(place_of_progress, headers={"HX-Request": "true"})
    assert partial["HX-Retarget"] == "#integrity"
    assert "1 file is as it was given" in partial.content.decode()
    assert "hx-get" not in partial.content.decode()
    assert client.get(place_of_progress)["Location"] == home


def test_htmx_gets_the_progress_in_place_and_a_button_to_stop(aims: Aims, browser: Client) -> None:
    address = reverse("evidence:check_integrity", args=[aims.slug])
    answer = browser.post(address, headers={"HX-Request": "true"}).content.decode()
    stop = reverse("evidence:stop_check", args=[aims.slug])
    assert answer.strip().startswith('<div class="integrity" id="integrity"')
    assert stop in answer
    assert browser.post(stop).status_code == 302
    assert browser.post(stop).status_code == 302
    assert Job.objects.get(kind=KIND).state == JobState.CANCELLED


def test_who_may_not_stop_it_is_refused(aims: Aims, officer: Actor) -> None:
    ask_for_check(actor=officer)
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    stop = reverse("evidence:stop_check", args=[aims.slug])
    assert stop not in page_of(reader, aims)
    assert reader.post(stop).status_code == 403


def test_a_check_that_died_says_so(aims: Aims, officer: Actor, browser: Client) -> None:
    job = ask_for_check(actor=officer)
    Job.objects.filter(pk=job.pk).update(state=JobState.DEAD, error="Its worker stopped, on every attempt.")
    page = page_of(browser, aims)
    assert "The check could not finish" in page
    assert "Its worker stopped, on every attempt." in page


def test_more_checks_and_faults_take_no_more_queries(aims: Aims, officer: Actor, browser: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(browser, aims)
        return len(seen)

    for number in range(3):
        an_evidence(actor=officer, data=bytes([number]))
    for file in File.objects.all():
        place(file.sha256).unlink()
    a_check(officer)
    few = queries()
    for number in range(3, 20):
        an_evidence(actor=officer, data=bytes([number]))
        place(the_file().sha256).unlink()
    for _night in range(12):
        a_check(officer)
    assert queries() == few <= 12


def test_what_is_written_is_never_markup(aims: Aims, officer: Actor, browser: Client) -> None:
    an_evidence(actor=officer, name="<b>&.pdf", title="<script>alert(1)</script>")
    a_note(actor=officer)
    place(the_file().sha256).unlink()
    a_check(officer)
    page = page_of(browser, aims)
    assert "<script>alert" not in page
    assert "_b_&amp;.pdf" in page
