"""One row at its doors: the choice, the editor that saves on blur, two writers, undo, systems apart."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from ledger.models import Record
from soa.actions import amend
from soa.forms import EntryForm
from soa.models import Entry, EntrySystem
from soa.queries.rows import read_sheet
from tests.aims.make import an_obligation
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.soa.make import CODE, a_statement, an_entry, excluded, included
from tests.systems.make import a_reliance, a_system, person_of

HTMX = {"HTTP_HX_REQUEST": "true"}
EDITOR = 'id="detail-a-2-2"'


@pytest.fixture(autouse=True)
def _statement(aims: Aims, officer: Actor) -> None:
    a_statement(officer)


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def address(aims: Aims, name: str = "entry", code: str = CODE, *more: str) -> str:
    return reverse(f"soa:{name}", args=[aims.slug, code, *more])


def filled(actor: Actor, entry: Entry | None = None, **typed: Any) -> dict[str, Any]:
    """What a browser sends when this was typed into the editor of the row as it stands, or stood."""
    form = EntryForm(entry or an_entry(), actor)
    held = {name: form[name].value() for name in form.fields if name != "applicability"}
    held["owner"] = getattr(held.get("owner"), "pk", held.get("owner"))
    return {name: value for name, value in (held | typed).items() if value is not None}


def said(answer: HttpResponse, status: int) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def decide(browser: Client, aims: Aims, choice: str, seen: int, **how: Any) -> HttpResponse:
    return browser.post(address(aims, "decide"), {"applicability": choice, "seen": seen}, **how)


def test_the_choice_is_answered_with_the_row_and_the_counts(aims: Aims, browser: Client) -> None:
    page = said(decide(browser, aims, "included", 1, **HTMX), 200)
    for part in ('id="a-2-2"', 'hx-swap-oob="true"', 'id="version-bar"', 'id="status-bar"', "A.2.2 included", "undo/"):
        assert part in page
    assert EDITOR not in page
    assert an_entry().applicability == "included"
    assert trace_of("entry:A.2.2") == ["soa.decided"]


def test_without_scripts_the_choice_leads_to_the_editor(aims: Aims, browser: Client) -> None:
    answer = decide(browser, aims, "included", 1)
    assert (answer.status_code, answer["Location"]) == (302, address(aims))


def test_excluding_opens_the_editor_for_its_reason(aims: Aims, browser: Client) -> None:
    page = said(decide(browser, aims, "excluded", 1, **HTMX), 200)
    assert EDITOR in page
    assert "Say why A.2.2 does not apply" in page
    assert an_entry().why == ""


def test_a_choice_over_a_newer_choice_says_so(aims: Aims, officer: Actor, browser: Client) -> None:
    included(officer)
    page = said(decide(browser, aims, "excluded", 1, **HTMX), 409)
    assert "Someone else changed this" in page
    answer = browser.post(address(aims, "decide"), {"applicability": "excluded", "seen": 1}, follow=True)
    assert "Someone else changed this" in answer.content.decode()
    assert an_entry().applicability == "included"


@pytest.mark.db_both
def test_turning_a_row_over_does_not_drop_words_it_never_showed(aims: Aims, officer: Actor, browser: Client) -> None:
    row = included(officer)
    amend(row, {"why": "A better reason."}, seen=row.version, actor=officer)
    said(decide(browser, aims, "excluded", row.version, **HTMX), 409)
    assert (an_entry().applicability, an_entry().why) == ("included", "A better reason.")
    said(decide(browser, aims, "excluded", an_entry().version, **HTMX), 200)
    assert (an_entry().applicability, an_entry().why) == ("excluded", "")


def test_what_is_relied_on_cannot_be_excluded(aims: Aims, officer: Actor, browser: Client) -> None:
    a_reliance(officer, a_system(officer, name="Screener"), CODE)
    before = Record.objects.count()
    page = said(decide(browser, aims, "excluded", 1, **HTMX), 422)
    assert "A.2.2 is relied on by SYS-01 Screener" in page
    assert (an_entry().version, Record.objects.count()) == (1, before)
    page = said(browser.post(address(aims), filled(officer, applicability="excluded", why="No.")), 422)
    assert "is relied on by SYS-01 Screener" in page
    assert (an_entry().version, an_entry().why) == (1, "")


@pytest.mark.parametrize("data", [{}, {"applicability": "perhaps", "seen": 1}, {"applicability": "included"}])
def test_a_choice_that_is_none_changes_nothing(aims: Aims, browser: Client, data: dict[str, Any]) -> None:
    said(browser.post(address(aims, "decide"), data, **HTMX), 422)
    assert an_entry().version == 1


def test_leaving_a_field_saves_it(aims: Aims, officer: Actor, browser: Client) -> None:
    page = said(browser.post(address(aims), filled(officer, why="The law."), **HTMX), 200)
    assert "Saved" in page
    assert 'id="id-a-2-2-seen" value="2"' in page
    assert EDITOR not in page
    assert an_entry().why == "The law."
    assert trace_of("entry:A.2.2") == ["soa.amended"]
    page = said(browser.post(address(aims), filled(officer, close="1"), **HTMX), 200)
    assert 'id="detail-a-2-2" hidden' in page
    assert an_entry().version == 2


def test_the_whole_form_is_kept(aims: Aims, officer: Actor, browser: Client) -> None:
    law = an_obligation(officer)
    typed = {
        "applicability": "included", "why": "Line one\r\nline two", "reasons": ["BP", f"LG {law.ref}"],
        "implementation": "planned", "planned_on": "2027-03-01", "how": "By hand.", "how_document": "POL-1",
        "owner": officer.user_id, "review_on": "2027-06-01", "performed_by": "provider", "provider": "Acme",
        "agreement": "MSA 4", "expects_evidence": "no", "no_evidence_reason": "A decision.", "notes": "Noted.",
    }  # fmt: skip
    answer = browser.post(address(aims), filled(officer, **typed))
    assert answer["Location"] == reverse("soa:workbench", args=[aims.slug])
    row = an_entry()
    assert (row.why, row.owner_id, row.provider, row.expects_evidence) == (
        "Line one\nline two", officer.user_id, "Acme", False,
    )  # fmt: skip
    assert row.reasons == [{"code": "LG", "ref": law.ref}, {"code": "BP", "ref": ""}]
    assert trace_of("entry:A.2.2") == ["soa.decided", "soa.amended"]
    browser.post(address(aims), filled(officer, why="Line one\r\nline two"))
    assert an_entry().version == row.version


def test_a_refused_form_keeps_what_was_typed(aims: Aims, officer: Actor, browser: Client) -> None:
    typed = filled(officer, why="Kept words", planned_on="soon", performed_by="provider")
    page = said(browser.post(address(aims), typed), 422)
    assert "Kept words" in page
    assert 'value="soon"' in page
    page = said(browser.post(address(aims), typed, **HTMX), 422)
    assert "Nothing was saved" in page
    assert "id-a-2-2-seen" not in page
    assert an_entry().version == 1
    assert "Name the provider" in said(browser.post(address(aims), filled(officer, performed_by="provider")), 422)
    assert an_entry().version == 1


def test_reasons_that_point_at_nothing_are_refused(aims: Aims, officer: Actor, browser: Client) -> None:
    contract = an_obligation(officer, kind="contract")
    wrong = ["RT risk:R-999", "LG obligation:OB-99", f"LG {contract.ref}", "RT system:SYS-01", "XX", "NP"]
    for reason in wrong:
        said(browser.post(address(aims), filled(officer, reasons=[reason])), 422)
    assert an_entry().version == 1
    said(browser.post(address(aims), filled(officer, reasons=[f"CT {contract.ref}"])), 302)
    assert an_entry().reasons == [{"code": "CT", "ref": contract.ref}]


def test_an_owner_from_elsewhere_is_refused(aims: Aims, officer: Actor, browser: Client) -> None:
    stranger = an_organisation()[1]
    said(browser.post(address(aims), filled(officer, owner=stranger.user_id)), 422)
    assert an_entry().owner is None


@pytest.mark.db_both
def test_two_writers_of_one_field_are_shown_both(aims: Aims, officer: Actor, browser: Client) -> None:
    old = an_entry()
    other = a_member(aims, Role.OFFICER, by=officer, name="Olga Other")
    amend(an_entry(), {"why": "Their reason", "how": "Their how"}, seen=1, actor=other)
    for how in ({}, HTMX):
        page = said(browser.post(address(aims), filled(officer, old, why="My words", notes="My note"), **how), 409)
        for text in ("Olga Other", "Their", "Their how", "My", "<del>", "<ins>"):
            assert text in page
        assert ">\nMy words</textarea>" in page
        assert ">\nTheir how</textarea>" in page
        assert ">\nMy note</textarea>" in page
        assert 'value="2"' in page
    assert (an_entry().why, an_entry().version) == ("Their reason", 2)
    again = filled(officer, an_entry(), why="My words", notes="My note")
    said(browser.post(address(aims), again), 302)
    assert (an_entry().why, an_entry().how, an_entry().notes) == ("My words", "Their how", "My note")


@pytest.mark.db_both
def test_two_writers_of_different_fields_are_merged_and_shown_it(aims: Aims, officer: Actor, browser: Client) -> None:
    old = an_entry()
    amend(an_entry(), {"why": "Their reason"}, seen=1, actor=officer)
    page = said(browser.post(address(aims), filled(officer, old, how="My how"), **HTMX), 200)
    assert (an_entry().why, an_entry().how) == ("Their reason", "My how")
    assert EDITOR in page
    assert ">\nTheir reason</textarea>" in page
    assert "Someone else changed other fields" in page


def test_a_conflict_over_owner_and_dates_reads_in_words(aims: Aims, officer: Actor, browser: Client) -> None:
    old = an_entry()
    amend(an_entry(), {"owner": person_of(officer), "planned_on": None, "how": "x"}, seen=1, actor=officer)
    other = a_member(aims, Role.OWNER, by=officer, name="Nora New")
    page = said(browser.post(address(aims), filled(officer, old, owner=other.user_id), **HTMX), 409)
    assert "Nora New" in page
    assert officer.name in page


def test_including_an_exclusion_over_someone_elses_text(aims: Aims, officer: Actor, browser: Client) -> None:
    """A form that only still holds `undecided` takes nothing back of an exclusion made meanwhile."""
    old = an_entry()
    row = excluded(officer, why="We train nothing.", reasons=[{"code": "NP", "ref": ""}])
    said(browser.post(address(aims), filled(officer, old, applicability="undecided", how="My how")), 302)
    after = an_entry()
    assert (after.applicability, after.why, after.reasons) == ("excluded", row.why, row.reasons)
    assert after.how == "My how"


@pytest.mark.db_both
def test_undo_takes_back_ones_own_last_change(aims: Aims, officer: Actor, browser: Client) -> None:
    decide(browser, aims, "excluded", 1)
    page = said(browser.post(address(aims, "undo"), {"seen": 2}, **HTMX), 200)
    assert "A.2.2 is as it was" in page
    assert (an_entry().applicability, an_entry().version) == ("undecided", 3)
    assert trace_of("entry:A.2.2") == ["soa.decided", "soa.undone"]
    assert browser.post(address(aims, "undo"), {"seen": 3})["Location"] == reverse("soa:workbench", args=[aims.slug])


def test_undo_leaves_alone_what_others_changed(aims: Aims, officer: Actor, browser: Client) -> None:
    said(browser.post(address(aims, "undo"), {"seen": 1}, **HTMX), 409)
    other = a_member(aims, Role.OFFICER, by=officer)
    amend(an_entry(), {"why": "Theirs"}, seen=1, actor=other)
    assert "not yours to undo" in said(browser.post(address(aims, "undo"), {"seen": 2}, **HTMX), 409)
    said(browser.post(address(aims, "undo"), {"seen": 1}, **HTMX), 409)
    said(browser.post(address(aims, "undo"), {}, **HTMX), 422)
    assert (an_entry().why, an_entry().version) == ("Theirs", 2)


def test_undo_excludes_nothing_that_is_relied_on_meanwhile(aims: Aims, officer: Actor, browser: Client) -> None:
    excluded(officer)
    decide(browser, aims, "included", 2)
    a_reliance(officer, a_system(officer), CODE)
    assert "is relied on" in said(browser.post(address(aims, "undo"), {"seen": 3}, **HTMX), 409)
    assert an_entry().applicability == "included"


def test_a_control_owner_describes_and_undoes_only_their_own(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    row = included(officer, owner=person_of(owner))
    browser = signed_in(owner)
    page = said(browser.get(address(aims)), 200)
    assert 'name="how"' in page
    assert 'name="why"' not in page
    said(browser.post(address(aims), filled(owner, row, how="We do it so.", why="Stolen")), 302)
    assert (an_entry().how, an_entry().why) == ("We do it so.", row.why)
    said(browser.post(address(aims, "undo"), {"seen": row.version + 1}, **HTMX), 200)
    assert an_entry().how == ""
    said(browser.post(address(aims, code="A.2.3"), {"seen": 1, "implementation": "partly", "performed_by": "us"}), 403)
    said(decide(browser, aims, "excluded", an_entry().version), 403)
    assert browser.get(address(aims, code="A.2.3")).status_code == 302


READERS = [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR]


@pytest.mark.parametrize("role", READERS)
def test_who_may_not_write_is_refused_and_changes_nothing(aims: Aims, officer: Actor, role: Role) -> None:
    system = a_system(officer, in_scope=True)
    included(officer)
    browser = signed_in(a_member(aims, role, by=officer))
    before = Record.objects.count()
    for name, more in (("decide", []), ("entry", []), ("undo", []), ("system", [system.code])):
        data = filled(officer, applicability="included", why="Mine", implementation="partly", seen=2)
        answer = browser.post(reverse(f"soa:{name}", args=[aims.slug, CODE, *more]), data, **HTMX)
        assert answer.status_code == 403, name
    assert Record.objects.count() == before
    assert browser.get(address(aims))["Location"].endswith(f"/soa/?control={CODE}")


def test_what_is_not_there_is_not_found(aims: Aims, officer: Actor, browser: Client) -> None:
    other, stranger = an_organisation()
    for name in ("decide", "entry", "undo"):
        data = {"seen": 1, "applicability": "included"}
        assert browser.post(address(aims, name, "A.99.9"), data).status_code == 404
        assert browser.post(address(aims, name, "ORG.7"), data).status_code == 404
        assert browser.post(address(other, name), data).status_code == 404
        assert signed_in(stranger).post(address(aims, name), data).status_code == 404
    assert browser.get(address(aims, "row", "A.99.9")).status_code == 404
    assert said(browser.get(address(aims, "row"), **HTMX), 200).count('id="detail-a-2-2"') == 1
    assert an_entry().version == 1


def apart(browser: Client, aims: Aims, system: str, **data: Any) -> HttpResponse:
    data = {"seen": 0, "applicability": "included", "why": "", "implementation": ""} | data
    return browser.post(address(aims, "system", CODE, system), data)


def test_a_system_is_decided_apart_and_rolls_up(aims: Aims, officer: Actor, browser: Client) -> None:
    first, second = (a_system(officer, in_scope=True) for _ in range(2))
    included(officer, implementation="implemented")
    answer = apart(browser, aims, first.code, applicability="excluded", why="It trains nothing.")
    assert answer["Location"].endswith(f"?control={CODE}#systems")
    apart(browser, aims, second.code, implementation="partly")
    assert trace_of(f"entry-system:{CODE}/{first.code}") == ["soa.system_decided"]
    page = browser.get(reverse("soa:workbench", args=[aims.slug]), {"control": CODE})
    (row,) = [row for area in page.context["areas"] for row in area.rows if row.code == CODE]
    assert "Partly" in row.html
    (kept,) = [row for row in read_sheet(aims).rows if row.code == CODE]
    assert kept.rolled.excluded_for == (first.code,)
    assert "It trains nothing." in page.content.decode()


def test_many_systems_are_paged_with_those_that_differ_first(
    aims: Aims, officer: Actor, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soa.views.panel.MOST", 2)
    codes = [a_system(officer, in_scope=True).code for _ in range(5)]
    included(officer)
    apart(browser, aims, codes[4], implementation="partly")

    def shown(answer: Any) -> list[str]:
        assert answer.content.decode().count('class="system-apart"') == len(answer.context["systems"])
        return [line.code for line in answer.context["systems"]]

    place = reverse("soa:workbench", args=[aims.slug])
    first = browser.get(place, {"control": CODE})
    assert shown(first) == [codes[4], codes[0]]
    assert "5 in scope" in first.content.decode()
    assert f'href="?control={CODE}&amp;page=2#systems"' in first.content.decode()
    assert [shown(browser.get(place, {"control": CODE, "page": page})) for page in (2, 3)] == [
        [codes[1], codes[2]],
        [codes[3]],
    ]
    refused = apart(browser, aims, codes[3], applicability="excluded", why="n/a")
    assert (refused.status_code, shown(refused)) == (422, [codes[3]])


def test_a_system_is_refused_with_the_words_kept(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer, in_scope=True, name="Screener")
    assert "Include the control first" in said(apart(browser, aims, system.code, why="Kept"), 422)
    included(officer)
    assert "Say why A.2.2 does not apply to Screener" in said(
        apart(browser, aims, system.code, applicability="excluded", why="n/a"), 422
    )
    a_reliance(officer, system, CODE)
    page = said(apart(browser, aims, system.code, applicability="excluded", why="Kept words"), 422)
    assert "Screener relies on A.2.2" in page
    assert "Kept words" in page
    said(apart(browser, aims, system.code, applicability="undecided"), 422)
    assert not EntrySystem.objects.exists()
    assert apart(browser, aims, "SYS-99").status_code == 404


@pytest.mark.db_both
def test_two_who_describe_one_system_lose_no_word(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer, in_scope=True)
    included(officer)
    apart(browser, aims, system.code, why="Theirs")
    page = said(apart(browser, aims, system.code, why="My words"), 409)
    assert "Theirs" in page
    assert "My words" in page
    row = EntrySystem.objects.get()
    assert (row.why, row.version) == ("Theirs", 1)
    assert apart(browser, aims, system.code, why="My words", seen=1).status_code == 302
    assert EntrySystem.objects.get().why == "My words"
