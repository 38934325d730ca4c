"""Files on the page and through the API: looked at first, taken in as a whole, handed out again."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from assessments.markdown.gathering import file_of
from assessments.models import Assessment, Measure, SectionText
from assessments.sections.actions import answer_question
from tests.api.make import a_machine
from tests.assessments.make import a_complete_assessment, a_decided_assessment, a_system, an_approver
from tests.make import a_member, signed_in

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def _sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.md").read_bytes()


def _sent(browser: Client, aims: Aims, system: str, data: bytes) -> Any:
    file = SimpleUploadedFile("ia.md", data)
    return browser.post(reverse("assessments:import", args=[aims.slug]), {"system": system, "file": file}, follow=True)


def test_a_file_is_looked_at_and_then_taken_without_choosing_it_again(
    aims: Aims, officer: Actor, browser: Client
) -> None:
    system = a_system(officer)
    page = _sent(browser, aims, system.code, _sample("12_half_filled"))
    assert page.status_code == 200
    assert b"Mail is lost" in page.content
    assert b"3 times 2 is 6" in page.content
    assert not Assessment.objects.exists()
    token = re.search(rb'name="token" value="([^"]+)"', page.content)
    assert token is not None
    said = {"token": token[1].decode(), "system": system.code, "take": "1"}
    done = browser.post(reverse("assessments:import", args=[aims.slug]), said)
    assert done.status_code == 302
    row = Assessment.objects.get(system=system)
    assert done["Location"] == reverse("assessments:detail", args=[aims.slug, row.code, row.edition])
    again = browser.post(reverse("assessments:import", args=[aims.slug]), said, follow=True)
    assert b"not kept any more" in again.content


def test_a_file_that_does_not_fit_offers_no_import(aims: Aims, officer: Actor, browser: Client) -> None:
    page = _sent(browser, aims, a_system(officer).code, _sample("13_risk_column"))
    assert page.status_code == 422
    assert b"two scores" in page.content
    assert b'name="take"' not in page.content


def test_who_does_not_write_the_assessment_of_a_system_takes_no_file(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    page = _sent(signed_in(owner), aims, a_system(officer).code, _sample("02_bullets"))
    assert page.status_code == 403


def test_a_file_without_our_extras_leaves_them_as_they_stand(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_complete_assessment(officer)
    answer_question(row, "scope", text="All of it.", seen=0, actor=officer)
    Measure.objects.filter(impact__assessment=row).update(is_failing=True)
    text = file_of(Assessment.objects.select_related("system", "criteria").get(pk=row.pk))
    shorn = re.sub(r"### (?:[^\n]*\{#|Sensitive|Looked)[^#]*", "", text.replace("- Publication: internal\n", ""))
    shorn = shorn.replace("| Known to fail ", "| Note ").replace("A recruiter opens every file.", "Nobody does.")
    page = _sent(browser, aims, row.system.code, shorn.encode())
    assert page.status_code == 200
    assert b"Nobody does." in page.content
    assert b"All of it." not in page.content
    token = re.search(rb'name="token" value="([^"]+)"', page.content)
    assert token is not None
    browser.post(
        reverse("assessments:import", args=[aims.slug]), {"token": token[1].decode(), "system": row.system.code}
    )
    assert Assessment.objects.get(pk=row.pk).oversight == "Nobody does."
    assert SectionText.objects.get(assessment=row, question="scope").text == "All of it."
    assert Measure.objects.get(impact__assessment=row).is_failing


def test_the_api_takes_files_and_hands_them_out(aims: Aims, officer: Actor) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer))
    client = a_machine(aims, officer)
    out = client.read(f"assessments/{row.ref_code}/markdown/")
    assert out["Content-Type"] == "text/markdown; charset=utf-8"
    changed = out.content.replace(b"A recruiter opens every file.", b"Two do.")

    def brought(data: bytes, **more: str) -> Any:
        said = {"file": SimpleUploadedFile("ia.md", data), "system": row.system.code, **more}
        return client.post(f"{client.base}assessments/import/", said)

    assert brought(out.content).json()["verdict"] == "unchanged"
    looked = brought(changed, dry_run="true")
    assert (looked.status_code, looked.json()["verdict"], looked.json()["applied"]) == (200, "edition", False)
    assert looked.json()["changes"] == [
        {"place": "Human oversight", "before": "A recruiter opens every file.", "after": "Two do."}
    ]
    taken = brought(changed)
    assert (taken.status_code, taken.json()["assessment"]) == (201, f"{row.code}@1.1")
    refused = brought(_sample("13_risk_column"))
    assert refused.status_code == 422
    assert [one["line"] for one in refused.json()["rejected"]] == [21, 32, 33]
    assert Assessment.objects.count() == 2
