"""Which reports are signed, with what, and what the job says when a signature falls short."""

from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from evidence.store import open_stored
from jobs.actions import run_job
from jobs.models import Job, JobState
from ledger.actions import add_key
from ledger.keys import keys_of
from ledger.models import Anchor, AnchorKind, Record
from ledger.notes import checkpoint_of
from reports.actions import ask_report, renew_identity, replace_identity
from reports.models import Report, SigningIdentity
from reports.signatory import in_force
from soa.actions import open_statement
from soa.models import StatementVersion
from tests.make import trace_of
from tests.reports.certify import PASSWORD, a_pkcs12, needs_pdfsig, pdfsig, signature_in, signer_of
from tests.reports.flow import a_report, two_versions
from tests.reports.pdf import read
from tests.reports.test_identity import body_of
from tests.reports.tsa import a_timestamp_service


@pytest.fixture
def version(aims: Aims, officer: Actor) -> StatementVersion:
    """The version in force."""
    return two_versions(aims, officer)[1]


def asked(version: StatementVersion, actor: Actor, edition: str = "full") -> Report:
    """A report of a version, waiting for its job."""
    return ask_report(version.aims, edition=edition, version=version, actor=actor)


def made(report: Report) -> tuple[Report, bytes]:
    """The report after its job, with its file."""
    assert report.job is not None
    state = run_job(report.job.pk)
    assert state == JobState.DONE, Job.objects.get(pk=report.job.pk).error
    report = Report.objects.get(pk=report.pk)
    with open_stored(report.sha256) as stream:
        return report, stream.read()


def failed(report: Report) -> str:
    """What the job of a report that could not be made says."""
    assert report.job is not None
    assert run_job(report.job.pk) == JobState.FAILED
    return Job.objects.get(pk=report.job.pk).error


def words_of(pdf: bytes) -> str:
    """The text of the document control, without white space."""
    return "".join(read(pdf).pages[1].split())


@needs_pdfsig
@pytest.mark.parametrize("edition", ["full", "customer"])
def test_a_report_of_an_approved_version_is_signed(
    version: StatementVersion, officer: Actor, edition: str, tmp_path: Path
) -> None:
    """It prints whose certificate, bears it, and the chain names the signed file."""
    report, pdf = made(asked(version, officer, edition))
    identity = in_force()
    assert identity is not None
    assert (report.signed_with, report.is_timestamped, report.signing_note) == (identity, False, "")
    said = pdfsig(pdf, tmp_path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert signer_of(pdf) == identity.fingerprint_sha256
    assert identity.fingerprint_sha256.upper() in words_of(pdf)
    assert "".join(identity.name.split()) in words_of(pdf)
    rendered = Record.objects.get(subject=report.ref, event="report.rendered")
    assert body_of(rendered)["subject"]["after_hash"] == report.sha256
    assert len(pdf) == report.size
    assert trace_of(identity.ref) == ["certificate.made"]


def test_a_draft_is_not_signed(aims: Aims, officer: Actor) -> None:
    """Nobody has approved it, and no certificate is made for it."""
    open_statement(actor=officer)
    report, pdf = made(a_report(aims, officer))
    assert report.signed_with is None
    assert b"/ByteRange" not in pdf
    assert "Signedby" not in words_of(pdf)
    assert not SigningIdentity.objects.exists()


def test_a_replaced_certificate_is_used_at_once(version: StatementVersion, officer: Actor) -> None:
    """The next report bears the new one; the earlier report keeps its own."""
    before, first = made(asked(version, officer, "customer"))
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    after, second = made(asked(version, officer, "customer"))
    assert (signer_of(second), after.signed_with) == (own.fingerprint_sha256, own)
    assert own.fingerprint_sha256.upper() in words_of(second)
    before.refresh_from_db()
    assert before.signed_with is not None
    assert signer_of(first) == before.signed_with.fingerprint_sha256 != own.fingerprint_sha256


def test_an_own_certificate_that_has_ended_fails_the_report_in_words(version: StatementVersion, officer: Actor) -> None:
    """Rather than handing out an unsigned one."""
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    report = asked(version, officer)
    with clock.standing_at(own.valid_until + timedelta(days=1)):
        assert "An administrator puts a new one in force" in failed(report)
    report.refresh_from_db()
    assert not report.is_ready


def test_a_lost_secret_fails_the_report_until_chain_and_certificate_have_new_keys(
    version: StatementVersion, officer: Actor, settings: Any
) -> None:
    """The message names the setting, and for the chain the command."""
    made(asked(version, officer, "customer"))
    settings.SIGNING_SECRET = "another secret"
    assert "manage.py rotate_key" in failed(asked(version, officer, "customer"))
    add_key(version.aims_id, actor=officer)
    assert "SIGNING_SECRET" in failed(asked(version, officer, "customer"))
    renew_identity(version.aims, actor=officer)
    assert made(asked(version, officer, "customer"))[0].is_ready


def test_a_report_carries_a_checkpoint_outside(version: StatementVersion, officer: Actor, tmp_path: Path) -> None:
    """Printed and attached byte for byte, over the approval; every edition is one more place that holds it."""
    report, data = made(asked(version, officer, "customer"))
    anchor = Anchor.objects.get(kind=AnchorKind.REPORT)
    assert anchor.place == report.ref
    with pikepdf.open(BytesIO(data)) as pdf:
        (name,) = pdf.attachments
        note = pdf.attachments[name].get_file().read_bytes()
    assert (name, note) == (f"checkpoint-{anchor.checkpoint.size}.txt", bytes(anchor.checkpoint.note))
    assert checkpoint_of(note.decode(), keys_of(anchor.checkpoint.log)).size == anchor.checkpoint.size
    approved = Record.objects.get(event="version.approved", subject=version.ref)
    assert approved.leaf.number <= anchor.checkpoint.size
    signature = note.decode().split()[-1]
    assert signature in words_of(data)


def test_a_timestamp_is_noted(version: StatementVersion, officer: Actor, settings: Any) -> None:
    """On the report, and in the file."""
    with a_timestamp_service(clock.now()) as url:
        settings.TIMESTAMP_URL = url
        report, pdf = made(asked(version, officer, "customer"))
    assert (report.is_timestamped, report.signing_note) == (True, "")
    [signer] = signature_in(pdf)["signer_infos"]
    assert "signature_time_stamp_token" in [item["type"].native for item in signer["unsigned_attrs"]]


@needs_pdfsig
@pytest.mark.parametrize("fault", ["status", "garbage"])
def test_a_failing_timestamp_service_loses_no_report(
    version: StatementVersion, officer: Actor, settings: Any, tmp_path: Path, fault: str
) -> None:
    """It is signed without a stamp, and says so."""
    with a_timestamp_service(clock.now(), fault) as url:
        settings.TIMESTAMP_URL = url
        report, pdf = made(asked(version, officer, "customer"))
    assert not report.is_timestamped
    assert "without a timestamp" in report.signing_note
    assert report.job is not None
    assert report.job.result["signing_note"] == report.signing_note
    assert "Signature is Valid." in pdfsig(pdf, tmp_path)


@needs_pdfsig
def test_the_command_signs_too(aims: Aims, version: StatementVersion, tmp_path: Path) -> None:
    """With the same certificate, and says whose it is; a draft is said to be unsigned."""
    told = StringIO()
    call_command("render_soa", "--aims", aims.slug, "--out", str(tmp_path / "soa.pdf"), stdout=told)
    identity = in_force()
    assert identity is not None
    assert f"signed by {identity.name}" in told.getvalue()
    assert "Signature is Valid." in pdfsig((tmp_path / "soa.pdf").read_bytes(), tmp_path)


def test_the_command_says_when_a_timestamp_is_missing(
    aims: Aims, version: StatementVersion, tmp_path: Path, settings: Any
) -> None:
    """On standard error; the file is there."""
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    told = StringIO()
    call_command("render_soa", "--aims", aims.slug, "--out", str(tmp_path / "soa.pdf"), stderr=told)
    assert "without a timestamp" in told.getvalue()
    assert (tmp_path / "soa.pdf").stat().st_size > 0


def test_the_command_writes_no_file_that_it_cannot_sign(
    aims: Aims, version: StatementVersion, officer: Actor, tmp_path: Path
) -> None:
    """An ended certificate is an error."""
    own = replace_identity(a_pkcs12(), PASSWORD, actor=officer)
    with clock.standing_at(own.valid_until), pytest.raises(CommandError, match="expired on"):
        call_command("render_soa", "--aims", aims.slug, "--out", str(tmp_path / "soa.pdf"))
    assert not (tmp_path / "soa.pdf").exists()


def test_a_draft_by_command_is_said_to_be_unsigned(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """So that nobody takes it for a report."""
    open_statement(actor=officer)
    told = StringIO()
    call_command("render_soa", "--aims", aims.slug, "--out", str(tmp_path / "soa.pdf"), stdout=told)
    assert "draft" in told.getvalue()
    assert "not signed" in told.getvalue()
