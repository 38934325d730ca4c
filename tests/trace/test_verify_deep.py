"""`verify_chain --deep` holds what was frozen, and every stored file, against the chain; `--json` is for machines."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from assessments.models import Assessment
from evidence.actions import Content, expect_evidence, give_version
from evidence.models import EvidenceVersion, File
from evidence.store import keep, place_of
from ledger.models import Log, Record
from reports.actions.complete import Made, complete_report
from reports.models import Report
from soa.actions.submit import return_version
from soa.models import StatementVersion
from tests.assessments.make import a_decided_assessment
from tests.databases import guards_lifted
from tests.evidence.make import a_note, a_version, an_evidence
from tests.make import a_member, an_organisation
from tests.reports.flow import a_report
from tests.soa.make import a_version as a_statement_version
from tests.soa.make import approved, decided, included
from tests.trace.make import an_obligation
from trace import ports
from trace.checking import MOST, check_logs
from trace.frozen import batches


def a_full_log(aims: Aims, officer: Actor) -> None:
    """An AIMS with one of everything that is frozen or stored, one version returned and one superseded."""
    approver = a_member(aims, Role.APPROVER, by=officer)
    decided(officer)
    first = a_statement_version(aims, officer)
    return_version(first, reason="Not yet.", seen=first.version, actor=approver)
    included(officer, "A.2.3", why="Another reason.")
    approved(aims, a_statement_version(aims, officer), officer)
    included(officer, "A.2.4", why="Yet another.")
    approved(aims, a_statement_version(aims, officer), officer)
    a_decided_assessment(officer, approver)
    item = an_evidence(actor=officer, name="policy.pdf")
    a_version(item, actor=officer, data=b"%PDF-3", covers_from=clock.now().date())
    a_note(actor=officer)
    awaited = expect_evidence("Minutes", actor=officer)
    give_version(awaited, Content(result={"b": 1.5, "a": ["x", None]}), actor=officer)
    stored = keep(BytesIO(b"%PDF-report"))
    complete_report(a_report(aims, officer), Made(stored.sha256, stored.size, 3, "SoA.pdf"), actor=officer)


@pytest.fixture
def full(aims: Aims, officer: Actor) -> Aims:
    a_full_log(aims, officer)
    return aims


def deep(aims: Aims) -> list[str]:
    """What a deep check of one AIMS finds beside the chain; the chain itself has to hold."""
    (checked,) = check_logs(aims.slug, is_deep=True)
    assert checked.verdict.fault == ""
    assert checked.is_sound == (not checked.deep)
    return list(checked.deep)


def tamper(row: Model, **fields: Any) -> None:
    """Change a row as somebody would who owns the database."""
    told = ", ".join(f"{name} = %s" for name in fields)
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {told} WHERE id = %s", [*fields.values(), row.pk])


def remove(row: Model) -> None:
    """Delete a row as somebody would who owns the database."""
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


def run(*words: str) -> int:
    """The exit status of the command."""
    try:
        call_command("verify_chain", *words)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


@pytest.mark.django_db
@pytest.mark.db_both
def test_what_nobody_touched_holds(full: Aims) -> None:
    (checked,) = check_logs(full.slug, is_deep=True)
    assert (checked.verdict.fault, checked.deep) == ("", ())
    assert checked.files is not None
    assert (checked.files.checked, checked.files.altered, checked.files.missing) == (3, 0, 0)


def latest(model: type[Model]) -> Any:
    return model._default_manager.order_by("-pk")[0]


def an_approved_one() -> StatementVersion:
    return StatementVersion.objects.get(state="approved")


BODY = b'{"another":"statement"}'
DIGEST = sha256(BODY).hexdigest()
TAMPERED: dict[str, tuple[Callable[[], Model], dict[str, Any], str]] = {
    "body": (an_approved_one, {"body": BODY}, "version:SOA-2: what is frozen is not what its digest names."),
    "body and digest": (
        an_approved_one,
        {"body": BODY, "digest": DIGEST},
        f"version:SOA-2: its digest is {DIGEST}, but Record #",
    ),
    "an approval taken back": (an_approved_one, {"state": "submitted"}, "(version.approved) names version:SOA-2 with"),
    "frozen": (
        lambda: latest(Assessment),
        {"frozen": BODY},
        "@1.0: what is frozen is not what its digest names.",
    ),
    "frozen and digest": (lambda: latest(Assessment), {"frozen": BODY, "digest": DIGEST}, "(assessment.decided) names"),
    "note": (lambda: EvidenceVersion.objects.exclude(note="")[0], {"note": "Held never."}, "evidence:EV-002@1: its"),
    "result": (lambda: latest(EvidenceVersion), {"result": '{"b": "9"}'}, "evidence:EV-003@1: its digest is"),
    "renewal": (
        lambda: EvidenceVersion.objects.order_by("pk")[0],
        {"renew_by": "2099-01-01"},
        "evidence:EV-001@1: its",
    ),
    "hash of a file": (lambda: File.objects.earliest("pk"), {"sha256": DIGEST}, "evidence:EV-001@1: its digest is"),
    "size of a file": (lambda: File.objects.earliest("pk"), {"size": 1}, "its files are not those that Record #"),
    "report": (lambda: latest(Report), {"sha256": DIGEST}, "(report.rendered) names"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_is_named(full: Aims, what: str) -> None:
    find, fields, words = TAMPERED[what]
    tamper(find(), **fields)
    faults = deep(full)
    assert any(words in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("find", "words"),
    [
        (lambda: StatementVersion.objects.get(state="returned"), "(version.submitted) names version:SOA-1 with digest"),
        (lambda: latest(EvidenceVersion), "(evidence.renewed) names evidence:EV-003@1 with digest"),
        (lambda: latest(Report), "(report.rendered) names report:"),
    ],
)
def test_what_was_removed_is_named(full: Aims, find: Callable[[], Model], words: str) -> None:
    remove(find())
    (fault,) = [fault for fault in deep(full) if words in fault]
    assert "which is not in the database" in fault


def test_what_was_slipped_in_has_no_record(full: Aims) -> None:
    row = latest(EvidenceVersion)
    with guards_lifted():
        EvidenceVersion(aims=full, evidence=row.evidence, number=2, note="Slipped in").save()
        other = an_approved_one()
        StatementVersion(
            aims=full,
            statement=other.statement,
            number=9,
            state="superseded",
            body=BODY,
            digest=DIGEST,
            submitted_at=clock.now(),
        ).save()
    faults = deep(full)
    assert "evidence:EV-003@2: no record (evidence.given or evidence.renewed) names it." in faults
    assert {
        f"version:SOA-9: no record (version.{verb}) names it." for verb in ("submitted", "approved", "superseded")
    } < {*faults}


def test_an_altered_and_a_missing_file_are_named(full: Aims, capsys: pytest.CaptureFixture[str]) -> None:
    first, report = File.objects.earliest("pk"), latest(Report)
    altered, missing = (place_of(Path(settings.EVIDENCE_ROOT), row.sha256) for row in (first, report))
    altered.chmod(0o600)
    altered.write_bytes(b"forged")
    missing.unlink()
    assert run("--aims", full.slug, "--deep") == 1
    out = capsys.readouterr().out
    assert f"{full.slug}: 3 files hashed again, 1 altered, 1 missing\n" in out
    assert f"policy.pdf of evidence:EV-001@1: the file was altered; SHA-256 {first.sha256} was given" in out
    assert f"SoA.pdf of {report.ref}: the file is missing; SHA-256 {report.sha256} was given" in out
    assert "records verified, root" in out
    assert run("--aims", full.slug) == 0


def test_json_is_one_array_and_nothing_else(full: Aims, capsys: pytest.CaptureFixture[str]) -> None:
    other, _founder = an_organisation()
    capsys.readouterr()
    assert run("--deep", "--json") == 0
    mine, theirs = json.loads(capsys.readouterr().out)
    log = Log.unscoped.get(aims_id=full.pk)
    assert mine == {
        "aims": full.slug,
        "origin": log.origin,
        "sound": True,
        "size": log.size,
        "root": log.root,
        "fault": "",
        "checkpoints": mine["checkpoints"],
        "notes": [],
        "files": {"checked": 3, "altered": 0, "missing": 0},
        "deep": [],
    }
    assert theirs["aims"] == other.slug
    assert run("--json", "--aims", other.slug) == 0
    (alone,) = json.loads(capsys.readouterr().out)
    assert alone.keys() == mine.keys() - {"files", "deep"}


def test_json_says_what_is_wrong(full: Aims, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(an_approved_one(), body=BODY)
    place_of(Path(settings.EVIDENCE_ROOT), File.objects.earliest("pk").sha256).unlink()
    assert run("--deep", "--json") == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["sound"], told["fault"], told["files"]["missing"]) == (False, "", 1)
    assert len(told["deep"]) == 2


def test_json_of_nothing_is_an_empty_array(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--deep", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_removed_aims_still_verifies(full: Aims, capsys: pytest.CaptureFixture[str]) -> None:
    Aims.objects.filter(pk=full.pk).update(removed_at=clock.now())
    assert run("--aims", full.slug, "--deep") == 0
    assert f"{full.slug}: 3 files hashed again" in capsys.readouterr().out


def test_a_log_whose_aims_has_no_row_goes_by_its_origin(db: None) -> None:
    aims, _founder = an_organisation()
    log = Log.unscoped.get(aims_id=aims.pk)
    Aims.objects.filter(pk=aims.pk).update(slug="renamed-behind-our-back")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trace.checking.Aims.objects.values_list", lambda *_names: [])
        (checked,) = check_logs(is_deep=True)
    assert (checked.name, checked.as_json["aims"]) == (log.origin, None)


def test_notes_get_a_line_of_their_own(aims: Aims, officer: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    with clock.standing_at(clock.now() - timedelta(days=2)):
        an_obligation(officer, "O-1", aims_id=aims.pk)
    assert run("--aims", aims.slug) == 0
    _verified, note = capsys.readouterr().out.splitlines()
    assert note.startswith(f"{aims.slug}: note: Record #")


def test_another_aims_is_not_looked_at(full: Aims) -> None:
    other, founder = an_organisation()
    with acting_in(other, founder):
        a_note(actor=founder)
        tamper(latest(EvidenceVersion), note="Held never.")
    assert deep(full) == []
    assert len(deep(other)) == 1


def test_faults_without_end_are_counted(monkeypatch: pytest.MonkeyPatch, full: Aims) -> None:
    monkeypatch.setattr(ports, "_deep", [lambda: (f"fault {n}" for n in range(MOST + 7))])
    faults = deep(full)
    assert len(faults) == MOST + 1
    assert faults[-1] == "7 more faults are not listed."


def test_a_room_registers_its_check_once(monkeypatch: pytest.MonkeyPatch, full: Aims) -> None:
    monkeypatch.setattr(ports, "_deep", [])

    def mine() -> Iterator[str]:
        yield "mine"

    assert ports.checks_deep(mine) is ports.checks_deep(mine)
    assert deep(full) == ["mine"]


def test_a_record_that_cannot_be_read_names_nothing(full: Aims) -> None:
    tamper(Record.objects.filter(event="assessment.decided")[0], body=b"not json")
    (checked,) = check_logs(full.slug, is_deep=True)
    assert "does not match its leaf hash" in checked.verdict.fault
    assert any("no record (assessment.decided) names it" in fault for fault in checked.deep)


def test_batches_cut_and_lose_nothing() -> None:
    assert list(batches(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(batches([], 3)) == []
