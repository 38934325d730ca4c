"""A spreadsheet comes in, every row with its verdict, and goes out again as the same statement."""

import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims, Invitation
from evidence.models import Evidence, EvidenceLink
from soa.actions import decide_for_system, read_in, take_in
from soa.actions.bring import NotImportable
from soa.bringing import exported
from soa.intake.write import write_csv, write_xlsx
from soa.models import Applicability, Entry, EntrySystem, Intake, Statement
from soa.queries.rows import read_sheet
from soa.views import intake as intake_views
from tests.aims.make import an_obligation
from tests.evidence.make import a_note
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.soa.intake.make import titles
from tests.soa.make import a_statement, an_entry, excluded, included
from tests.systems.make import a_reliance, a_system, person_of

HEAD = "Control ID,Control title,Applicability,Justification,Implementation status,Document,Evidence,Owner,Colour"
MIXED = f"""{HEAD}
A.2.2,{titles()["A.2.2"]},Yes,The law asks for it,Implemented,POL-1,Policy signed,Ana Lima,red
A.2.3,{titles()["A.2.3"]},No,We have no other policies,,,,,
A.2.4,Something else altogether,Yes,Flagged words,,,,,
A.99.9,Invented,Yes,Rejected words,,,,,
,,,,,,,,
"""
CLEAN = f"""{HEAD}
A.2.2,{titles()["A.2.2"]},Yes,The law asks for it,,,,,
"""


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def upload(browser: Client, aims: Aims, text: str | bytes, name: str = "soa.csv") -> HttpResponse:
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, data)
    return browser.post(reverse("soa:import", args=[aims.slug]), {"file": file})


def brought(aims: Aims, actor: Actor, text: str | bytes = MIXED, *flagged: int, name: str = "soa.csv") -> Intake:
    data = text.encode() if isinstance(text, str) else text
    return take_in(read_in(data, name, aims, actor=actor), flagged=flagged, actor=actor)


@pytest.mark.db_both
def test_from_the_file_to_the_checks(aims: Aims, browser: Client) -> None:
    answer = upload(browser, aims, MIXED)
    assert answer.status_code == 302
    assert not Statement.objects.exists()
    page = browser.get(answer["Location"]).content.decode()
    for words in ("The law asks for it", "We have no other policies", "Flagged words", "Invented", "Rejected"):
        assert words in page
    done = browser.post(answer["Location"], {"any": "1"})
    assert done["Location"] == reverse("soa:checks", args=[aims.slug])
    assert "2 rows taken in" in browser.get(done["Location"]).content.decode()
    assert (an_entry("A.2.2").applicability, an_entry("A.2.3").applicability) == ("included", "excluded")
    assert an_entry("A.2.4").applicability == "undecided"
    assert trace_of("statement:SOA") == ["soa.opened", "soa.imported"]
    assert trace_of("entry:A.2.2") == ["soa.decided", "soa.amended"]


def test_every_row_is_kept_with_its_verdict(aims: Aims, officer: Actor) -> None:
    plan = read_in(MIXED.encode(), "soa.csv", aims, actor=officer).plan
    verdicts = [row["verdict"] for row in plan["rows"]]
    assert {name: verdicts.count(name) for name in ("matched", "flagged", "rejected")} == {
        "matched": 2, "flagged": 1, "rejected": 1,
    }  # fmt: skip
    assert len(verdicts) == sum(sheet["rows"] for sheet in plan["sheets"])
    assert len(plan["missing"]) == 35


def test_a_flagged_row_is_taken_when_ticked(aims: Aims, browser: Client) -> None:
    place = upload(browser, aims, MIXED)["Location"]
    rows = Intake.objects.get().plan["rows"]
    flagged = next(at for at, row in enumerate(rows) if row["verdict"] == "flagged")
    rejected = next(at for at, row in enumerate(rows) if row["verdict"] == "rejected")
    browser.post(place, {"flagged": [str(flagged), str(rejected), "999", "²", "x"]})
    assert an_entry("A.2.4").why == "Flagged words"
    assert Intake.objects.get().result["taken"] == 3


def test_a_file_is_taken_once(aims: Aims, officer: Actor, browser: Client) -> None:
    intake = brought(aims, officer)
    with pytest.raises(NotImportable, match="taken in already"):
        take_in(intake, flagged=(), actor=officer)
    answer = browser.post(reverse("soa:intake", args=[aims.slug, intake.pk]), {"any": "1"})
    assert answer.status_code == 422
    assert "taken in already" in answer.content.decode()
    assert trace_of("statement:SOA").count("soa.imported") == 1


def test_a_file_without_a_match_is_refused(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotImportable, match="No row"):
        brought(aims, officer, f"{HEAD}\nA.99.9,Invented,Yes,x,,,,,\n")
    assert not Statement.objects.exists()


def test_owners_become_invitations_and_documents_evidence_to_give(aims: Aims, officer: Actor) -> None:
    result = brought(aims, officer).result
    invited = Invitation.objects.get()
    assert (invited.name, an_entry("A.2.2").owner_id) == ("Ana Lima", invited.user_id)
    links = EvidenceLink.objects.filter(requirement__code="A.2.2").values_list("evidence__title", flat=True)
    assert "Policy signed" in links
    assert not Evidence.objects.filter(versions__isnull=False).exists()
    assert (result["owners"], result["evidence"]) == (1, len(links))
    assert an_entry("A.2.2").how_document == "POL-1"
    assert "Colour: red" in an_entry("A.2.2").notes


def test_an_officer_alone_may_import_owners(aims: Aims, officer: Actor) -> None:
    brought(aims, a_member(aims, Role.OFFICER, by=officer))
    assert an_entry("A.2.2").owner is not None


def test_blank_cells_leave_what_stands(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    law = an_obligation(officer)
    included(
        officer, "A.2.2", why="Old why", how="Old how", notes="Old note", owner=person_of(officer),
        reasons=[{"code": "LG", "ref": law.ref}], performed_by="shared", provider="Acme",
    )  # fmt: skip
    before = an_entry("A.2.2")
    brought(
        aims, officer, f"Control ID,Control title,Applicability,Performed by\nA.2.2,{titles()['A.2.2']},Yes,Shared\n"
    )
    after = an_entry("A.2.2")
    for name in ("why", "how", "notes", "owner_id", "reasons", "performed_by", "provider", "version"):
        assert getattr(after, name) == getattr(before, name), name


@pytest.mark.db_both
def test_an_exclusion_that_something_relies_on_is_held_back(aims: Aims, officer: Actor, browser: Client) -> None:
    a_reliance(officer, a_system(officer, name="Screener"), "A.2.3")
    place = upload(browser, aims, MIXED)["Location"]
    page = browser.post(place, {"any": "1"}, follow=True).content.decode()
    assert "Left undecided: A.2.3 is relied on by SYS-01 Screener" in page
    row = an_entry("A.2.3")
    assert (row.applicability, row.why) == ("undecided", "We have no other policies")
    assert "is relied on" in row.notes


def test_a_held_back_exclusion_does_not_speak_for_an_inclusion(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    included(officer, "A.2.3", why="It applies.", notes="Old note")
    a_reliance(officer, a_system(officer), "A.2.3")
    brought(aims, officer)
    row = an_entry("A.2.3")
    assert (row.applicability, row.why) == ("included", "It applies.")
    for words in ("Old note", "is relied on", "We have no other policies"):
        assert words in row.notes


def test_own_controls_come_along(aims: Aims, officer: Actor) -> None:
    brought(aims, officer, f"{HEAD}\nORG.7,Model cards are signed,Yes,We promise it,,,,,\n")
    assert (an_entry("ORG.7").requirement.title, an_entry("ORG.7").why) == ("Model cards are signed", "We promise it")


def test_reasons_of_an_undecided_row_are_kept(aims: Aims, officer: Actor) -> None:
    brought(aims, officer, f'Control ID,Title,Reason codes\nA.2.2,{titles()["A.2.2"]},"LG, BP"\n')
    assert [row["code"] for row in an_entry().reasons] == ["LG", "BP"]


def test_texts_too_long_for_their_field_stay_in_the_notes(aims: Aims, officer: Actor) -> None:
    long = "Policy " * 60
    brought(aims, officer, f"Control ID,Title,Document\nA.2.2,{titles()['A.2.2']},{long}\n")
    assert long.strip() in an_entry().notes


def said(sheet_rows: Any) -> dict[str, Any]:
    return {row.code: row.decision for row in sheet_rows}


def a_rich_statement(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    law, system = an_obligation(officer), a_system(officer, in_scope=True)
    included(
        officer, "A.2.2", why="=1+1\nsecond line", how="+44 20 7946", notes="@here -not a formula", how_document="-POL",
        reasons=[{"code": "LG", "ref": law.ref}, {"code": "BP", "ref": ""}], owner=person_of(officer),
        implementation="implemented", performed_by="provider", provider="=Acme", agreement="MSA",
        expects_evidence=False, no_evidence_reason="A decision.",
    )  # fmt: skip
    included(officer, "A.2.3", performed_by="us", provider="Left over", implementation="partly", why="'quoted")
    included(officer, "A.2.4", implementation="planned", planned_on="2027-03-01", review_on="2027-04-01")
    excluded(officer, "A.3.2", why='No need, "really"; none', expires_on="2027-05-01")
    twin = a_member(aims, Role.OWNER, by=officer, name="Twin Name")
    second = a_member(aims, Role.OWNER, by=officer, name="Twin Name")
    included(officer, "A.3.3", owner=person_of(twin))
    included(officer, "A.4.2", owner=person_of(second))
    a_note(actor=officer, title="=cmd()", serves=["A.2.2", "A.4.2"])
    decide_for_system(
        included(officer, "A.5.2"), system, applicability=Applicability.EXCLUDED, why="Never.", implementation="",
        seen=0, actor=officer,
    )  # fmt: skip


@pytest.mark.parametrize(("write", "name"), [(write_xlsx, "soa.xlsx"), (write_csv, "soa.csv")])
def test_what_goes_out_comes_back_the_same(aims: Aims, officer: Actor, write: Any, name: str) -> None:
    a_rich_statement(aims, officer)
    before, links = read_sheet(aims), EvidenceLink.objects.count()
    owners = dict(Entry.objects.values_list("pk", "owner_id"))
    stream = BytesIO()
    write(exported(before), stream)
    plan = brought(aims, officer, stream.getvalue(), name=name).plan
    assert {row["verdict"] for row in plan["rows"]} <= {"matched", "skipped"}
    after = read_sheet(aims)
    assert said(after.rows) == said(before.rows)
    assert {row.code: row.entry.version for row in after.rows} == {row.code: row.entry.version for row in before.rows}
    assert dict(Entry.objects.values_list("pk", "owner_id")) == owners
    assert (EvidenceLink.objects.count(), EntrySystem.objects.count()) == (links, 1)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_member_may_export(aims: Aims, officer: Actor, form: str) -> None:
    a_statement(officer)
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    answer = reader.get(reverse("soa:export", args=[aims.slug, form]))
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    assert reader.get(reverse("soa:export", args=[aims.slug, "exe"])).status_code == 404


def test_a_text_longer_than_a_cell_is_said_not_cut(aims: Aims, officer: Actor, browser: Client) -> None:
    a_statement(officer)
    included(officer, notes="x" * 40_000)
    page = browser.get(reverse("soa:export", args=[aims.slug, "xlsx"]), follow=True).content.decode()
    assert "A.2.2" in page
    assert "Shorten this text first" in page
    assert browser.get(reverse("soa:export", args=[aims.slug, "csv"])).status_code == 200


def test_files_that_cannot_be_read_are_refused_in_place(
    aims: Aims, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for data, name in ((b"\x00\x01\x02", "soa.xlsx"), (b"", "soa.csv"), (b"PK\x03\x04broken", "soa.xlsx")):
        assert upload(browser, aims, data, name).status_code == 422, name
    assert browser.post(reverse("soa:import", args=[aims.slug]), {"any": "1"}).status_code == 422
    monkeypatch.setattr(intake_views, "LIMIT", 10)
    assert upload(browser, aims, CLEAN).status_code in {413, 422}
    assert not Intake.objects.exists()


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_only_stewards_import(aims: Aims, officer: Actor, role: Role) -> None:
    intake = read_in(CLEAN.encode(), "soa.csv", aims, actor=officer)
    browser = signed_in(a_member(aims, role, by=officer))
    assert upload(browser, aims, CLEAN).status_code == 403
    assert browser.get(reverse("soa:import", args=[aims.slug])).status_code == 403
    assert browser.post(reverse("soa:intake", args=[aims.slug, intake.pk]), {"any": "1"}).status_code == 403
    assert not Statement.objects.exists()


def test_another_organisations_file_is_not_found(aims: Aims, officer: Actor) -> None:
    intake = read_in(CLEAN.encode(), "soa.csv", aims, actor=officer)
    other, stranger = an_organisation()
    for slug, pk in ((other.slug, intake.pk), (other.slug, 99999), (aims.slug, intake.pk)):
        assert signed_in(stranger).post(reverse("soa:intake", args=[slug, pk]), {"any": "1"}).status_code == 404
    assert not Statement.objects.exists()


def run(*args: Any) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("import_soa", *map(str, args), stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    mixed, clean = tmp_path / "mixed.csv", tmp_path / "clean.csv"
    mixed.write_text(MIXED)
    clean.write_text(CLEAN)
    return mixed, clean


def test_the_command_tells_by_its_exit(aims: Aims, officer: Actor, files: tuple[Path, Path]) -> None:
    mixed, clean = files
    assert run(clean, "--aims", aims.slug, "--dry-run")[0] == 0
    status, out = run(mixed, "--aims", aims.slug, "--dry-run", "--json")
    plan = json.loads(out)
    assert (status, list(plan)) == (2, ["matched", "flagged", "rejected", "skipped", "missing"])
    assert [row["id"] for row in plan["matched"]] == ["A.2.2", "A.2.3"]
    assert set(plan["flagged"][0]) == {"line", "id", "title", "reason"}
    assert run(mixed, "--aims", aims.slug, "--dry-run", "--accept-matched")[0] == 2
    status, out = run(mixed, "--aims", aims.slug, "--as", officer.email)
    assert (status, "flagged: 1" in out, "missing: " in out) == (2, True, True)
    assert not Statement.objects.exists()
    assert not Intake.objects.exists()


@pytest.mark.db_both
def test_the_command_writes_what_it_may(aims: Aims, officer: Actor, files: tuple[Path, Path]) -> None:
    mixed, clean = files
    assert run(clean, "--aims", aims.slug, "--as", officer.email.upper())[0] == 0
    assert (an_entry("A.2.2").why, an_entry("A.2.3").applicability) == ("The law asks for it", "undecided")
    assert run(mixed, "--aims", aims.slug, "--as", officer.email, "--accept-matched")[0] == 2
    assert (an_entry("A.2.3").applicability, an_entry("A.2.4").applicability) == ("excluded", "undecided")
    assert trace_of("statement:SOA").count("soa.imported") == 2


def test_the_command_refuses_what_is_not_there(aims: Aims, officer: Actor, files: tuple[Path, Path]) -> None:
    _mixed, clean = files
    auditor = a_member(aims, Role.AUDITOR, by=officer)
    broken = clean.with_name("broken.xlsx")
    broken.write_bytes(b"PK\x03\x04")
    refused = [
        (clean, "--aims", "nowhere", "--dry-run"),
        (clean, "--aims", aims.slug),
        (clean, "--aims", aims.slug, "--as", "nobody@example.org"),
        (clean, "--aims", aims.slug, "--as", an_organisation()[1].email),
        (clean, "--aims", aims.slug, "--as", auditor.email),
        (clean, "--aims", aims.slug, "--as", officer.email, "--dry-run"),
        (clean.with_name("absent.csv"), "--aims", aims.slug, "--dry-run"),
        (clean.parent, "--aims", aims.slug, "--dry-run"),
        (broken, "--aims", aims.slug, "--dry-run"),
    ]
    for args in refused:
        with pytest.raises(CommandError):
            run(*args)
    assert not Statement.objects.exists()
