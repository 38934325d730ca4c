"""Timestamps over checkpoints: asked for once a day, verified, kept with their token, and read by other programs."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, pem
from cryptography.hazmat.primitives.serialization import Encoding

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from duties.models import Task
from jobs.models import MAX_ATTEMPTS, Job, JobState
from ledger.models import Anchor, AnchorKind, Checkpoint, Record
from tests.reports.certify import NOW, a_certificate, a_key
from tests.reports.tsa import a_timestamp_service
from tests.trace.outside import MORNING, beat, run_jobs, run_the_day, something_happens
from trace.anchoring import schedule, stamping, tsa
from trace.anchoring.fetching import NoAnswer
from trace.anchoring.standing import timestamp_standing, token_of
from trace.anchoring.tsa import stamped

Org = tuple[Aims, Actor]
FAULTS = {
    "other": "Mismatch between messages",
    "nonce": "Nonce mismatch",
    "forged": "The timestamp does not hold",
    "garbage": "The answer is no timestamp",
    "status": "answered 500",
    "refused": "refused: no reason given",
}
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


@pytest.fixture
def service(settings: Any) -> Iterator[str]:
    """Return a timestamp service's address, in use."""
    with a_timestamp_service(NOW) as url:
        settings.TIMESTAMP_URL = url
        yield url


def tokens(aims: Aims) -> list[Anchor]:
    """The timestamps of the AIMS, oldest first."""
    with acting_in(aims):
        return list(Anchor.objects.filter(kind=AnchorKind.TIMESTAMP).select_related("checkpoint").order_by("pk"))


def the_job() -> Job:
    """The newest job that asked."""
    return Job.objects.filter(kind=stamping.KIND).order_by("-pk")[0]


def certificate_in(token: bytes, folder: Path) -> Path:
    """Write the service's certificate, as it came with a token, as a file of authorities."""
    found = cms.ContentInfo.load(token)["content"]["certificates"][0].chosen.dump()
    file = folder / "tsa.pem"
    file.write_bytes(pem.armor("CERTIFICATE", found))
    return file


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_a_token_is_kept_and_recorded(organisation: Org, service: str) -> None:
    aims, _officer = organisation
    run_the_day()
    (anchor,) = tokens(aims)
    row = anchor.checkpoint
    with acting_in(aims):
        record = Record.objects.get(event="checkpoint.timestamped")
        token = token_of(aims, row)
    assert token is not None
    assert (token.name, token.data, token.authority) == (
        f"checkpoint-{aims.slug}-{row.size}.tst",
        bytes(anchor.token),
        "Clock",
    )
    info = cms.ContentInfo.load(token.data)["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == sha256(row.note).digest()
    body = bytes(record.body).decode()
    assert record.subject == row.ref
    assert f'"after_hash":"{sha256(token.data).hexdigest()}"' in body
    assert f'"outcome":"existed by {NOW:%Y-%m-%dT%H:%M:%SZ}"' in body


@needs_openssl
@pytest.mark.django_db
def test_openssl_verifies_the_token_over_the_checkpoint_as_it_is_mailed(
    organisation: Org, service: str, tmp_path: Path
) -> None:
    aims, _officer = organisation
    run_the_day()
    (anchor,) = tokens(aims)
    (tmp_path / "note.txt").write_bytes(bytes(anchor.checkpoint.note))
    (tmp_path / "note.tst").write_bytes(bytes(anchor.token))
    authorities = certificate_in(bytes(anchor.token), tmp_path)
    command = ["openssl", "ts", "-verify", "-token_in", "-in", "note.tst", "-data", "note.txt", "-CAfile", authorities]

    def verification() -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert "Verification: OK" in verification()
    (tmp_path / "note.txt").write_bytes(bytes(anchor.checkpoint.note).replace(b"\n", b"\r\n"))
    assert "Verification: FAILED" in verification()


@pytest.mark.django_db
def test_once_a_day_and_only_if_something_happened(organisation: Org, service: str) -> None:
    aims, officer = organisation
    for day in (0, 0, 1, 2):
        run_the_day(day)
    assert len(tokens(aims)) == 1
    something_happens(aims, officer, "O-1")
    for day in (3, 4):
        run_the_day(day)
    assert len(tokens(aims)) == 2
    with acting_in(aims):
        assert Record.objects.filter(event="checkpoint.timestamped").count() == 2


@pytest.mark.django_db
def test_without_a_service_nothing_is_asked(organisation: Org) -> None:
    run_the_day()
    assert not Job.objects.filter(kind=stamping.KIND).exists()
    with acting_in(organisation[0]):
        assert timestamp_standing(organisation[0]) is None


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_timestamp_of_ours_is_not_kept(organisation: Org, settings: Any, fault: str) -> None:
    aims, _officer = organisation
    with a_timestamp_service(NOW, fault) as url:
        settings.TIMESTAMP_URL = url
        run_the_day()
    job = the_job()
    assert (job.state, FAULTS[fault] in job.error) == (JobState.QUEUED, True), job.error
    assert tokens(aims) == []
    with acting_in(aims):
        assert not Record.objects.filter(event="checkpoint.timestamped").exists()
        standing = timestamp_standing(aims)
    assert standing is not None
    assert standing.trouble == job.error


@pytest.mark.django_db
def test_a_service_that_stays_away_is_told_and_comes_back(organisation: Org, settings: Any) -> None:
    aims, officer = organisation
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    run_the_day()
    for attempt in range(2, MAX_ATTEMPTS + 1):
        with clock.standing_at(MORNING + timedelta(hours=attempt)):
            run_jobs()
    job = the_job()
    assert (job.state, job.attempt) == (JobState.DEAD, MAX_ATTEMPTS)
    with acting_in(aims):
        task = Task.objects.get()
    assert (task.owner_id, task.title[:48]) == (officer.user_id, "Checkpoints are not timestamped: 127.0.0.1 did n")
    with a_timestamp_service(NOW) as url:
        settings.TIMESTAMP_URL = url
        run_the_day(1)
    assert len(tokens(aims)) == 1
    with acting_in(aims):
        assert Task.objects.get().closed_at is not None
        standing = timestamp_standing(aims)
    assert standing is not None
    assert (standing.size, standing.trouble) == (tokens(aims)[0].checkpoint.size, "")


def test_named_authorities_are_the_only_ones(tmp_path: Path) -> None:
    with a_timestamp_service(NOW) as url:
        right = certificate_in(stamped(b"x", url).token, tmp_path)
        assert stamped(b"x", url, str(right)).authority == "Clock"
        wrong = tmp_path / "wrong.pem"
        wrong.write_bytes(a_certificate(a_key(), "Clock").public_bytes(Encoding.PEM))
        with pytest.raises(NoAnswer, match="does not hold"):
            stamped(b"x", url, str(wrong))
        for unreadable in (tmp_path / "gone.pem", tmp_path):
            with pytest.raises(NoAnswer, match="TIMESTAMP_CA names"):
                stamped(b"x", url, str(unreadable))


def test_a_chain_without_its_root_needs_somebody_to_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tsa, "_is_root", lambda _certificate: False)
    with a_timestamp_service(NOW) as url:
        with pytest.raises(NoAnswer, match="does not hold"):
            stamped(b"x", url)
        monkeypatch.setattr(tsa.ssl.SSLContext, "get_ca_certs", lambda *_args, **_kwargs: [b"odd"])
        with pytest.raises(NoAnswer, match="name the certificate of the service's authority in TIMESTAMP_CA"):
            stamped(b"x", url)


@pytest.mark.django_db
def test_a_service_that_is_no_longer_named_is_not_asked(organisation: Org, service: str, settings: Any) -> None:
    aims, _officer = organisation
    with clock.standing_at(MORNING):
        beat()
        schedule.ask_each_day()
        settings.TIMESTAMP_URL = ""
        run_jobs()
    assert (the_job().state, tokens(aims)) == (JobState.DONE, [])
    with acting_in(aims):
        assert token_of(aims, Checkpoint.objects.get()) is None
