"""Pages and API of policies: list, text, versions, writing with errors in place, trying before saving."""

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from jobs.models import Job
from policies.actions import load_shipped, revise_policy, write_policy
from policies.models import Policy
from systems.actions import register
from systems.actions.judge import note_judging
from systems.judging.work import judge_all, read
from tests.make import a_member, an_organisation, signed_in
from tests.policies.records import good
from tests.policies.test_actions import TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> Iterator[tuple[str, Client, Aims, Actor]]:
    """The address of an AIMS with the shipped set and one judged system, and its officer's browser."""
    aims, officer = an_organisation()
    with acting_in(aims, officer):
        load_shipped(actor=service("judge"))
        register(actor=officer, record=good(governance__bias_test=None))
        note_judging(judge_all(read()), occasion="asked", by_id=officer.user_id, actor=officer)
    return f"/a/{aims.slug}", signed_in(officer), aims, officer


def test_the_list_and_one_policy(door: tuple[str, Client, Aims, Actor]) -> None:
    at, browser, _aims, _officer = door
    page = browser.get(f"{at}/policies/").content.decode()
    assert "High-risk systems are tested for bias" in page
    assert "0 of 1 pass" in page
    page = browser.get(f"{at}/policies/bias/").content.decode()
    assert "governance.bias_test.done_on is missing: a system of tier high needs a bias test" in page
    assert "package iso42001.bias" in page
    assert f'href="{at}/soa/A.6.2.4/"' in page
    assert browser.get(f"{at}/policies/gone/").status_code == 404


def test_writing_shows_errors_in_place_and_saves_what_holds(door: tuple[str, Client, Aims, Actor]) -> None:
    at, browser, aims, officer = door
    said = {"name": "region", "text": TEXT + '\nx := http.send({"url": "a"})', "note": ""}
    answer = browser.post(f"{at}/policies/new/", said)
    assert answer.status_code == 422
    assert "Line 11: It asks for the network" in answer.content.decode()
    assert browser.post(f"{at}/policies/new/", said | {"text": TEXT}).status_code == 302
    with acting_in(aims, officer):
        assert Policy.objects.filter(name="region", is_shipped=False).exists()


def test_a_text_is_tried_without_being_saved(door: tuple[str, Client, Aims, Actor]) -> None:
    at, browser, aims, officer = door
    text = TEXT.replace("not input.deployment.regions", "input.name")
    tried = {"text": text, "system": "SYS-01", "try": "1", "seen": "1", "note": ""}
    page = browser.post(f"{at}/policies/bias/revise/", tried)
    assert (page.status_code, "SYS-01 fails" in page.content.decode(), "no region" in page.content.decode()) == (
        200, True, True,
    )  # fmt: skip
    assert "cannot be used" in browser.post(f"{at}/policies/bias/revise/", tried | {"text": "no"}).content.decode()
    assert browser.post(f"{at}/policies/bias/revise/", tried | {"system": "SYS-99"}).status_code == 422
    with acting_in(aims, officer):
        assert Policy.objects.get(name="bias").number == 1


def test_versions_and_their_differences(door: tuple[str, Client, Aims, Actor]) -> None:
    at, browser, aims, officer = door
    with acting_in(aims, officer):
        row = write_policy("region", TEXT, actor=officer)
        revise_policy(row, TEXT.replace("no region", "nowhere"), note="plainer", seen=1, actor=officer)
    page = browser.get(f"{at}/policies/region/versions/2/").content.decode()
    assert "<del>deny contains &quot;no region&quot; if not input.deployment.regions</del>" in page
    assert "<ins>deny contains &quot;nowhere&quot; if not input.deployment.regions</ins>" in page
    assert "<del>" not in browser.get(f"{at}/policies/region/versions/1/").content.decode()
    assert browser.get(f"{at}/policies/region/versions/3/").status_code == 404


def test_switching_off_says_why_on_the_page(door: tuple[str, Client, Aims, Actor]) -> None:
    at, browser, _aims, _officer = door
    assert browser.post(f"{at}/policies/people/switch/", {"seen": "1", "reason": ""}).status_code == 422
    assert browser.post(f"{at}/policies/people/switch/", {"seen": "1", "reason": "HR keeps it"}).status_code == 302
    assert "HR keeps it" in browser.get(f"{at}/policies/people/").content.decode()
    assert browser.post(f"{at}/policies/people/switch/", {"seen": "1", "reason": "late"}).status_code == 409


def test_judging_on_demand_and_its_pages(door: tuple[str, Client, Aims, Actor]) -> None:
    at, browser, aims, officer = door
    assert "On demand" in browser.get(f"{at}/judging/").content.decode()
    page = browser.get(f"{at}/judging/SYS-01/").content.decode()
    assert "being judged" in page
    Job.objects.all().delete()
    for address in ("judging/ask/", "judging/SYS-01/ask/", "judging/ask/"):
        assert browser.post(f"{at}/{address}").status_code == 302
    assert sorted(len(job.payload["systems"]) for job in Job.objects.all()) == [0]
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    assert reader.post(f"{at}/judging/ask/").status_code == 403
    assert "Due from" in browser.get(f"{at}/judging/SYS-01/").content.decode()


def test_the_list_asks_the_same_of_three_and_of_many(
    door: tuple[str, Client, Aims, Actor], django_assert_max_num_queries: object
) -> None:
    at, browser, aims, officer = door
    browser.get(f"{at}/policies/")
    with django_assert_max_num_queries(14) as few:  # type: ignore[operator]
        browser.get(f"{at}/policies/")
    with acting_in(aims, officer):
        for number in range(3):
            write_policy(f"more_{number}", TEXT.replace("own.region", f"own.r{number}"), actor=officer)
            register(actor=officer, record=good(id=f"more-{number}"))
        note_judging(judge_all(read()), occasion="asked", by_id=officer.user_id, actor=officer)
    with django_assert_max_num_queries(14) as many:  # type: ignore[operator]
        browser.get(f"{at}/policies/")
    assert len(few) == len(many)


def test_the_api_reads_and_writes(door: tuple[str, Client, Aims, Actor]) -> None:
    at, browser, _aims, _officer = door
    api = f"/api/v1{at}"
    assert browser.get(f"{api}/policies/").json()["results"][0]["name"]
    made = browser.post(f"{api}/policies/", {"name": "region", "text": TEXT}, content_type="application/json")
    assert (made.status_code, made.json()["versions"][0]["text"]) == (201, TEXT)
    bad = browser.post(f"{api}/policies/", {"name": "worse", "text": "x"}, content_type="application/json")
    assert (bad.status_code, list(bad.json()["errors"])) == (422, ["text"])
    changed = browser.patch(
        f"{api}/policies/region/", {"text": TEXT + "# more\n", "note": "more"}, content_type="application/json",
        headers={"if-match": made.headers["ETag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["number"]) == (200, 2)
    off = browser.post(
        f"{api}/policies/region/switch/", {"is_on": False, "reason": "r"}, content_type="application/json",
        headers={"if-match": changed.headers["ETag"]},
    )  # fmt: skip
    assert (off.status_code, off.json()["is_on"]) == (200, False)
    results = browser.get(f"{api}/policy-results/?control=A.6.2.4&state=failed&system=SYS-01").json()["results"]
    assert [row["policy"] for row in results] == ["bias"]
    assert browser.get(f"{api}/policy-runs/").json()["results"][0]["systems"] == 1
    assert browser.post(f"{api}/policy-runs/").status_code == 201
