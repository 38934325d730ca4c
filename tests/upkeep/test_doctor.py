"""The doctor finds each thing that can be wrong, says how to mend it, and leaves with 1 only for what fails."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from config.release import RELEASE
from config.stores import Bucket
from jobs.actions import Pulse, deliver, mark_of_secrets, note_backup
from jobs.models import Delivery, DeliveryState, Heartbeat, Job, JobState
from ledger.models import Log
from ledger.verify import verify
from tests.databases import drop_guards, owning
from tests.jobs.make import a_job
from upkeep.doctor import Level, examine, given, places, proof, work
from upkeep.doctor.shape import Check, Found, ok
from upkeep.management.commands.doctor import CHECKS

SECRETS = {"SECRET_KEY": "s" * 40, "LEDGER_KEY": "l" * 40, "SIGNING_SECRET": "g" * 40}


def level(check: Check) -> str:
    """What one check says, which has to tell how to mend what it found."""
    (found,) = examine([check])
    assert found.words
    assert bool(found.mend) == (found.level != Level.OK)
    return str(found.level)


def ago(**time: int) -> Any:
    return clock.now() - timedelta(**time)


@pytest.mark.parametrize(
    ("about", "check", "expected"),
    [
        ({"DEBUG": False}, given.debug, "ok"),
        ({"DEBUG": True}, given.debug, "fail"),
        ({"SITE_URL": "https://a.example.org", "ALLOWED_HOSTS": ["a.example.org"]}, given.address, "ok"),
        ({"SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": ["127.0.0.1"]}, given.address, "ok"),
        ({"SITE_URL": "https://b.example.org", "ALLOWED_HOSTS": ["a.example.org"]}, given.address, "fail"),
        ({"SITE_URL": "http://a.example.org", "ALLOWED_HOSTS": ["a.example.org"]}, given.address, "fail"),
        ({"SITE_URL": "https://a.example.org", "ALLOWED_HOSTS": ["*"]}, given.address, "warn"),
        (SECRETS, given.secrets, "ok"),
        (SECRETS | {"LEDGER_KEY": "short"}, given.secrets, "fail"),
        ({"REDIS_URL": ""}, places.queue, "warn"),
        ({"REDIS_URL": "redis://127.0.0.1:9/0"}, places.queue, "fail"),
        ({"EVIDENCE_BUCKET": Bucket("b", endpoint="http://127.0.0.1:9", region="eu")}, places.store, "fail"),
    ],
)
def test_settings(settings: Any, about: dict[str, Any], check: Check, expected: str) -> None:
    for name, value in about.items():
        setattr(settings, name, value)
    assert level(check) == expected


def test_permissions_of_secrets_and_data(settings: Any, tmp_path: Path) -> None:
    settings.ASSAY_DATA = tmp_path
    tmp_path.chmod(0o755)
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "secrets" / "secret_key").touch(mode=0o600)
    assert level(given.permissions) == "ok"
    (tmp_path / "assay.sqlite3").touch(mode=0o644)
    assert level(given.permissions) == "warn"
    (tmp_path / "secrets" / "secret_key").chmod(0o640)
    assert level(given.permissions) == "fail"


@pytest.mark.parametrize(("free", "expected"), [(3 * 1024**3, "ok"), (1024**3, "warn"), (1024, "fail")])
def test_room_on_the_disk(monkeypatch: pytest.MonkeyPatch, free: int, expected: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    assert level(places.disk) == expected


@pytest.mark.parametrize(("policy", "expected"), [("noeviction", "ok"), ("allkeys-lru", "warn")])
def test_a_redis_that_evicts(settings: Any, monkeypatch: pytest.MonkeyPatch, policy: str, expected: str) -> None:
    settings.REDIS_URL = "redis://somewhere"
    client = SimpleNamespace(ping=bool, info=lambda _part: {"maxmemory_policy": policy}, close=bool)
    monkeypatch.setattr(redis.Redis, "from_url", lambda *_url, **_options: client)
    assert level(places.queue) == expected


@pytest.mark.django_db
@pytest.mark.db_both
def test_the_database_its_roles_and_its_clock() -> None:
    assert [level(check) for check in (places.database, places.migrations, places.guards, places.clocks)] == ["ok"] * 4
    assert level(places.roles) in ("ok", "warn")


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_guards_that_are_gone_and_an_owner_who_runs_the_application(on_postgres: bool) -> None:
    with owning():
        drop_guards()
        assert (level(places.guards), "ledger.E001" in given.system_checks().words) == ("fail", True)
        call_command("migrate", verbosity=0)
        assert (level(places.guards), "ledger.E001" in given.system_checks().words) == ("ok", False)
        assert level(places.roles) == ("fail" if on_postgres else "ok")


@pytest.mark.django_db
def test_migrations_that_are_not_applied() -> None:
    MigrationRecorder.Migration.objects.filter(app="jobs").latest("pk").delete()
    assert level(places.migrations) == "fail"


def test_a_cache_that_forgets_and_one_that_nobody_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    assert level(places.cache) == "warn"
    forgetful = SimpleNamespace(set=lambda *_given: None, get=lambda _key: None)
    monkeypatch.setattr("upkeep.readiness.cache", forgetful)
    assert level(places.cache) == "fail"


def jobs_that(**about: Any) -> None:
    Job.objects.filter(pk=a_job().pk).update(**about)


def a_mail(**about: Any) -> None:
    deliver(key="1", to="priya@example.org", subject="S", body="B")
    Delivery.objects.update(**about)


def beats(kind: str, **about: Any) -> None:
    said = {"beat_at": clock.now(), "release": RELEASE, "secrets": mark_of_secrets()}
    Heartbeat.objects.create(kind=kind, name="host:1", **said | about)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arrange", "check", "expected"),
    [
        (lambda: None, work.worker, "fail"),
        (lambda: Pulse("worker").beat(), work.worker, "ok"),
        (lambda: beats("ticker", beat_at=ago(minutes=3)), work.ticker, "fail"),
        (lambda: beats("ticker"), work.ticker, "ok"),
        (lambda: beats("worker"), work.releases, "ok"),
        (lambda: beats("worker", release="0.0.1"), work.releases, "warn"),
        (lambda: beats("worker"), work.same_secrets, "ok"),
        (lambda: beats("worker", secrets="0" * 16), work.same_secrets, "fail"),
        (lambda: jobs_that(created_at=ago(hours=1), wake_at=ago(hours=1)), work.waiting_jobs, "warn"),
        (lambda: jobs_that(created_at=ago(hours=1), state=JobState.DONE), work.waiting_jobs, "ok"),
        (lambda: jobs_that(state=JobState.DEAD), work.dead_jobs, "warn"),
        (lambda: jobs_that(state=JobState.DONE), work.dead_jobs, "ok"),
        (lambda: None, work.mail, "ok"),
        (lambda: a_mail(created_at=ago(hours=1)), work.mail, "fail"),
        (lambda: a_mail(created_at=ago(hours=1), state=DeliveryState.SENDING), work.mail, "warn"),
        (lambda: a_mail(state=DeliveryState.FAILED), work.mail, "warn"),
        (lambda: None, work.backups, "warn"),
        (note_backup, work.backups, "ok"),
        (lambda: beats("backup", beat_at=ago(days=2)), work.backups, "warn"),
        (lambda: beats("backup", beat_at=ago(days=9)), work.backups, "fail"),
    ],
)
def test_what_happens_by_itself(settings: Any, arrange: Callable[[], Any], check: Check, expected: str) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    arrange()
    assert level(check) == expected


@pytest.mark.django_db
def test_mail_that_is_only_printed(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert level(work.mail) == "warn"


@pytest.mark.django_db
def test_sealing_and_verification(organisation: tuple[Aims, Actor]) -> None:
    log = Log.unscoped.get()
    assert (level(proof.sealing), level(proof.verified)) == ("ok", "warn")
    verify(log)
    Log.unscoped.update(verified_at=clock.now())
    assert level(proof.verified) == "ok"
    with clock.standing_at(clock.now() + timedelta(days=9)):
        assert level(proof.verified) == "warn"
    for column, check in (("fault", proof.verified), ("halted", proof.sealing), ("unsigned", proof.sealing)):
        Log.unscoped.update(**{column: "ROLLBACK"})
        assert level(check) == "fail"
        Log.unscoped.update(**{column: ""})


def test_reports_can_be_laid_out_and_style_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (level(proof.reports), level(proof.static_files)) == ("ok", "ok")
    monkeypatch.setattr("django.contrib.staticfiles.finders.find", lambda _name: None)
    assert level(proof.static_files) == "fail"


def test_a_check_that_breaks_is_what_it_found() -> None:
    def broken() -> Found:
        raise OSError("no such disk")

    assert level(broken) == "fail"
    assert examine([broken])[0].words == "OSError: no such disk"


def doctor(*options: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("doctor", *options, stdout=out)
    except SystemExit as left:
        return out.getvalue(), int(str(left.code))
    return out.getvalue(), 0


@pytest.mark.django_db
def test_the_command_tells_everything_and_leaves_with_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    told, status = doctor("--json")
    findings = json.loads(told)
    assert [finding["check"] for finding in findings] == [check.__name__.replace("_", " ") for check in CHECKS]
    assert len(findings) == len({finding["check"] for finding in findings})
    assert status == 1
    assert "No worker is alive." in doctor()[0]
    monkeypatch.setattr("upkeep.management.commands.doctor.CHECKS", (lambda: ok("Fine."),))
    assert doctor()[1] == 0
