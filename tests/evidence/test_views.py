"""The pages: what they show, whom they let in, what they cost."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.cells import as_text
from accounts.roles import Role
from aims.models import Aims
from controls.models import Requirement
from evidence.actions import expect_evidence, record_read, withdraw_evidence
from evidence.models import Evidence, EvidenceLink, File
from tests.evidence.make import a_note, a_version, an_evidence, requirements
from tests.make import a_member, an_organisation, signed_in, trace_of


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def address(name: str, aims: Aims, *args: object) -> str:
    return reverse(f"evidence:{name}", args=[aims.slug, *args])


def text_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_empty_library_says_what_to_do_next(aims: Aims, browser: Client) -> None:
    page = text_of(browser, address("list", aims))
    assert "No evidence yet" in page
    assert address("upload", aims) in page


def test_the_list_shows_items_with_their_panel(aims: Aims, officer: Actor, browser: Client) -> None:
    today = clock.today(aims.time_zone)
    an_evidence(actor=officer, name="drift.pdf", serves=["A.6.2.6"], renew_by=today + timedelta(days=400))
    a_note(actor=officer, title="Incident drill", renew_by=today - timedelta(days=18))
    expect_evidence("Competence matrix", actor=officer)
    page = text_of(browser, address("list", aims))
    for words in ("EV-001", "overdue 18 d", "still to be given", "A.6.2.6", "Incident drill", "Renewal overdue since"):
        assert words in page
    assert page.index("Incident drill") < page.index("EV-001") < page.index("Competence matrix")


def test_tabs_count_and_filter(aims: Aims, officer: Actor, browser: Client) -> None:
    today = clock.today(aims.time_zone)
    a_note(actor=officer, title="Fine one")
    a_note(actor=officer, title="Due one", renew_by=today + timedelta(days=3))
    a_note(actor=officer, title="Late one", renew_by=today - timedelta(days=3))
    expect_evidence("Awaited one", actor=officer)
    withdraw_evidence(a_note(actor=officer, title="Gone one"), reason="x", seen=1, actor=officer)
    titles = {"all": 4, "due": "Due one", "overdue": "Late one", "awaited": "Awaited one", "withdrawn": "Gone one"}
    for tab, title in titles.items():
        context = browser.get(address("list", aims), {"tab": tab}).context
        shown = [row.title for row in context["rows"]]
        assert len(shown) == 4 if tab == "all" else shown == [title]
        assert [item.count for item in context["tabs"]] == [4, 1, 1, 1, 1]


def test_the_list_is_searched_filtered_and_sorted(aims: Aims, officer: Actor, browser: Client) -> None:
    first = an_evidence(actor=officer, name="alpha.pdf", serves=["A.2.2"])
    an_evidence(actor=officer, name="beta.pdf", data=b"%PDF-beta", serves=["9.1"], kind="record")
    a_version(first, actor=officer)
    sha = File.objects.get(name="beta.pdf").sha256

    def shown(**asked: str) -> list[str]:
        return [row.title for row in browser.get(address("list", aims), asked).context["rows"]]

    assert shown(q="ALPHA") == ["alpha"]
    assert shown(q=sha[:12]) == ["beta"]
    assert shown(q="EV-002") == ["beta"]
    assert shown(kind="record") == ["beta"]
    assert shown(control="9.1") == ["beta"]
    assert shown(control="A.9.9") == []
    assert shown(sort="title") == ["alpha", "beta"]
    assert shown(sort="-title") == ["beta", "alpha"]
    assert shown(sort="-version") == ["alpha", "beta"]
    assert shown(sort="nonsense", tab="nonsense", kind="poem", page="x") == ["alpha", "beta"]
    assert shown(q="%\x00'--") == []
    assert "No evidence matches" in text_of(browser, address("list", aims) + "?q=nothing")


def test_the_list_costs_the_same_at_any_length(aims: Aims, officer: Actor, browser: Client) -> None:
    controls = list(Requirement.objects.decidable().in_order()[:8])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(address("list", aims))
        return len(queries)

    def add(n: int) -> None:
        for number in range(n):
            item = an_evidence(actor=officer, name=f"report {number}.pdf", data=b"%PDF" + str(number).encode())
            for control in controls:
                EvidenceLink(aims=aims, requirement=control, evidence=item).save()

    add(3)
    browser.get(address("list", aims))
    few = cost()
    add(40)
    assert cost() == few <= 23
    with CaptureQueriesContext(connection) as queries:
        browser.get(address("detail", aims, "EV-001"))
    few = len(queries)
    item = Evidence.objects.get(code="EV-001")
    for number in range(12):
        a_version(item, actor=officer, data=b"%PDF-v" + str(number).encode())
    for file in File.objects.filter(evidence_version__evidence=item):
        record_read(file, actor=officer).close()
    with CaptureQueriesContext(connection) as queries:
        browser.get(address("detail", aims, "EV-001"))
    assert len(queries) == few <= 23


def test_fifty_to_a_page(aims: Aims, officer: Actor, browser: Client) -> None:
    for number in range(51):
        a_note(actor=officer, title=f"Note {number:02}")
    first = browser.get(address("list", aims))
    assert len(first.context["rows"]) == 50
    assert "page=2" in first.content.decode()
    assert len(browser.get(address("list", aims), {"page": "2"}).context["rows"]) == 1


def test_an_item_shows_everything_about_it(aims: Aims, officer: Actor, browser: Client) -> None:
    item = an_evidence(actor=officer, serves=["A.2.2"], covers_from=date(2026, 1, 1), covers_to=date(2026, 2, 1))
    a_version(item, actor=officer, change_note="Second round")
    for file in File.objects.all():
        record_read(file, actor=officer).close()
    page = text_of(browser, address("detail", aims, item.code))
    for words in ("Second round", "First version", File.objects.latest("pk").sha256, "report.pdf, version 1", "A.2.2"):
        assert words in page
    panel = browser.get(address("detail", aims, item.code), headers={"HX-Request": "true", "HX-Target": "inspector"})
    assert panel.content.decode().strip().startswith('<aside class="inspector"')


def test_what_is_written_is_never_markup(aims: Aims, officer: Actor, browser: Client) -> None:
    hostile = "<script>alert(1)</script>"
    an_evidence(actor=officer, name=f"{hostile}.pdf", title=f"T {hostile}")
    page = text_of(browser, address("list", aims)) + text_of(browser, address("detail", aims, "EV-001"))
    assert hostile not in page
    assert "&lt;script&gt;" in page


def test_readers_see_no_button_they_may_not_press(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, serves=["A.2.2"])
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    page = text_of(reader, address("detail", aims, item.code)) + text_of(reader, address("list", aims))
    for name in ("upload", "renew", "edit", "link", "withdraw"):
        args = [] if name == "upload" else [item.code]
        assert f'"{address(name, aims, *args)}"' not in page
        assert reader.get(address(name, aims, *args)).status_code == 403
    link = item.links.get()
    assert reader.get(address("unlink", aims, item.code, link.pk)).status_code == 403


def test_strangers_find_nothing(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, serves=["A.2.2"])
    other, stranger = an_organisation()
    outsider = signed_in(stranger)
    file, link = File.objects.get(), item.links.get()
    for where in (aims, other):
        for name, args in (
            ("detail", (item.code,)),
            ("renew", (item.code,)),
            ("edit", (item.code,)),
            ("link", (item.code,)),
            ("withdraw", (item.code,)),
            ("unlink", (item.code, link.pk)),
            ("download", (item.code, 1, file.pk)),
        ):
            assert outsider.get(address(name, where, *args)).status_code == 404
    assert Client().get(address("list", aims)).status_code == 302


def test_many_are_linked_at_once(aims: Aims, officer: Actor, browser: Client) -> None:
    item = a_note(actor=officer)
    url = address("link", aims, item.code)
    page = text_of(browser, url)
    assert "Clauses 4 to 10" in page
    assert page.count('name="requirements"') == Requirement.objects.linkable().count()
    answer = browser.post(url, {"requirements": ["A.2.2", "A.2.3", "9.2.1"], "reason": "Covers them"})
    assert answer.status_code == 302
    assert item.links.count() == 3
    assert browser.post(url, {"requirements": []}).status_code == 422
    refused = browser.post(url, {"requirements": ["A.2.2", "A.99"]})
    assert refused.status_code == 422
    assert item.links.count() == 3


def test_a_link_is_withdrawn_with_a_reason(aims: Aims, officer: Actor, browser: Client) -> None:
    item = a_note(actor=officer, serves=["A.2.2"])
    url = address("unlink", aims, item.code, item.links.get().pk)
    assert browser.post(url, {"seen": 1, "reason": ""}).status_code == 422
    assert browser.post(url, {"seen": 1, "reason": "Wrong one"}).status_code == 302
    assert browser.post(url, {"seen": 2, "reason": "Again"}).status_code == 404
    assert "Wrong one" in text_of(browser, address("detail", aims, item.code))


def test_editing_holds_two_writers_apart(aims: Aims, officer: Actor, browser: Client) -> None:
    item = a_note(actor=officer, title="Old")
    url = address("edit", aims, item.code)
    said = {"title": "New", "kind": "record", "owner": "", "seen": 1}
    assert browser.post(url, said).status_code == 302
    late = browser.post(url, said | {"title": "Other"})
    assert late.status_code == 409
    assert {"New", "Other"} <= set(late.content.decode().replace("<", " ").replace(">", " ").split())
    assert browser.post(url, said | {"title": "", "seen": 2}).status_code == 422
    item.refresh_from_db()
    assert item.title == "New"


def test_withdrawing_takes_a_reason(aims: Aims, officer: Actor, browser: Client) -> None:
    item = a_note(actor=officer)
    url = address("withdraw", aims, item.code)
    assert "Say why" in browser.post(url, {"seen": 1, "reason": " "}).content.decode()
    assert browser.post(url, {"seen": 1, "reason": "Superseded"}).status_code == 302
    page = text_of(browser, address("detail", aims, item.code))
    assert "Superseded" in page
    assert address("renew", aims, item.code) not in page
    assert trace_of(item.ref)[-1] == "evidence.withdrawn"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_export_is_a_formula(aims: Aims, officer: Actor, browser: Client, cell: str) -> None:
    assert as_text(cell) == f"'{cell}"
    if cell.strip() == cell:
        a_note(actor=officer, title=cell, serves=["A.2.2"])
        answer = browser.get(address("export", aims))
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer["Content-Disposition"]
        (_heading, row) = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
        assert row[:2] == ["EV-001", f"'{cell}"]
        assert row[7] == "A.2.2"


def test_awaited_evidence_can_be_given_from_its_page(aims: Aims, officer: Actor, browser: Client) -> None:
    item = expect_evidence("AI policy", requirements=requirements("A.2.2"), actor=officer)
    assert "Give it" in text_of(browser, address("detail", aims, item.code))
    answer = browser.post(address("renew", aims, item.code), {"note": "The policy stands."})
    assert answer.status_code == 302
    assert item.versions.get().note == "The policy stands."
