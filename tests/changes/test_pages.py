"""Changes in the browser: what each person sees and may do, how wrong input is answered, and what a page costs."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from changes.actions import approve_change, declare_emergency, describe_change
from changes.models import ChangeRecord
from soa.actions import decide, open_statement
from soa.models import Applicability, Entry
from systems.models import AiSystem
from tests.assessments.make import a_risk
from tests.changes.make import RECORD, a_change, a_live_system, a_plan, again, an_approver, edited, ready
from tests.make import a_member, signed_in
from tests.systems.make import a_reliance


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    """Return the officer's browser."""
    return signed_in(officer)


def at(aims: Aims, name: str, *args: object) -> str:
    """Return an address of this room."""
    return reverse(f"changes:{name}", args=[aims.slug, *args])


def queries(browser: Client, address: str) -> int:
    """How many queries a page takes, once it is warm."""
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_an_empty_list_says_what_opens_a_change(browser: Client, aims: Aims, officer: Actor) -> None:
    page = browser.get(at(aims, "list")).content.decode()
    assert "No change is recorded yet" in page
    assert at(aims, "new") in page
    page = signed_in(a_member(aims, Role.REVIEWER, by=officer)).get(at(aims, "list")).content.decode()
    assert at(aims, "new") not in page


def test_the_list_is_searched_filtered_sorted_and_exported(browser: Client, aims: Aims, officer: Actor) -> None:
    first = a_change(officer, a_live_system(officer))
    second = a_plan(officer, a_live_system(officer, record=RECORD | {"id": "other"}), kinds=["region"], title="=Moves")
    for query, found in (
        ("q=moves", second),
        ("kind=model", first),
        ("kind=region&state=undecided", second),
        (f"system={first.system.code}", first),
    ):
        page = browser.get(f"{at(aims, 'list')}?{query}").content.decode()
        assert [row.code for row in (first, second) if f">{row.code}<" in page] == [found.code]
    page = browser.get(f"{at(aims, 'list')}?sort=code").content.decode()
    assert page.index(first.code) < page.index(second.code)
    assert "No change matches" in browser.get(f"{at(aims, 'list')}?state=refused").content.decode()
    sent = browser.get(f"{at(aims, 'export')}?kind=region")
    rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [[second.code, "'=Moves"]]


def test_lists_cost_the_same_with_few_and_with_many(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    a_reliance(officer, system)
    cost = {}
    for number in range(1, 9):
        plan = a_plan(officer, a_live_system(officer, record=RECORD | {"id": f"more-{number}"}))
        a_risk(officer, system=system)
        edited(officer, system, model_version=f"2.{number + 10}")
        if number in (2, 8):
            change = ChangeRecord.objects.get(system=system)
            addresses = [
                at(aims, "list"),
                at(aims, "detail", change.code),
                at(aims, "touched", change.code),
                f"{at(aims, 'compare')}?system={system.code}",
                reverse("systems:detail", args=[aims.slug, system.code]),
                reverse("api:changes-list", args=[aims.slug]),
            ]
            cost[number] = [queries(browser, address) for address in addresses]
    assert plan.code in browser.get(at(aims, "list")).content.decode()
    assert cost[2] == cost[8]
    assert max(cost[8][:4]) < 20  # the pages of this room; a system's own page holds all rooms' sections


def test_the_page_of_a_change_tells_all_of_it(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    a_risk(officer, system=system, title="Drift")
    row = a_change(officer, system)
    page = browser.get(at(aims, "detail", row.code)).content.decode()
    told = ["Regression evaluation is missing", "Canary is missing", "Drift", "Version in use", "material: Model"]
    for words in (*told, "<del>2.6.0</del>", "<ins>2.7.1</ins>", "You had a hand in this change"):
        assert words in page
    page = browser.get(reverse("systems:detail", args=[aims.slug, system.code])).content.decode()
    assert "Change records" in page
    assert at(aims, "detail", row.code) in page


def test_demands_are_met_and_the_change_approved_by_hand(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    a_risk(officer, system=system)
    row = a_change(officer, system)
    result = {"seen": row.version, "benchmark": "Set", "value": "0.9", "threshold": "0.8"}
    address = at(aims, "meet", row.code, "evaluation")
    assert browser.post(address, result | {"value": "", "benchmark": ""}).status_code == 422
    assert browser.post(address, result).status_code == 302
    assert browser.post(address, result).status_code == 409
    seen = {"seen": again(row).version}
    went = {"share": "5", "hours": "24", "has_passed": "True"}
    assert browser.post(at(aims, "meet", row.code, "canary"), went | seen).status_code == 302
    approver = signed_in(an_approver(aims, officer))
    missing = approver.post(at(aims, "approve", row.code), {"seen": again(row).version})
    assert missing.status_code == 422
    assert f'href="{at(aims, "detail", row.code)}#touched-title"' in missing.content.decode()
    things = [thing.pk for thing in row.touched.all()]
    said = {"seen": again(row).version} | {f"{pk}-effect": "none" for pk in things}
    refused = browser.post(at(aims, "touched", row.code), said)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert (
        browser.post(at(aims, "touched", row.code), said | {f"{pk}-because": "Same data" for pk in things}).status_code
        == 302
    )
    assert browser.post(at(aims, "approve", row.code), {"seen": again(row).version}).status_code == 422  # own work
    assert approver.post(at(aims, "approve", row.code), {"seen": again(row).version}).status_code == 302
    assert browser.post(at(aims, "take_effect", row.code), {"seen": again(row).version}).status_code == 302
    assert again(row).state == "in-effect"
    assert browser.post(at(aims, "withdraw", row.code), {"seen": 1, "reason": "Late"}).status_code == 409


def test_what_is_not_demanded_or_cannot_be_waived_is_not_there(browser: Client, aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    for name, kind in (("meet", "assessment"), ("waive", "evaluation"), ("meet", "nothing"), ("waive", "approval")):
        assert browser.get(at(aims, name, row.code, kind)).status_code == 404
    assert browser.get(at(aims, "detail", "CHG-2026-99")).status_code == 404


def test_a_plan_is_opened_by_hand(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    assert browser.get(f"{at(aims, 'new')}?system={system.code}").status_code == 200
    said = {"system": system.pk, "title": "2.7.0", "kinds": ["model", "data"], "summary": "Why"}
    assert browser.post(at(aims, "new"), said | {"kinds": []}).status_code == 422
    answer = browser.post(at(aims, "new"), said)
    row = ChangeRecord.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at(aims, "detail", row.code))
    assert browser.post(at(aims, "new"), said).status_code == 422
    assert "planned at version" in browser.get(at(aims, "detail", row.code)).content.decode()


def test_versions_are_compared_side_by_side(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    long = "It reads every application twice and " * 4
    edited(officer, system, record=RECORD | {"description": long + "sends it on."}, reason="Told more")
    edited(officer, system, record=RECORD | {"description": long + "keeps it.", "contact": "desk@example.org"})
    newest = AiSystem.objects.get(pk=system.pk).version
    address = f"{at(aims, 'compare')}?system={system.code}"
    page = browser.get(f"{address}&from={newest - 1}&to={newest}").content.decode()
    assert "<del>sends " in page
    assert "keeps " in page
    assert "Contact" in page
    assert "Added" in page
    assert "Told more" in page  # the list of versions
    assert browser.get(address).status_code == 200
    for wrong in ("from=0&to=99999", "from=x&to=-1", "from=99999999999&to=1"):
        assert browser.get(f"{address}&{wrong}").status_code == 200
    assert "There is no such version" in browser.get(f"{address}&from=1&to=999").content.decode()
    assert browser.get(f"{at(aims, 'compare')}?system=SYS-99").status_code == 404
    assert browser.get(at(aims, "compare")).status_code == 200


def test_an_emergency_is_told_before_anything_else(browser: Client, aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    row = describe_change(row, title="2.7.1 by supplier", summary="", seen=row.version, actor=officer)
    declare_emergency(row, reason="Patch of a leak", seen=row.version, actor=officer)
    for address in (at(aims, "list"), reverse("systems:detail", args=[aims.slug, row.system.code])):
        page = browser.get(address).content.decode()
        assert "In effect without approval" in page
        assert "Went live without approval. Patch of a leak" in page


def test_a_row_of_the_statement_shows_the_open_change_until_it_is_said(
    browser: Client, aims: Aims, officer: Actor
) -> None:
    open_statement(actor=officer)
    entry = Entry.objects.get(requirement__code="A.6.2.6")
    decide(entry, Applicability.INCLUDED, why="Drift is watched", seen=entry.version, actor=officer)
    system = a_live_system(officer)
    a_reliance(officer, system, "A.6.2.6")
    row = a_change(officer, system)
    words = f"Open change {row.code} may touch A.6.2.6"
    assert words in browser.get(reverse("soa:checks", args=[aims.slug])).content.decode()
    panel = browser.get(f"{reverse('soa:workbench', args=[aims.slug])}?control=A.6.2.6").content.decode()
    assert at(aims, "detail", row.code) in panel
    row = ready(row, officer)
    assert words not in browser.get(reverse("soa:checks", args=[aims.slug])).content.decode()
    approve_change(row, seen=row.version, actor=an_approver(aims, officer))


def test_the_chain_and_lineage_tell_of_it(browser: Client, aims: Aims, officer: Actor) -> None:
    row = ready(a_change(officer), officer)
    approve_change(row, seen=row.version, actor=an_approver(aims, officer))
    page = browser.get(f"{reverse('trace:lineage', args=[aims.slug])}?subject={row.ref}")
    assert page.status_code == 200
    assert row.system.name in page.content.decode()
    page = browser.get(f"{reverse('trace:lineage', args=[aims.slug])}?subject={row.system.ref}").content.decode()
    assert row.code in page


def test_the_api_answers_as_the_pages_do(browser: Client, aims: Aims, officer: Actor) -> None:
    row = a_change(officer)
    place = reverse("api:changes-detail", args=[aims.slug, row.code])
    told = browser.get(place).json()
    assert [lack["key"] for lack in told["lacks"]] == ["evaluation", "canary", "touched"]
    approver = signed_in(an_approver(aims, officer))
    ask = {"content_type": "application/json", "headers": {"if-match": "*"}}
    refused = approver.post(f"{place}approve/", {}, **ask)  # type: ignore[arg-type]
    assert refused.status_code == 409
    assert "Canary is missing" in refused.json()["detail"]
    compare = reverse("api:changes_compare", args=[aims.slug])
    about = f"system={row.system.code}&from={row.from_version}"
    (section,) = browser.get(f"{compare}?{about}&to={row.to_version}").json()
    assert (section["title"], section["rows"][0]["after"]) == ("Model", "2.7.1")
    assert browser.get(f"{compare}?{about}&to=99").status_code == 422
    assert browser.get(f"{compare}?system=SYS-99").status_code == 404
    assert browser.get(compare).json() == []
