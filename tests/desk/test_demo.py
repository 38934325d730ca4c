"""The demo: told through the actions, ending today, loaded once, and removed without a trace being lost."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions import found
from aims.models import Aims, Criteria, Membership
from aims.queries import actor_for, current_criteria
from assessments.models import (
    Assessment,
    AssessmentState,
    CoAuthor,
    Risk,
    Screening,
    SectionComment,
    TreatmentPlan,
    Trigger,
)
from desk.actions import remove_demo
from desk.demo.load import load_demo
from evidence.models import Evidence, EvidenceLink, EvidenceVersion, File
from evidence.store import Stored
from evidence.store import check as holds
from jobs.models import Delivery
from ledger.actions.seal import seal
from ledger.models import Anchor, AnchorKind, Checkpoint, Log, Record
from ledger.verify import verify
from soa.checks import flags_of
from soa.models import Entry, StatementVersion
from soa.queries.rows import read_sheet
from systems.models import AiSystem
from tests.make import trace_of
from trace.anchoring.news import newest_news

ROLES = [role.value for role in Role]
PAGES = ["desk:overview", "soa:workbench", "systems:list", "assessments:list", "assessments:risks", "evidence:list"]
PAGES += ["changes:list", "reports:list", "audits:cycle", "trace:records", "aims:settings"]


pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def told(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Aims]]:
    """Tell the story once for all tests of this file, in a transaction that is rolled back after them."""
    folder = tmp_path_factory.mktemp("demo")
    fast = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    places = {"ASSAY_DATA": folder, "EVIDENCE_ROOT": folder / "files"}
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        with override_settings(PASSWORD_HASHERS=fast, **places):
            aims = load_demo().aims
        with acting_in(aims):
            seal(aims.pk)
    yield folder, aims
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def folder(told: tuple[Path, Aims], settings: Any, db: None) -> Path:
    """Return the data folder of the demo, in which this test then works."""
    settings.ASSAY_DATA = told[0]
    settings.EVIDENCE_ROOT = told[0] / "files"
    return told[0]


@pytest.fixture
def meridian(told: tuple[Path, Aims], folder: Path) -> Iterator[Aims]:
    """Return the demo organisation, acting in it."""
    aims = told[1]
    with acting_in(aims):
        yield aims


def sign_ins(folder: Path) -> dict[str, tuple[str, str]]:
    """The people told in the file: by role, e-mail and password."""
    lines = (folder / "demo-sign-in.txt").read_text(encoding="utf-8").splitlines()
    return {role: (email, password) for role, email, password in (line.split(" ") for line in lines)}


def an_actor(aims: Aims, folder: Path, role: str) -> Actor:
    """The demo's person of a role, as an actor."""
    actor = actor_for(User.objects.get(email=sign_ins(folder)[role][0]), aims, auth_method="password")
    assert actor is not None
    return actor


def a_browser(folder: Path, role: str) -> Client:
    """A browser in which the demo's person of a role has signed in with the password of the file."""
    client = Client()
    email, password = sign_ins(folder)[role]
    answer = client.post(reverse("account_login"), {"login": email, "password": password})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    return client


def test_the_file_tells_one_person_for_each_role_and_nobody_else_reads_it(folder: Path) -> None:
    lines = (folder / "demo-sign-in.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("officer ")
    assert sorted(line.split(" ")[0] for line in lines) == sorted(ROLES)
    assert all(len(line.split(" ")) == 3 for line in lines)
    assert stat.S_IMODE((folder / "demo-sign-in.txt").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir() if path.name.startswith("demo")] == ["demo-sign-in.txt"]


def test_nobody_else_has_a_password(meridian: Aims, folder: Path) -> None:
    told_of = {email for email, _password in sign_ins(folder).values()}
    people = User.objects.filter(pk__in=Membership.objects.values("user_id"))
    assert {person.email for person in people if person.has_usable_password()} == told_of


@pytest.mark.parametrize("role", [role for role in ROLES if role != "certifier"])
def test_everybody_signs_in_and_reads_every_page(meridian: Aims, folder: Path, role: str) -> None:
    client = a_browser(folder, role)
    pages = [reverse(name, args=[meridian.slug]) for name in PAGES]
    pages += [reverse("systems:detail", args=[meridian.slug, row.code]) for row in AiSystem.objects.all()]
    pages += [
        reverse("assessments:detail", args=[meridian.slug, row.code, row.edition]) for row in Assessment.objects.all()
    ]
    pages.append(reverse("evidence:detail", args=[meridian.slug, "EV-023"]))
    answers = {page: client.get(page).status_code for page in pages}
    refused = {page for page, status in answers.items() if status != 200}
    assert refused == set()


def test_the_certification_body_reads_what_is_shared_with_it(meridian: Aims, folder: Path) -> None:
    client = a_browser(folder, "certifier")
    page = client.get(reverse("desk:overview", args=[meridian.slug]), follow=True).content.decode()
    for words in ("Surveillance 1", "Statement version 3", "EV-001", "Customer Support RAG Assistant", "up to record"):
        assert words in page
    assert {client.get(reverse(name, args=[meridian.slug])).status_code for name in PAGES[1:]} == {403}


def test_the_statement_stands_as_told(meridian: Aims) -> None:
    sheet = read_sheet(meridian)
    assert Entry.objects.count() == 40
    assert [(row.number, row.state) for row in StatementVersion.objects.order_by("number")] == [
        (1, "superseded"),
        (2, "superseded"),
        (3, "approved"),
    ]
    assert {row.code for row in sheet.rows if row.entry.requirement.kind == "own"} == {"ORG.1", "ORG.2"}
    assert sorted(sheet.changed) == ["A.5.5", "A.6.2.4", "A.7.3", "ORG.2"]


LEANING = ("A.5.4", "A.6.2.6", "A.8.5", "A.9.2", "A.9.3", "A.10.3")  # on the assessment of the ranker


def test_an_auditor_would_flag_a_few_things(meridian: Aims) -> None:
    flags = flags_of(read_sheet(meridian))
    assert {(flag.check, flag.code) for flag in flags if flag.blocks} == {
        ("no_reason", "A.7.3"),
        ("undecided", "ORG.2"),
    }
    assert {(flag.check, flag.code) for flag in flags if not flag.blocks} == {
        ("planned_in_the_past", "A.6.2.6"),
        ("implemented_without_evidence", "A.8.4"),
        ("implemented_without_evidence", "ORG.1"),
        ("untreated", ""),
        ("reopened", "A.7.6"),
        *(("open_trigger", code) for code in (*LEANING, "A.4.3", "A.5.2", "A.5.3", "A.5.5", "A.6.2.4", "A.7.4")),
        *(("open_change", code) for code in ("A.4.2", "A.4.4", "A.5.4", "A.6.2.6", "A.9.2", "A.10.3")),
    }


def test_references_are_those_of_the_story(meridian: Aims) -> None:
    assert list(AiSystem.objects.values_list("code", flat=True)) == [f"SYS-0{number}" for number in range(1, 6)]
    assert {"R-003", "R-014", "R-021", "R-033"} <= set(Risk.objects.values_list("code", flat=True))
    assert list(Evidence.objects.values_list("code", flat=True)) == [f"EV-{number:03d}" for number in range(1, 44)]
    assert all(EvidenceVersion.objects.filter(evidence=row).exists() for row in Evidence.objects.all())
    assert EvidenceLink.objects.live().count() >= 55


def test_judgement_is_kept_current_in_it(meridian: Aims) -> None:
    assert [row.number for row in Criteria.objects.order_by("number")] == [1, 2]
    assert current_criteria().likelihood[0]["label"] == "Rare"
    told = Trigger.objects.values_list("assessment__system__code", "kind", "effect")
    assert ("SYS-01", "complaint", "none") in told
    assert {system for system, _kind, effect in told if effect == "unsaid"} == {"SYS-02"}
    states = Screening.objects.order_by("code").values_list("outcome", "state", "signed_by__name")
    assert list(states) == [("none", "superseded", "Marcus Lindqvist"), ("focused", "due", None)]
    assert (CoAuthor.objects.count(), SectionComment.objects.count()) == (1, 1)
    assert TreatmentPlan.objects.get().state == "submitted"


def test_no_mark_of_the_story_is_left_in_a_text(meridian: Aims) -> None:
    texts = [entry.why + entry.how + entry.how_document + entry.effectiveness_source for entry in Entry.objects.all()]
    texts += [row.scope_reason + row.purpose for row in AiSystem.objects.all()]
    texts += [row.conditions for row in Assessment.objects.all()] + [row.source for row in Risk.objects.all()]
    texts += [row.change_note for row in EvidenceVersion.objects.all()]
    assert [text for text in texts if "{" in text or "}" in text] == []


def test_two_people_stand_behind_each_decision(meridian: Aims, folder: Path) -> None:
    approver = an_actor(meridian, folder, "approver").user_id
    assert {row.decided_by_id for row in StatementVersion.objects.all()} == {approver}
    assert {row.submitted_by_id for row in StatementVersion.objects.all()} == {
        an_actor(meridian, folder, "officer").user_id
    }
    decided = Assessment.objects.filter(state=AssessmentState.DECIDED)
    assert {(row.decided_by_id, row.author_id == approver) for row in decided} == {(approver, False)}


def test_the_story_ends_today_and_runs_forward(meridian: Aims) -> None:
    times = list(Record.objects.order_by("pk").values_list("occurred_at", flat=True))
    assert times == sorted(times)
    assert times[-1] <= clock.now()
    assert clock.now() - times[-1] < timedelta(days=2)
    assert clock.now() - times[0] > timedelta(days=365)


def test_the_chain_holds(meridian: Aims) -> None:
    verdict = verify(Log.objects.get())
    assert (verdict.fault, verdict.size) == ("", Record.objects.count())


def test_every_file_lies_in_the_store(meridian: Aims) -> None:
    assert [file.name for file in File.objects.all() if not holds(Stored(file.sha256, file.size))] == []
    assert File.objects.count() == EvidenceVersion.objects.count()


def test_it_is_told_once(meridian: Aims, folder: Path) -> None:
    before = Record.objects.count(), (folder / "demo-sign-in.txt").read_bytes()
    with pytest.raises(CommandError, match="already"):
        call_command("load_demo")
    call_command("load_demo", "--if-first-start")
    assert (Record.objects.count(), (folder / "demo-sign-in.txt").read_bytes()) == before


def test_lost_passwords_are_made_anew(meridian: Aims, settings: Any, tmp_path: Path, capsys: Any) -> None:
    settings.ASSAY_DATA = tmp_path
    with pytest.raises(CommandError, match="--new-passwords"):
        call_command("load_demo")
    call_command("load_demo", "--if-first-start")
    assert "--new-passwords" in capsys.readouterr().err
    call_command("load_demo", "--new-passwords")
    assert sorted(sign_ins(tmp_path)) == sorted(ROLES)
    assert a_browser(tmp_path, "auditor").get("/").status_code == 302


def test_a_steward_removes_it_and_nothing_is_deleted(meridian: Aims, folder: Path) -> None:
    counts = Evidence.objects.count(), Entry.objects.count(), StatementVersion.objects.count()
    client = a_browser(folder, "officer")
    address = reverse("desk:remove_demo", args=[meridian.slug])
    assert b"Nothing is deleted" in client.post(address).content
    assert Aims.objects.get(pk=meridian.pk).removed_at is None
    assert client.post(address, {"confirm": "remove"}).status_code == 302
    assert client.get(reverse("desk:overview", args=[meridian.slug])).status_code == 302
    assert (Evidence.objects.count(), Entry.objects.count(), StatementVersion.objects.count()) == counts
    assert trace_of("aims:meridian")[-1] == "aims.removed"
    assert not Membership.objects.filter(revoked_at__isnull=True).exists()
    seal(meridian.pk)
    assert verify(Log.objects.get()).fault == ""


def test_removal_takes_the_sign_ins_along(
    meridian: Aims, folder: Path, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    officer = an_actor(meridian, folder, "officer")
    settings.ASSAY_DATA = tmp_path
    (tmp_path / "demo-sign-in.txt").touch()
    with django_capture_on_commit_callbacks(execute=True):
        remove_demo(meridian, actor=officer)
    assert [path.name for path in tmp_path.iterdir()] == ["demo-removed"]
    assert not User.objects.filter(email__endswith="@meridian.example", is_active=True).exists()
    assert a_history_of(meridian) == ["~", "+"]
    assert remove_demo(meridian, actor=officer).version == Aims.objects.get(pk=meridian.pk).version
    with pytest.raises(CommandError, match="removed here"):
        call_command("load_demo")


def a_history_of(aims: Aims) -> list[str]:
    """The kinds of the rows of history, newest first."""
    return list(Aims.history.filter(id=aims.pk).order_by("-history_id").values_list("history_type", flat=True))


def test_who_holds_a_role_elsewhere_goes_on(meridian: Aims, folder: Path) -> None:
    officer = an_actor(meridian, folder, "officer")
    auditor = User.objects.get(email=sign_ins(folder)["auditor"][0])
    found("Adeyemi Audits", founder=auditor, roles_played=["customer"])
    call_command("remove_demo", "--as", officer.email)
    assert list(User.objects.filter(email__endswith="@meridian.example", is_active=True)) == [auditor]


@pytest.mark.parametrize("role", ["owner", "reviewer", "approver", "auditor", "certifier"])
def test_others_do_not_remove_it(meridian: Aims, folder: Path, role: str) -> None:
    with pytest.raises(NotAllowed):
        remove_demo(meridian, actor=an_actor(meridian, folder, role))
    address = reverse("desk:remove_demo", args=[meridian.slug])
    assert a_browser(folder, role).post(address, {"confirm": "remove"}).status_code == 403
    with pytest.raises(CommandError, match="administrator or a compliance officer"):
        call_command("remove_demo", "--as", sign_ins(folder)[role][0])
    assert Aims.objects.get(pk=meridian.pk).removed_at is None


def test_strangers_do_not_remove_it(meridian: Aims) -> None:
    with pytest.raises(CommandError, match="holds no role"):
        call_command("remove_demo", "--as", "nobody@example.org")


def test_a_checkpoint_was_sent_to_the_auditors_and_no_mail_left(meridian: Aims) -> None:
    sent = Anchor.objects.filter(kind=AnchorKind.MAIL).select_related("person", "checkpoint")
    assert {anchor.person.name for anchor in sent if anchor.person} == {"Ingrid Solheim", "Joy Adeyemi"}
    (row,) = {anchor.checkpoint for anchor in sent}
    assert trace_of(row.ref) == ["checkpoint.sent", "checkpoint.sent"]
    log = Log.objects.get()
    assert Checkpoint.objects.order_by("-size")[0].size == log.size == row.size + 2
    assert not Delivery.objects.exists()
    assert newest_news(log.size) <= row.size  # so that the first morning sends nothing more
