"""Lists kept under a name: one's own or everybody's, opened first if one likes, and nobody else's business."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor, ActorKind
from accounts.context import acting_in
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions import begin_with, change_view, delete_view, save_view
from aims.actions.views import NotKept
from aims.models import Aims, SavedView, ViewDefault
from aims.saved import pages
from ledger.models import Record
from tests.make import a_member, an_organisation, signed_in

PAGE = "evidence:list"
LISTS = (
    "soa:workbench",
    PAGE,
    "assessments:list",
    "assessments:risks",
    "changes:list",
    "incidents:list",
    "systems:list",
    "trace:records",
)


def at(aims: Aims, name: str = PAGE, *args: Any) -> str:
    return reverse(name, args=[aims.slug, *args])


def kept(browser: Client, aims: Aims, name: str = "Due", query: str = "tab=due", **said: Any) -> Any:
    return browser.post(at(aims, "aims:view_save"), {"page": PAGE, "name": name, "query": query} | said)


def test_every_list_keeps_views(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    assert set(pages()) == set(LISTS)
    for name in LISTS:
        page = browser.get(at(aims, name), {"q": "words"}).content.decode()
        if name != "soa:workbench":  # there is no statement yet
            assert f'name="page" value="{name}"' in page, name
            assert 'name="query" value="q=words"' in page, name


def test_a_view_is_kept_chosen_and_changed(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    records = Record.objects.count()
    answer = kept(browser, aims, query="tab=due&kind=record&page=3&item=EV-001&sort=")
    assert answer["Location"] == f"{at(aims)}?kind=record&tab=due"
    page = browser.get(at(aims), {"tab": "due", "kind": "record"}).content.decode()
    assert 'aria-current="true">Due</a>' in page
    row = SavedView.objects.get()
    renamed = browser.post(at(aims, "aims:view", row.pk), {"name": "Records due", "is_shared": "on"})
    assert renamed.status_code == 302
    row.refresh_from_db()
    assert (row.name, row.is_shared, row.query) == ("Records due", True, "kind=record&tab=due")
    assert "Records due" in browser.get(at(aims, "aims:views")).content.decode()
    assert browser.post(at(aims, "aims:view_delete", row.pk)).status_code == 302
    assert not SavedView.objects.exists()
    assert Record.objects.count() == records


def test_what_scripts_made_of_the_address_is_what_is_kept(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    came_from = f"http://testserver{at(aims)}?kind=record&page=2"
    browser.post(
        at(aims, "aims:view_save"), {"page": PAGE, "name": "A", "query": "old=1"}, headers={"referer": came_from}
    )
    assert SavedView.objects.get().query == "kind=record"


def test_the_default_opens_first_and_can_be_left(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    kept(browser, aims)
    row = SavedView.objects.get()
    assert browser.post(at(aims, "aims:view_begin", row.pk)).status_code == 302
    assert browser.get(at(aims))["Location"] == f"{at(aims)}?tab=due"
    assert browser.get(at(aims), {"tab": "all"}).status_code == 200
    assert browser.get(at(aims), headers={"referer": f"http://testserver{at(aims)}?tab=due"}).status_code == 200
    assert browser.get(at(aims), headers={"hx-request": "true"}).status_code == 200
    other = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    assert other.get(at(aims)).status_code == 200
    browser.post(at(aims, "aims:view_all"), {"page": PAGE})
    assert browser.get(at(aims)).status_code == 200


@pytest.mark.parametrize(
    "said",
    [{"name": "  "}, {"name": "x" * 61}, {"name": "Due"}],
    ids=["blank", "long", "taken"],
)
def test_a_name_that_will_not_do_is_asked_for_again(aims: Aims, officer: Actor, said: dict[str, str]) -> None:
    browser = signed_in(officer)
    kept(browser, aims)
    answer = kept(browser, aims, **said)
    assert answer.status_code == 422
    assert 'value="tab=due"' in answer.content.decode()
    assert SavedView.objects.count() == 1


def test_an_unknown_page_keeps_nothing(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    assert kept(browser, aims, page="accounts:nothing").status_code == 404
    assert kept(browser, aims, page="https://evil.example").status_code == 404
    with pytest.raises(NotKept, match="keeps no views"):
        save_view("evidence:detail", "It", "", actor=officer)


def test_one_s_own_is_nobody_else_s(aims: Aims, officer: Actor) -> None:
    kept(signed_in(officer), aims)
    mine = SavedView.objects.get()
    member = a_member(aims, Role.ADMINISTRATOR, by=officer)
    other = signed_in(member)
    for name in ("aims:view", "aims:view_begin", "aims:view_delete"):
        assert other.post(at(aims, name, mine.pk)).status_code == 404
    assert "Due" not in other.get(at(aims, "aims:views")).content.decode()
    for refused in (
        lambda: change_view(mine, name="Mine", is_shared=False, actor=member),
        lambda: begin_with(mine, actor=member),
        lambda: delete_view(mine, actor=member),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_sharing_is_for_stewards_and_choosing_for_everybody(aims: Aims, officer: Actor) -> None:
    reader = a_member(aims, Role.REVIEWER, by=officer)
    with pytest.raises(NotAllowed):
        save_view(PAGE, "All", "", is_shared=True, actor=reader)
    kept(signed_in(reader), aims, name="Mine", is_shared="on")
    assert not SavedView.objects.get().is_shared
    shared = save_view(PAGE, "Ours", "tab=overdue", is_shared=True, actor=officer)
    browser = signed_in(reader)
    assert "Ours" in browser.get(at(aims), {"tab": "due"}).content.decode()
    assert browser.post(at(aims, "aims:view", shared.pk), {"name": "Mine now"}).status_code == 403
    assert browser.post(at(aims, "aims:view_delete", shared.pk)).status_code == 403
    assert browser.post(at(aims, "aims:view_begin", shared.pk)).status_code == 302
    change_view(shared, name="Ours", is_shared=False, actor=officer)
    assert browser.get(at(aims)).status_code == 200
    delete_view(shared, actor=officer)
    assert not ViewDefault.objects.exists()


def test_machines_keep_no_views(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        save_view(PAGE, "It", "", actor=replace(officer, kind=ActorKind.SERVICE))


def test_another_organisation_has_its_own(aims: Aims, officer: Actor) -> None:
    row = save_view(PAGE, "Ours", "", is_shared=True, actor=officer)
    theirs, stranger = an_organisation()
    with acting_in(theirs, stranger):
        assert not SavedView.objects.exists()
        assert signed_in(stranger).post(at(theirs, "aims:view_delete", row.pk)).status_code == 404


def test_the_menu_costs_the_same_with_many(aims: Aims, officer: Actor) -> None:
    browser, counts = signed_in(officer), []
    for number in range(12):
        save_view(PAGE, f"View {number}", "tab=due", is_shared=number % 2 == 0, actor=officer)
        if number in (2, 11):
            for name in (PAGE, "aims:views"):
                with CaptureQueriesContext(
                    connection,
                ) as seen:
                    browser.get(at(aims, name), {"q": "x"})
                counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_there_is_an_end_to_how_many(aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aims.actions.views.MOST", 1)
    save_view(PAGE, "One", "", actor=officer)
    with pytest.raises(NotKept, match="Delete one"):
        save_view(PAGE, "Two", "", actor=officer)
    with pytest.raises(NotKept, match="too long"):
        save_view("systems:list", "Long", "q=" + "x" * 1_000, actor=officer)
