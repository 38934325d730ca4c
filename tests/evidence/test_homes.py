"""Every home of evidence gives the same guarantees: this folder, a bucket, and a bucket whose objects are locked."""

import os
import time
import tracemalloc
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ResponseStreamingError
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.actor import Actor
from aims.models import Aims
from backup.files import Copying, bring_back
from config.stores import Bucket, bucket_of, folder_of
from evidence import bucket as buckets
from evidence.actions import Gone, record_read
from evidence.integrity.check import State, look
from evidence.integrity.holdings import Holdings
from evidence.models import File
from evidence.ports import stored_files
from evidence.store import NoRoom, StoreAway, Stored, TooLarge, check, keep, open_stored, store
from jobs.actions import run_job
from jobs.models import JobState
from tests.evidence.make import an_evidence
from tests.jobs.make import a_job, a_kind
from tests.make import signed_in
from tests.trace.s3 import CREDENTIALS, LOCKED, OPEN, a_store, empty_buckets

MB = 1024 * 1024
PROOF = sha256(b"proof").hexdigest()
HOMES = {
    "folder": None,
    "bucket": {"name": OPEN, "prefix": "assay/evidence"},
    "held": {"name": LOCKED, "lock": "hold"},
    "locked": {"name": LOCKED, "prefix": "a", "lock": "compliance", "days": 30},
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a store that runs for all tests of this file."""
    with a_store() as address:
        yield address


@pytest.fixture
def client(address: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client that is not Assay's own, of empty buckets."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return empty_buckets(address)


def choose(settings: Any, address: str, **about: Any) -> None:
    """Keep evidence in a bucket from here on."""
    settings.EVIDENCE_BUCKET = Bucket(**about, endpoint=address, region="eu-west-1")


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest, client: Any, address: str, settings: Any) -> str:
    """Return the kind of home that is chosen for the test, once each."""
    if about := HOMES[request.param]:
        choose(settings, address, **about)
    return str(request.param)


@pytest.fixture
def bucket(client: Any, address: str, settings: Any) -> Any:
    """Return a client of the bucket that is chosen."""
    choose(settings, address, name=OPEN)
    return client


def left_on_the_way() -> list[Path]:
    """What lies between here and there."""
    return list(store().incoming.glob("*"))


def key(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest[2:4]}/{digest}"


def names(client: Any) -> list[str]:
    return [row["Key"] for row in client.list_objects_v2(Bucket=OPEN).get("Contents", [])]


@pytest.mark.usefixtures("home")
class TestEveryHome:
    """What holds wherever the bytes lie."""

    def test_bytes_are_kept_under_their_hash(self) -> None:
        assert keep(BytesIO(b"proof")) == keep(BytesIO(b"proof")) == Stored(PROOF, 5)
        with open_stored(PROOF) as file:
            assert (file.read(2), file.read(), file.read()) == (b"pr", b"oof", b"")
        assert check(Stored(PROOF, 5))
        assert not check(Stored(PROOF, 6))
        assert left_on_the_way() == []

    def test_too_large_leaves_nothing(self) -> None:
        with pytest.raises(TooLarge, match="3 bytes"):
            keep(BytesIO(b"proof"), limit=3)
        assert left_on_the_way() == []
        assert not check(Stored(PROOF, 5))

    def test_what_is_not_there_is_missing(self) -> None:
        with pytest.raises(FileNotFoundError):
            open_stored(PROOF)
        with pytest.raises(FileNotFoundError):
            store().rehash(PROOF)
        with pytest.raises(ValueError, match="SHA-256"):
            open_stored("../../etc/passwd")

    def test_a_draft_is_kept_when_it_is_settled_and_dropped_when_not(self) -> None:
        with store().draft() as draft:
            draft.file.write(b"x" * 5)
            draft.file.seek(0)
            draft.file.write(b"proof")
            draft.settle(Stored(PROOF, 5))
        assert check(Stored(PROOF, 5))
        with store().draft() as draft:
            draft.file.write(b"half")
        assert left_on_the_way() == []

    def test_what_a_killed_process_left_is_swept_after_a_day(self) -> None:
        old, new = store().stage(10), store().stage(10)
        os.utime(old.path, (time.time() - 90_000,) * 2)
        assert store().sweep() == 1
        assert left_on_the_way() == [new.path]

    def test_evidence_is_given_read_checked_backed_up_and_brought_back(
        self, aims: Aims, officer: Actor, tmp_path: Path, settings: Any
    ) -> None:
        an_evidence(actor=officer)
        an_evidence(actor=officer, name="b.pdf", data=b"%PDF-b")
        with Holdings() as holdings:
            holdings.take(stored_files())
            kept = list(holdings.after())
            assert [look(one) for one in kept] == [(None, one.size) for one in kept]
            (tmp_path / "out").mkdir()
            files = Copying(tmp_path / "out", holdings).copy()
        assert (files.count, files.missing, files.altered) == (2, 0, 0)
        settings.EVIDENCE_BUCKET, settings.EVIDENCE_ROOT = None, tmp_path / "elsewhere"
        assert bring_back(tmp_path / "out", files) == 2
        assert all(check(one) for one in kept)


class TestABucket:
    """What only a bucket can do, or have done to it."""

    def test_a_large_file_goes_in_parts_and_little_memory(self, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(buckets, "WHOLE", 6 * MB)
        parts = buckets.TransferConfig(multipart_threshold=6 * MB, multipart_chunksize=5 * MB, use_threads=False)
        monkeypatch.setattr(buckets, "TRANSFER", parts)
        piece = os.urandom(MB)
        staging = store().stage(100 * MB)
        tracemalloc.start()
        try:
            for _ in range(32):
                staging.write(piece)
            stored = staging.finish().settle()
            assert check(stored)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert stored == Stored(sha256(piece * 32).hexdigest(), 32 * MB)
        assert peak < 20 * MB
        assert left_on_the_way() == []

    def test_a_transfer_that_breaks_is_taken_back(self, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(buckets, "WHOLE", MB)
        parts = buckets.TransferConfig(multipart_threshold=MB, multipart_chunksize=5 * MB, use_threads=False)
        monkeypatch.setattr(buckets, "TRANSFER", parts)
        ours, sent = store()._client, []
        upload_part = ours.upload_part

        def broken(**given: Any) -> Any:
            if sent:
                raise ConnectTimeoutError(endpoint_url="the second part")
            sent.append(given["PartNumber"])
            return upload_part(**given)

        monkeypatch.setattr(ours, "upload_part", broken)
        with pytest.raises(StoreAway, match="does not answer"):
            keep(BytesIO(b"x" * 12 * MB))
        assert sent == [1]
        assert bucket.list_multipart_uploads(Bucket=OPEN).get("Uploads", []) == []
        assert (names(bucket), left_on_the_way()) == ([], [])

    def test_transfers_of_killed_processes_are_broken_off(self, bucket: Any) -> None:
        bucket.create_multipart_upload(Bucket=OPEN, Key=key(PROOF))
        a_century = 100 * 365 * 86_400
        assert store().sweep(older_than=a_century) == 0
        assert store().sweep() == 1
        assert bucket.list_multipart_uploads(Bucket=OPEN).get("Uploads", []) == []

    def test_the_store_is_told_what_the_bytes_hash_to(self, bucket: Any) -> None:
        keep(BytesIO(b"proof"))
        before = bucket.head_object(Bucket=OPEN, Key=key(PROOF), ChecksumMode="ENABLED")
        assert b64decode(before["ChecksumSHA256"]).hex() == PROOF
        keep(BytesIO(b"proof"))
        assert bucket.head_object(Bucket=OPEN, Key=key(PROOF))["LastModified"] == before["LastModified"]

    def test_damaged_and_lost_objects_are_noticed_and_mended(self, bucket: Any, aims: Aims, officer: Actor) -> None:
        an_evidence(actor=officer, data=b"proof", name="a.txt")
        bucket.put_object(Bucket=OPEN, Key=key(PROOF), Body=b"forged")
        fault, read = look(Stored(PROOF, 5))
        assert fault is not None
        assert (fault.state, fault.found_size, read) == (State.ALTERED, 6, 6)
        file = File.objects.get()
        with pytest.raises(Gone, match="changed"):
            record_read(file, actor=officer)
        keep(BytesIO(b"proof"))
        with record_read(file, actor=officer) as stream:
            assert stream.read() == b"proof"
        bucket.delete_object(Bucket=OPEN, Key=key(PROOF))
        fault, _read = look(Stored(PROOF, 5))
        assert fault is not None
        assert fault.state == State.MISSING

    @pytest.mark.parametrize("about", [HOMES["held"], HOMES["locked"]], ids=["held", "locked"])
    def test_what_is_locked_cannot_be_deleted(
        self, client: Any, address: str, settings: Any, about: dict[str, Any]
    ) -> None:
        choose(settings, address, **about)
        assert store().fault() == ""
        keep(BytesIO(b"proof"))
        (version,) = client.list_object_versions(Bucket=LOCKED)["Versions"]
        with pytest.raises(ClientError, match="AccessDenied"):
            client.delete_object(Bucket=LOCKED, Key=version["Key"], VersionId=version["VersionId"])

    def test_a_bucket_that_cannot_lock_takes_nothing(self, client: Any, address: str, settings: Any) -> None:
        choose(settings, address, name=OPEN, lock="compliance", days=30)
        assert "GetObjectLockConfiguration" in store().fault()
        with pytest.raises(StoreAway, match="InvalidRequest"):
            keep(BytesIO(b"proof"))
        assert (names(client), left_on_the_way()) == ([], [])

    def test_a_full_bucket_says_so(self, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(**_given: Any) -> None:
            told = {"Error": {"Code": "XMinioStorageFull"}, "ResponseMetadata": {"HTTPStatusCode": 507}}
            raise ClientError(told, "PutObject")

        monkeypatch.setattr(store()._client, "put_object", full)
        with pytest.raises(NoRoom, match="full"):
            keep(BytesIO(b"proof"))
        assert (names(bucket), left_on_the_way()) == ([], [])

    def test_bytes_that_stop_coming_are_no_end_of_the_file(self, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        keep(BytesIO(b"proof"))

        def cut(_self: Any, _amount: int) -> bytes:
            raise ResponseStreamingError(error="cut")

        monkeypatch.setattr("botocore.response.StreamingBody.read", cut)
        with pytest.raises(StoreAway, match="does not answer"):
            look(Stored(PROOF, 5))


@pytest.fixture
def nowhere(settings: Any, client: Any) -> None:
    """Name a store that nobody runs."""
    settings.EVIDENCE_BUCKET = Bucket("gone", endpoint="http://127.0.0.1:9", region="eu-west-1")


@pytest.mark.usefixtures("nowhere")
class TestAStoreThatIsAway:
    """Nothing is kept, nothing is called missing, and jobs try again."""

    def test_evidence_is_not_given(self, aims: Aims, officer: Actor) -> None:
        with pytest.raises(StoreAway, match="does not answer"):
            an_evidence(actor=officer)
        assert left_on_the_way() == []
        assert not list(stored_files())

    def test_a_download_says_to_try_again(self, aims: Aims, officer: Actor, settings: Any) -> None:
        nowhere, settings.EVIDENCE_BUCKET = settings.EVIDENCE_BUCKET, None
        an_evidence(actor=officer)
        settings.EVIDENCE_BUCKET = nowhere
        where = [aims.slug, "EV-001", 1, File.objects.get().pk]
        for name in ("evidence:download", "api:evidence-download"):
            answer = signed_in(officer).get(reverse(name, args=where))
            assert answer.status_code == 503
            assert "does not answer" in answer.content.decode()

    def test_it_is_no_missing_file(self) -> None:
        with pytest.raises(StoreAway):
            look(Stored(PROOF, 5))
        assert "does not answer" in store().fault()

    @pytest.mark.django_db
    def test_a_job_is_tried_again(self) -> None:
        job = a_job(a_kind(lambda _job, _tell: keep(BytesIO(b"proof"))))
        assert run_job(job.pk) is JobState.QUEUED
        job.refresh_from_db()
        assert "does not answer" in job.error


def test_what_evidence_store_may_say() -> None:
    assert bucket_of("") is bucket_of("/srv/files") is None
    assert folder_of("/srv/files", Path("/d")) == folder_of("file:///srv/files", Path("/d")) == Path("/srv/files")
    assert folder_of("s3://bucket", Path("/d")) == Path("/d")
    assert bucket_of("s3://bucket/a/b/?endpoint=http://127.0.0.1:9000&region=eu&lock=governance&days=9") == Bucket(
        "bucket", "a/b", "http://127.0.0.1:9000", "eu", "governance", 9
    )
    assert bucket_of("s3://bucket?lock=hold") == Bucket("bucket", lock="hold")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("s3://", "names no bucket"),
        ("s3://key:secret@bucket", "credentials"),
        ("s3://bucket?locked=yes", "locked"),
        ("s3://bucket?lock=forever", "lock is one of"),
        ("s3://bucket?lock=governance", "days goes with"),
        ("s3://bucket?days=3", "days goes with"),
        ("s3://bucket?lock=hold&days=-1", "days goes with"),
        ("s3://bucket?lock", "cannot be read"),
    ],
)
def test_what_it_may_not_say(text: str, why: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=why):
        bucket_of(text)
    with pytest.raises(ImproperlyConfigured, match="whole path"):
        folder_of("files", Path("/d"))
