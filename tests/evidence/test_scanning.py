"""Scanning: what is found is quarantined, what is not answered stays "not scanned", and nothing is clean unsaid."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from evidence.actions import Quarantined, record_read, scan_again
from evidence.actions.examine import KIND
from evidence.examining import clamd
from evidence.examining.job import ask_nightly
from evidence.models import Evidence, FileText, Immutable, Read, Scan, Verdict
from jobs.actions import run_job
from jobs.models import Job, JobState
from ledger.actions import seal_all
from reports.pack.build import Altered
from tests.evidence.clamav import EICAR, FakeClamd, a_clamd
from tests.evidence.make import PDF, a_version, an_evidence, the_file
from tests.make import a_member, signed_in, trace_of
from tests.reports.packs import a_pack, a_state


@pytest.fixture
def scanner(settings: Any) -> Iterator[FakeClamd]:
    """A scanner, in use."""
    with a_clamd() as fake:
        settings.CLAMD_URL, settings.CLAMD_SECONDS = fake.url, 5
        yield fake


def examined() -> None:
    """Run every job that looks at files, and those that they leave."""
    while job := Job.objects.filter(kind=KIND, state=JobState.QUEUED).first():
        assert run_job(job.pk) == JobState.DONE


def page_of(item: Evidence, actor: Actor, aims: Aims) -> str:
    return signed_in(actor).get(reverse("evidence:detail", args=[aims.slug, item.code])).content.decode()


def test_without_a_scanner_it_says_so(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer)
    examined()
    assert not Scan.objects.exists()
    assert "Not scanned: no scanner is set up" in page_of(item, officer, aims)
    record_read(the_file(), actor=officer).close()


def test_a_clean_file_says_when_it_was_scanned(aims: Aims, officer: Actor, scanner: FakeClamd) -> None:
    item = an_evidence(actor=officer)
    assert "Not scanned yet" in page_of(item, officer, aims)
    examined()
    scan = Scan.objects.get()
    assert (scan.verdict, scan.engine) == (Verdict.CLEAN, "ClamAV 1.4.3/27803/Thu Jun 18 08:00:00 2026")
    assert scanner.asked == [PDF]
    assert "nothing found" in page_of(item, officer, aims)
    assert trace_of(item.ref) == ["evidence.given"]


def test_a_finding_quarantines(aims: Aims, officer: Actor, scanner: FakeClamd) -> None:
    item, twin = (an_evidence(actor=officer, data=b"%PDF " + EICAR, title=title) for title in ("One", "Two"))
    examined()
    assert len(scanner.asked) == 1
    file = the_file()
    with pytest.raises(Quarantined, match="Eicar-Test-Signature"):
        record_read(file, actor=officer)
    assert not Read.objects.exists()
    assert not FileText.objects.exists()
    assert [trace_of(ref) for ref in (item.ref, twin.ref)] == [["evidence.given", "evidence.quarantined"]] * 2
    assert Task.objects.filter(kind="quarantine", closed_at=None).count() == 2
    browser = signed_in(officer)
    places = (("evidence:download", "file_id"), ("api:evidence-download", "file"))
    for name, key in places:
        params = {"aims": aims.slug, "code": twin.code, "number": 1, key: file.pk}
        answer = browser.get(reverse(name, kwargs=params))
        assert answer.status_code == 403
        assert "Eicar-Test-Signature" in answer.content.decode()
    page = page_of(twin, officer, aims)
    assert f'href="{reverse(places[0][0], args=[aims.slug, twin.code, 1, file.pk])}"' not in page
    assert "Quarantined on" in page
    told = browser.get(reverse("api:evidence-detail", args=[aims.slug, twin.code])).json()
    assert told["versions"][0]["files"][0]["scan"] == "found"


def test_the_same_bytes_are_quarantined_when_they_come_again(aims: Aims, officer: Actor, scanner: FakeClamd) -> None:
    an_evidence(actor=officer, data=EICAR)
    examined()
    an_evidence(actor=officer, data=EICAR)
    with pytest.raises(Quarantined):
        record_read(the_file(), actor=officer)


def test_no_pack_carries_it(aims: Aims, officer: Actor, scanner: FakeClamd, tmp_path: Path) -> None:
    a_state(aims, officer)
    an_evidence(actor=officer, data=EICAR, serves=["A.2.2"])
    examined()
    seal_all(aims.pk, wait=True)
    with pytest.raises(Altered, match="quarantined"):
        a_pack(aims, officer, tmp_path / "pack")
    assert a_pack(aims, officer, tmp_path / "words", with_files=False).path("evidence/index.csv").exists()


@pytest.mark.parametrize(
    ("mood", "words"),
    [("silent", "did not answer in"), ("dropping", "hung up"), ("babbling", "HTTP/1.1")],
)
def test_no_answer_is_not_scanned(
    aims: Aims, officer: Actor, scanner: FakeClamd, settings: Any, mood: str, words: str
) -> None:
    scanner.mood, settings.CLAMD_SECONDS = mood, 0.5
    item = an_evidence(actor=officer, data=b"x" * 300_000)
    examined()
    scan = Scan.objects.get()
    assert scan.verdict == Verdict.NOT_SCANNED
    assert words in scan.why or (mood == "dropping" and "cannot be reached" in scan.why)
    assert "Not scanned: the scanner" in page_of(item, officer, aims)
    assert FileText.objects.get().text.startswith("xxx")


def test_too_large_for_the_scanner_is_not_scanned(aims: Aims, officer: Actor, scanner: FakeClamd) -> None:
    scanner.limit = 100_000
    an_evidence(actor=officer, data=b"x" * 2_000_000)
    examined()
    scan = Scan.objects.get()
    assert scan.verdict == Verdict.NOT_SCANNED
    assert "size limit exceeded" in scan.why


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock", "http://x", "tcp://"])
def test_an_absent_scanner_is_not_scanned(aims: Aims, officer: Actor, settings: Any, url: str) -> None:
    settings.CLAMD_URL = url
    an_evidence(actor=officer)
    examined()
    assert [(scan.verdict, scan.why) for scan in Scan.objects.all()] == [
        (Verdict.NOT_SCANNED, "the scanner cannot be reached")
    ]


def test_the_night_asks_again_and_a_silence_lifts_nothing(aims: Aims, officer: Actor, scanner: FakeClamd) -> None:
    an_evidence(actor=officer, data=EICAR)
    scanner.mood = "babbling"
    examined()
    assert Scan.objects.get().verdict == Verdict.NOT_SCANNED
    scanner.mood = "fine"
    ask_nightly()
    with acting_in(aims, officer):
        examined()
        scanner.mood = "babbling"
        scan_again(Evidence.objects.get(), is_on=True, actor=replace(officer, request_id=uuid4().hex))
        examined()
        assert [scan.verdict for scan in Scan.objects.all()] == ["not_scanned", "found", "not_scanned"]
        with pytest.raises(Quarantined):
            record_read(the_file(), actor=officer)


def test_a_scan_that_finds_nothing_any_more_lifts_it(aims: Aims, officer: Actor, scanner: FakeClamd) -> None:
    item = an_evidence(actor=officer, data=EICAR)
    examined()
    scanner.signatures = {}
    place = reverse("evidence:scan", args=[aims.slug, item.code])
    owner = signed_in(a_member(aims, Role.OWNER, by=officer))
    assert owner.post(place).status_code == 403
    assert signed_in(officer).post(place).status_code == 302
    examined()
    record_read(the_file(), actor=officer).close()
    assert trace_of(item.ref)[1:] == ["evidence.quarantined", "evidence.released"]
    assert not Task.objects.filter(closed_at=None).exists()


def test_nobody_edits_what_a_scanner_said(aims: Aims, officer: Actor, scanner: FakeClamd) -> None:
    an_evidence(actor=officer)
    examined()
    with pytest.raises(Immutable):
        Scan.objects.update(verdict="found")


def test_a_silent_scanner_is_not_asked_about_every_file(
    aims: Aims, officer: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    monkeypatch.setattr("evidence.examining.job.MOST", 4)
    item = an_evidence(actor=officer, data=b"0")
    for number in range(1, 6):
        a_version(item, actor=officer, data=str(number).encode())
    Job.objects.filter(kind=KIND)[0]
    examined()
    assert FileText.objects.count() == 6
    assert Scan.objects.count() == 6


def test_over_a_unix_socket(tmp_path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "clamd.sock"))
    with a_clamd(server):
        url = f"unix://{tmp_path}/clamd.sock"
        assert clamd.scan(BytesIO(EICAR), url, seconds=5).found == "Eicar-Test-Signature"
        assert clamd.scan(BytesIO(b""), url, seconds=5).found == ""
        assert clamd.version(url, seconds=5).startswith("ClamAV")


def test_asking_needs_a_scanner(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer)
    answer = Client.post(signed_in(officer), reverse("evidence:scan", args=[aims.slug, item.code]), follow=True)
    assert "No scanner is set up" in answer.content.decode()
