"""Checkpoints in a locked bucket: written once, kept for years, and what an old database learns when it reads them."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.management import call_command

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from duties.models import Task
from jobs.models import MAX_ATTEMPTS, Job, JobState
from ledger import known, ports
from ledger.actions import resume
from ledger.actions.checkpoint import checkpoint
from ledger.models import Anchor, AnchorKind
from ledger.verify import verify
from tests.ledger.make import signed_over
from tests.make import an_organisation
from tests.trace.outside import MORNING, beat, run_jobs, sealed, something_happens
from tests.trace.past import a_backup
from tests.trace.s3 import CREDENTIALS, LOCKED, OPEN, a_store, empty_buckets, free_port, names_in
from tests.trace.test_fetching import a_server, send
from trace.anchoring import keeping, schedule
from trace.anchoring.standing import Standing, bucket_standing

Org = tuple[Aims, Actor]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """Return the address of a store that runs for all tests of this file."""
    with a_store() as address:
        yield address


@pytest.fixture
def bucket(store: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client of an empty store; Assay is set up for its locked bucket."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    settings.ANCHOR_ENDPOINT, settings.ANCHOR_BUCKET, settings.ANCHOR_REGION = store, LOCKED, "eu-west-1"
    return empty_buckets(store)


def run_the_hour(hours: int = 0) -> list[Job]:
    """Beat and work as ticker and worker do, some hours after a morning."""
    with clock.standing_at(MORNING + timedelta(hours=hours)):
        beat()
        schedule.ask_each_hour()
        return run_jobs()


def start_a_ticker() -> list[Job]:
    """Do what a ticker asks for when it starts."""
    schedule.ask_at_start()
    return run_jobs()


def anchors(aims: Aims) -> list[Anchor]:
    """The copies in buckets, oldest first."""
    with acting_in(aims):
        return list(Anchor.objects.filter(kind=AnchorKind.BUCKET).select_related("checkpoint").order_by("pk"))


def open_tasks(aims: Aims) -> list[str]:
    """What a steward is asked to see to."""
    with acting_in(aims):
        return list(Task.objects.filter(kind="anchor", closed_at__isnull=True).values_list("title", flat=True))


def standing_of(aims: Aims) -> Standing:
    """What a page says of the bucket."""
    with acting_in(aims):
        standing = bucket_standing(aims)
    assert standing is not None
    return standing


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_the_newest_checkpoint_is_written_and_cannot_be_deleted(organisation: Org, bucket: Any) -> None:
    aims, _officer = organisation
    run_the_hour()
    (anchor,) = anchors(aims)
    row, origin = anchor.checkpoint, sealed(aims).origin
    key = f"{origin}/{row.size:012d}.txt"
    assert (names_in(bucket), anchor.place) == ([key], f"s3://{LOCKED}/{key}")
    found = bucket.get_object(Bucket=LOCKED, Key=key)
    assert found["Body"].read() == bytes(row.note)
    assert found["ObjectLockMode"] == "COMPLIANCE"
    assert found["ObjectLockRetainUntilDate"] == MORNING + timedelta(days=3650)
    with pytest.raises(ClientError, match="AccessDenied"):
        bucket.delete_object(Bucket=LOCKED, Key=key, VersionId=found["VersionId"], BypassGovernanceRetention=True)


@pytest.mark.django_db
def test_nothing_new_is_written_once_a_checkpoint_is_there(organisation: Org, bucket: Any) -> None:
    aims, officer = organisation
    assert [len(run_the_hour(hour)) for hour in range(4)] == [1, 1, 0, 0]  # the second is the day's comparison
    assert len(names_in(bucket)) == 1
    something_happens(aims, officer, "O-1")
    assert [len(run_the_hour(hour)) for hour in (5, 6)] == [1, 0]
    assert len(names_in(bucket)) == len(anchors(aims)) == 2


@pytest.mark.django_db
def test_each_log_has_its_own_folder(organisation: Org, bucket: Any) -> None:
    other, _stranger = an_organisation()
    run_the_hour()
    origins = {sealed(aims).origin for aims in (organisation[0], other)}
    assert {name.rpartition("/")[0] for name in names_in(bucket)} == origins
    assert [len(anchors(aims)) for aims in (organisation[0], other)] == [1, 1]


@pytest.mark.django_db
def test_without_a_bucket_nothing_is_asked(organisation: Org, settings: Any) -> None:
    assert run_the_hour() == start_a_ticker() == []
    assert bucket_standing(organisation[0]) is None


@pytest.mark.django_db
def test_a_bucket_without_lock_is_refused_in_words_and_as_a_task(organisation: Org, bucket: Any, settings: Any) -> None:
    aims, _officer = organisation
    settings.ANCHOR_BUCKET = OPEN
    (job,) = run_the_hour()
    assert (job.state, job.attempt) == (JobState.FAILED, 1)
    assert job.error.startswith(f"The bucket {OPEN} has no object lock")
    assert names_in(bucket, OPEN) == []
    assert open_tasks(aims) == [f"Checkpoints are not kept in the bucket: {job.error}"[:240]]
    standing = standing_of(aims)
    assert (standing.where, standing.size, standing.trouble) == (OPEN, 0, job.error)
    settings.ANCHOR_BUCKET = LOCKED
    run_the_hour(1)
    assert open_tasks(aims) == []
    standing = standing_of(aims)
    assert (standing.size, standing.trouble) == (anchors(aims)[0].checkpoint.size, "")


@pytest.mark.django_db
def test_a_bucket_that_is_not_there_or_asks_for_credentials_is_told(
    organisation: Org, bucket: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.ANCHOR_BUCKET = "gone"
    (job,) = run_the_hour()
    assert job.error.startswith("The bucket gone refused GetObjectLockConfiguration: NoSuchBucket.")
    for name in CREDENTIALS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    (job,) = run_the_hour(1)
    assert job.error == "The bucket gone cannot be asked: Unable to locate credentials"
    settings.ANCHOR_BUCKET = "No Such Name"
    (job,) = run_the_hour(2)
    assert "cannot be asked" in job.error
    assert job.state == JobState.FAILED


@pytest.mark.django_db
def test_a_network_that_is_away_is_tried_again_then_told_and_stops_no_work(
    organisation: Org, bucket: Any, settings: Any, store: str
) -> None:
    aims, officer = organisation
    settings.ANCHOR_ENDPOINT = f"http://127.0.0.1:{free_port()}"
    with clock.standing_at(MORNING):
        schedule.ask_each_hour()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with clock.standing_at(MORNING + timedelta(hours=attempt)):
            (job,) = run_jobs()
        assert (job.attempt, "did not answer" in job.error) == (attempt, True)
        assert len(open_tasks(aims)) == (attempt == MAX_ATTEMPTS)
        assert standing_of(aims).trouble == job.error
    assert job.state == JobState.DEAD
    something_happens(aims, officer, "O-1")
    settings.ANCHOR_ENDPOINT = store
    run_the_hour(9)
    assert (len(anchors(aims)), open_tasks(aims)) == (1, [])


@pytest.mark.django_db
def test_a_job_cut_off_after_writing_writes_nothing_twice(
    organisation: Org, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    aims, _officer = organisation

    def die(*_args: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "keep_in_bucket", die)
        with pytest.raises(SystemExit):
            run_the_hour()
    assert anchors(aims) == []
    run_the_hour(1)
    assert start_a_ticker()[0].state == JobState.DONE
    versions = bucket.list_object_versions(Bucket=LOCKED)["Versions"]
    assert len(versions) == len(anchors(aims)) == 1


@pytest.fixture
def restored(organisation: Org, bucket: Any, db: None, transactional_db: None, tmp_path: Path) -> Org:
    """Return an organisation whose database and anchors were both put back as they were before its newest acts."""
    aims, officer = organisation
    run_the_hour()
    backup = a_backup(tmp_path)
    for number in range(4):
        something_happens(aims, officer, f"O-{number}")
    run_the_hour(1)
    assert len(names_in(bucket)) == 2
    backup.restore(with_anchors=True)
    return aims, officer


@pytest.mark.django_db(transaction=True)
def test_an_old_database_with_old_anchors_is_found_when_a_ticker_starts(
    restored: Org, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[str] = []
    monkeypatch.setattr(ports, "_alarms", [lambda _aims_id, fault: alarms.append(fault)])
    aims, officer = restored
    log = sealed(aims)
    newest = int(names_in(bucket)[-1][-16:-4])
    assert known.newest(log.origin) is not None  # as old as the database, so nothing inside tells
    assert [job.state for job in start_a_ticker()] == [JobState.FAILED]
    log = sealed(aims)
    assert log.halted.startswith(f"ROLLBACK: this log has {log.size} records, but a checkpoint over {newest}")
    with pytest.raises(Refusal, match="ROLLBACK"):
        something_happens(aims, officer, "O-9")
    assert "ROLLBACK" in verify(log).fault
    assert len(names_in(bucket)) == 2
    assert (alarms, open_tasks(aims)) == ([log.halted], [])


@pytest.mark.django_db(transaction=True)
def test_an_old_database_that_outgrew_the_bucket_meanwhile_is_found_too(restored: Org, bucket: Any) -> None:
    aims, officer = restored
    for number in range(9):
        something_happens(aims, officer, f"X-{number}")
    log = sealed(aims)
    assert log.size > int(names_in(bucket)[-1][-16:-4])
    start_a_ticker()
    assert "are others" in sealed(aims).halted
    with pytest.raises(Refusal, match="ROLLBACK"):
        something_happens(aims, officer, "O-9")
    assert len(names_in(bucket)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_resumed_log_goes_on_in_a_folder_of_its_own(restored: Org, bucket: Any) -> None:
    aims, officer = restored
    old = sealed(aims)
    start_a_ticker()
    with acting_in(aims, officer):
        row = resume(aims.pk, actor=officer, reason="The disk was lost.")
        assert row.lost_size == int(names_in(bucket)[-1][-16:-4])
    run_the_hour(3)
    (_first, anchor) = anchors(aims)
    assert anchor.place.startswith(f"s3://{LOCKED}/{row.origin}/")
    assert len(names_in(bucket)) == 3
    assert (sealed(aims).origin, sealed(aims).halted) == (row.origin, "")
    assert old.origin != row.origin


@pytest.mark.django_db(transaction=True)
def test_the_ticker_itself_asks_when_it_starts(restored: Org, bucket: Any) -> None:
    call_command("ticker", "--once", verbosity=0)
    keys = Job.objects.filter(kind=keeping.KIND).values_list("dedupe_key", flat=True)
    assert any(f"{restored[0].pk}:start:" in key for key in keys)


@pytest.mark.django_db
def test_a_delete_marker_hides_nothing(organisation: Org, bucket: Any) -> None:
    aims, _officer = organisation
    log = sealed(aims)
    key = f"{log.origin}/{log.size + 50:012d}.txt"
    bucket.put_object(Bucket=LOCKED, Key=key, Body=signed_first(aims, 50).encode())
    bucket.delete_object(Bucket=LOCKED, Key=key)
    bucket.put_object(Bucket=LOCKED, Key=key, Body=b"never mind")
    assert key in names_in(bucket)
    assert run_the_hour()[0].error.startswith("ROLLBACK")


def signed_first(aims: Aims, more: int) -> str:
    """A checkpoint over more records than there are, signed by the log's own key."""
    checkpoint(aims.pk)
    log = sealed(aims)
    return signed_over(log, log.size + more, bytes(32))


@pytest.mark.django_db
def test_things_that_are_no_checkpoints_are_passed_over_until_they_are_too_many(organisation: Org, bucket: Any) -> None:
    aims, officer = organisation
    run_the_hour()
    log = sealed(aims)
    names = ["readme.txt", "000000000099.txt.bak", f"{99:012d}.txt", f"{98:012d}.txt"]
    for name, body in zip(names, (b"x", b"x", b"\xff\xfe", b"x" * 200_000), strict=True):
        bucket.put_object(Bucket=LOCKED, Key=f"{log.origin}/{name}", Body=body)
    something_happens(aims, officer, "O-1")
    assert run_the_hour(1)[0].state == JobState.DONE
    assert len(anchors(aims)) == 2
    for number in range(100, 120):
        bucket.put_object(Bucket=LOCKED, Key=f"{log.origin}/{number:012d}.txt", Body=b"x")
    assert start_a_ticker()[0].error == f"The bucket {LOCKED} holds other things in place of checkpoints."


@pytest.mark.django_db
def test_a_bucket_that_lost_what_was_written_to_it_is_told(organisation: Org, bucket: Any, store: str) -> None:
    aims, officer = organisation
    run_the_hour()
    empty_buckets(store)
    something_happens(aims, officer, "O-1")
    (job,) = run_the_hour(1)
    assert job.error.startswith(f"The bucket {LOCKED} does not hold the checkpoint over")
    assert names_in(bucket) == []


@pytest.mark.django_db
def test_many_copies_are_listed_in_pages(
    organisation: Org, bucket: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    bucket_of = __import__("trace.anchoring.bucket", fromlist=["Bucket"])
    aims, _officer = organisation
    log = sealed(aims)
    sizes = [*range(1, 8), 7]
    for size in sizes:
        bucket.put_object(Bucket=LOCKED, Key=bucket_of.key_of(log.origin, size), Body=b"x")
    ours = bucket_of.Bucket(LOCKED)
    whole = ours.copies(log.origin, 0)
    listed = ours._client.list_object_versions
    monkeypatch.setattr(ours._client, "list_object_versions", lambda **asked: listed(MaxKeys=3, **asked))
    assert ours.copies(log.origin, 0) == whole
    assert sorted(copy.size for copy in whole) == sorted(sizes)
    assert sorted(copy.size for copy in ours.copies(log.origin, 5)) == [5, 6, 7, 7]
    assert sorted(copy.size for copy in ours.copies(log.origin, 7)) == [7, 7]


@pytest.mark.django_db
def test_a_store_in_trouble_is_asked_again(organisation: Org, bucket: Any, settings: Any) -> None:
    def busy(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        send(handler, 503, b"<Error><Code>SlowDown</Code><Message>Later</Message></Error>")

    with a_server(busy) as url:
        settings.ANCHOR_ENDPOINT = url
        (job,) = run_the_hour()
    assert (job.state, job.error) == (JobState.QUEUED, f"Away: The bucket {LOCKED} answered SlowDown.")


@pytest.mark.django_db
def test_a_bucket_that_is_no_longer_named_is_no_trouble(organisation: Org, bucket: Any, settings: Any) -> None:
    aims, _officer = organisation
    with acting_in(aims):
        assert standing_of(aims) == Standing(LOCKED, 0, None, "")
    schedule.ask_at_start()
    settings.ANCHOR_BUCKET = ""
    assert [job.state for job in run_jobs()] == [JobState.DONE]
    assert anchors(aims) == []
