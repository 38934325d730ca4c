"""The settings pages: content, refusals in place, conflicts, roles, and the same queries for 3 rows as for 60."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.roles import Role
from aims.actions import invite_owner_by_name, withdraw_obligation
from aims.models import Aims, Invitation, Membership, Obligation, ScopeStatement
from tests.aims.make import a_scope, an_obligation
from tests.make import a_member, signed_in, trace_of


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def at(aims: Aims, path: str = "") -> str:
    return f"/a/{aims.slug}/settings/{path}"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


ABOUT = {"organisation": "Meridian Ltd", "time_zone": "Europe/Berlin", "roles_played": ["provider", "customer"]}


def test_the_organisation_is_saved_here(aims: Aims, browser: Client) -> None:
    answer = browser.post(at(aims), ABOUT | {"seen": 1, "jurisdictions": "EU\n UK \nEU"})
    assert answer.status_code == 302
    aims.refresh_from_db()
    assert (aims.jurisdictions, aims.roles_played) == (["EU", "UK"], ["provider", "customer"])
    page = text(browser, at(aims))
    assert "The organisation is saved." in page
    assert "<del>Europe/London</del> <ins>Europe/Berlin</ins>" in page


def test_an_empty_name_is_refused_in_place(aims: Aims, browser: Client) -> None:
    answer = browser.post(at(aims), ABOUT | {"seen": 1, "organisation": ""})
    assert answer.status_code == 422
    assert 'href="#id_organisation"' in answer.content.decode()


def test_the_second_writer_sees_both_texts(aims: Aims, browser: Client) -> None:
    browser.post(at(aims), ABOUT | {"seen": 1, "organisation": "Theirs Ltd"})
    answer = browser.post(at(aims), ABOUT | {"seen": 1, "organisation": "Mine Ltd"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs Ltd" in page
    assert 'value="Mine Ltd"' in page
    assert browser.post(at(aims), ABOUT | {"seen": 2, "organisation": "Mine Ltd"}).status_code == 302


@pytest.mark.parametrize("path", ["", "scope/", "obligations/", "people/", "obligations/O-01/"])
def test_readers_read_and_are_offered_nothing_to_press(aims: Aims, officer: Actor, path: str) -> None:
    an_obligation(officer)
    a_scope(officer)
    page = text(signed_in(a_member(aims, Role.REVIEWER, by=officer)), at(aims, path))
    main = page.split("<main")[1]
    assert 'method="post"' not in main
    for verb in ("Invite", "Revoke", "Withdraw", "New obligation", "State"):
        assert f">{verb}" not in main


def test_the_scope_is_stated_in_versions(aims: Aims, browser: Client) -> None:
    assert "not stated yet" in text(browser, at(aims, "scope/"))
    asked = {"seen": 0, "text": "Two systems", "boundaries": "Not payroll", "effective_on": "2026-01-05"}
    assert browser.post(at(aims, "scope/"), asked).status_code == 302
    assert browser.post(at(aims, "scope/"), asked | {"seen": 1, "text": "Three systems"}).status_code == 302
    page = text(browser, at(aims, "scope/"))
    assert "version 2, effective 5 Jan 2026" in page
    assert "Version 1, effective 5 Jan 2026" in page
    assert "Two systems" in page


def test_a_scope_stated_meanwhile_is_shown_beside_mine(aims: Aims, officer: Actor, browser: Client) -> None:
    a_scope(officer, "Theirs", date(2026, 1, 5))
    asked = {"seen": 0, "text": "Mine", "effective_on": "2026-01-06"}
    answer = browser.post(at(aims, "scope/"), asked)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert 'name="seen" value="1"' in page
    assert ScopeStatement.objects.count() == 1


def test_a_scope_without_text_is_refused_in_place(aims: Aims, browser: Client) -> None:
    answer = browser.post(at(aims, "scope/"), {"seen": 0, "text": " ", "effective_on": "2026-01-05"})
    assert answer.status_code == 422
    assert not ScopeStatement.objects.exists()


def test_obligations_are_found_by_kind_and_words(aims: Aims, officer: Actor, browser: Client) -> None:
    assert "No obligations yet" in text(browser, at(aims, "obligations/"))
    an_obligation(officer, "EU AI Act")
    an_obligation(officer, "Northgate contract", kind="contract")
    gone = an_obligation(officer, "Old rule")
    withdraw_obligation(gone, reason="Repealed", seen=1, actor=officer)
    everything = text(browser, at(aims, "obligations/"))
    assert "EU AI Act" in everything
    assert "Old rule" not in everything
    assert "Old rule" in text(browser, at(aims, "obligations/?kind=withdrawn"))
    contracts = text(browser, at(aims, "obligations/?kind=contract"))
    assert "Northgate" in contracts
    assert "EU AI Act" not in contracts
    assert "No obligation matches" in text(browser, at(aims, "obligations/?q=drifft"))
    down = text(browser, at(aims, "obligations/?order=-title"))
    assert down.index("Northgate") < down.index("EU AI Act")
    assert text(browser, at(aims, "obligations/?order=password&page=x&kind=<b>"))


def test_an_obligation_is_recorded_edited_and_withdrawn(aims: Aims, browser: Client) -> None:
    asked = {"kind": "law", "title": "EU AI Act", "source": "Art. 26"}
    assert browser.post(at(aims, "obligations/new/"), asked).status_code == 302
    assert browser.post(at(aims, "obligations/new/"), asked | {"code": "O-01"}).status_code == 422
    one = at(aims, "obligations/O-01/")
    assert browser.post(one, asked | {"seen": 1, "title": "AI Act"}).status_code == 302
    stale = browser.post(one, asked | {"seen": 1, "title": "The Act"})
    assert stale.status_code == 409
    assert "AI Act" in stale.content.decode()
    assert browser.post(one, asked | {"seen": 2, "title": ""}).status_code == 422
    assert browser.post(one + "withdraw/", {"seen": 2, "reason": ""}).status_code == 422
    assert browser.post(one + "withdraw/", {"seen": 1, "reason": "Repealed"}).status_code == 409
    assert browser.post(one + "withdraw/", {"seen": 2, "reason": "Repealed"}).status_code == 302
    page = text(browser, one)
    assert "Repealed" in page
    assert "Save obligation" not in page
    assert trace_of("obligation:O-01") == ["obligation.recorded", "obligation.recorded", "obligation.withdrawn"]


def test_what_is_not_there_is_404(aims: Aims, browser: Client) -> None:
    for path in ("obligations/O-99/", "obligations/O-99/withdraw/", "people/roles/0/revoke/", "people/invitations/0/"):
        assert browser.get(at(aims, path)).status_code == 404


def test_people_are_listed_with_their_authority(aims: Aims, officer: Actor, browser: Client) -> None:
    a_member(aims, Role.AUDITOR, by=officer, name="Ines Duarte")
    invite_owner_by_name("Ana Lima", actor=officer)
    page = text(browser, at(aims, "people/"))
    assert "Ines Duarte" in page
    assert f"granted by {officer.name}" in page
    assert "Still to be invited: give an email" in page
    assert "invited.invalid" not in page
    assert "Nobody matches" in text(browser, at(aims, "people/?q=zzz"))


def test_a_role_is_granted_until_a_day_and_revoked_with_a_reason(aims: Aims, officer: Actor, browser: Client) -> None:
    person = a_member(aims, Role.OWNER, by=officer)
    asked = {"user": person.user_id, "role": "reviewer", "valid_until": "2099-12-31"}
    assert browser.post(at(aims, "people/grant/"), asked).status_code == 302
    row = Membership.objects.get(user=person.user_id, role="reviewer")
    assert row.valid_until is not None
    assert row.valid_until.isoformat() == "2100-01-01T00:00:00+00:00"
    assert browser.post(at(aims, "people/grant/"), asked | {"valid_until": "2020-01-01"}).status_code == 422
    assert "until 31 Dec 2099" in text(browser, at(aims, "people/"))
    address = at(aims, f"people/roles/{row.pk}/revoke/")
    assert browser.post(address, {"seen": 1, "reason": ""}).status_code == 422
    assert browser.post(address, {"seen": 7, "reason": "Left"}).status_code == 409
    assert browser.post(address, {"seen": 1, "reason": "Left"}).status_code == 302
    assert trace_of(row.ref) == ["membership.granted", "membership.revoked"]
    assert browser.post(address, {"seen": 2, "reason": "Again"}).status_code == 404


def test_the_last_administrator_stays(aims: Aims, officer: Actor, browser: Client) -> None:
    row = Membership.objects.get(user=officer.user_id, role="administrator")
    answer = browser.post(at(aims, f"people/roles/{row.pk}/revoke/"), {"seen": 1, "reason": "Leaving"})
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()


def test_people_are_invited_here(aims: Aims, officer: Actor, browser: Client) -> None:
    asked = {"name": "Ana", "email": "ana@example.org", "roles": ["owner"]}
    assert browser.post(at(aims, "people/invite/"), asked | {"roles": []}).status_code == 422
    assert browser.post(at(aims, "people/invite/"), asked).status_code == 302
    assert "the link works until" in text(browser, at(aims, "people/"))
    row = Invitation.objects.get(user=invite_owner_by_name("Eva", actor=officer))
    address = at(aims, f"people/invitations/{row.pk}/")
    assert browser.post(address, {"email": "ana@example.org"}).status_code == 422
    assert browser.post(address, {"email": "eva@example.org"}).status_code == 302


def test_lists_cost_the_same_with_many_rows(aims: Aims, officer: Actor, browser: Client) -> None:
    def few() -> tuple[int, int]:
        return queries(browser, at(aims, "obligations/")), queries(browser, at(aims, "people/"))

    owner = a_member(aims, Role.OWNER, by=officer)
    for number in range(3):
        an_obligation(officer)
        invite_owner_by_name(f"Owner {number}", actor=officer)
    few()
    before = few()
    for number in range(40):
        an_obligation(officer)
        invite_owner_by_name(f"Named {number}", actor=officer)
    assert few() == before
    assert max(before) <= 14
    assert Obligation.objects.count() == 43
    assert owner.user_id
