"""What an installation says of itself: ready or not, counts without names, and a log without personal data."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from config.logs import Json, Line, WithoutPaths, logging_config, scrubbed
from config.stores import Bucket
from jobs.actions import Pulse, deliver
from jobs.actions.beat import FORGOTTEN_AFTER
from jobs.models import Heartbeat
from tests.jobs.make import a_job
from tests.make import signed_in
from tests.matrix.urls import INSIDE, address
from tests.routes import ROUTES
from upkeep import readiness
from upkeep.metrics import exposition

TOKEN = {"Authorization": "Bearer let-me-count"}


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget that the migrations were once found applied."""
    monkeypatch.setattr(readiness, "_applied", [])


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh")
class TestReadiness:
    """Each part is asked for real."""

    def test_everything_is_there(self, client: Client) -> None:
        parts = dict.fromkeys(("database", "migrations", "cache", "store"), "ok")
        assert ready(client) == (200, {"status": "ok", "checks": parts})

    def test_a_migration_that_is_not_applied(self, client: Client) -> None:
        MigrationRecorder.Migration.objects.filter(app="jobs").latest("pk").delete()
        status, told = ready(client)
        assert (status, told["checks"]["migrations"], told["checks"]["store"]) == (503, "failed", "ok")

    def test_a_cache_that_forgets(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        forgetful = SimpleNamespace(set=lambda *_given: None, get=lambda _key: None)
        monkeypatch.setattr(readiness, "cache", forgetful)
        assert ready(client)[1]["checks"]["cache"] == "failed"

    def test_a_bucket_that_does_not_answer(self, client: Client, settings: Any) -> None:
        settings.EVIDENCE_BUCKET = Bucket("gone", endpoint="http://127.0.0.1:9", region="eu-west-1")
        status, told = ready(client)
        assert (status, told["checks"]["store"], told["status"]) == (503, "failed", "not ready")

    def test_a_folder_that_cannot_be_written(self, client: Client, settings: Any, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("no folder")
        settings.EVIDENCE_ROOT = tmp_path / "file"
        assert ready(client)[1]["checks"]["store"] == "failed"


@pytest.mark.django_db
class TestMetrics:
    """Counts, for whoever holds the token."""

    @pytest.mark.parametrize("sent", ["", "Bearer wrong", "Bearer "])
    def test_nothing_is_here_without_the_token(self, client: Client, settings: Any, sent: str) -> None:
        for token in ("let-me-count", ""):
            settings.METRICS_TOKEN = token
            assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404

    def test_what_is_counted_names_nobody(
        self, client: Client, settings: Any, organisation: tuple[Aims, Actor]
    ) -> None:
        settings.METRICS_TOKEN = "let-me-count"
        aims, officer = organisation
        signed_in(officer).get(reverse("soa:workbench", args=[aims.slug]))
        client.get("/nothing-here/")
        with clock.standing_at(clock.now() - timedelta(minutes=5)):
            job = a_job()
        deliver(key="1", to="priya@example.org", subject="S", body="B", aims_id=aims.pk)
        Pulse("ticker").beat()
        text = client.get("/metrics", headers=TOKEN).content.decode()
        said = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}
        assert said['assay_jobs{state="queued"}'] == 1
        assert said['assay_jobs{state="dead"}'] == 0
        assert 290 < said["assay_queue_age_seconds"] < 310
        assert said['assay_deliveries{state="new"}'] == 1
        assert said['assay_heartbeat_age_seconds{kind="ticker"}'] < 5
        assert said["assay_unsealed_records"] >= 0
        assert said['assay_requests_total{method="GET",route="soa:workbench",status="200"}'] >= 1
        assert said['assay_requests_total{method="GET",route="nothing",status="404"}'] >= 1
        assert said['assay_request_seconds_count{method="GET",route="soa:workbench"}'] >= 1
        for secret in (aims.slug, officer.email, officer.pseudonym, "priya", job.kind):
            assert secret not in text


def test_counting_costs_the_same_whatever_there_is(db: None, django_assert_num_queries: Any) -> None:
    for _round in range(2):
        with django_assert_num_queries(6):
            exposition("")
        for _job in range(5):
            a_job()


@pytest.mark.django_db
def test_a_process_says_that_it_is_alive_and_is_forgotten() -> None:
    pulse = Pulse("worker")
    assert pulse.beat()
    assert not pulse.beat()
    old = Heartbeat.objects.create(kind="worker", name="gone:1", beat_at=clock.now() - FORGOTTEN_AFTER * 2)
    assert Pulse("worker").beat()
    assert not Heartbeat.objects.filter(pk=old.pk).exists()
    assert Heartbeat.objects.count() == 1
    pulse.end()
    assert not Heartbeat.objects.exists()


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Return what the log says, in JSON, as much of it as an installation can be set to say."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json())
    handler.addFilter(WithoutPaths())
    names = [logging.getLogger(name) for name in ("", "django", "assay.request")]
    levels = [logger.level for logger in names]
    for logger in names:
        logger.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(names, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.django_db
def test_a_walk_of_all_pages_logs_requests_and_no_personal_data(
    organisation: tuple[Aims, Actor], logged: StringIO
) -> None:
    """Every page, as a member, as a stranger, with an address that holds a secret, and a sign-in that fails."""
    aims, officer = organisation
    browser = signed_in(officer)
    for name in INSIDE:
        if ROUTES[name].gets and not ROUTES[name].made:
            browser.get(address(name, ROUTES[name].sample, aims.slug), REMOTE_ADDR="203.0.113.7")
    stranger = Client(REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Strange/1.0")
    stranger.get("/invitation/17-very-secret-words/")
    stranger.get("/priya@example.org/?q=priya@example.org")
    stranger.post(reverse("account_login"), {"login": officer.email, "password": "wrong horse"})
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    requests = [line for line in lines if line["logger"] == "assay.request"]
    assert len(requests) > 60
    mine = next(line for line in requests if line["route"] == "soa:workbench")
    assert mine.keys() == {
        *("at", "level", "logger", "message", "request_id", "route", "method", "status", "ms", "user")
    }
    assert (mine["user"], mine["status"], mine["method"]) == (officer.pseudonym, 200, "GET")
    people = User.objects.all()
    private = {person.email for person in people} | {person.name for person in people if person.name}
    private |= {"203.0.113.7", "very-secret-words", "priya", "wrong horse", "Strange/1.0", aims.slug, aims.name}
    assert [word for word in private if word in logged.getvalue()] == []


def test_a_failure_is_one_line_with_its_trace_and_without_addresses() -> None:
    stream = StringIO()
    logger = logging.Logger("test")
    for form in (Json(), Line()):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(form)
        logger.addHandler(handler)
    try:
        raise ValueError("priya@example.org at 203.0.113.7 and 2001:db8::1, not 127.0.0.1 or ::1, at 12:30:45")  # noqa: TRY301
    except ValueError:
        logger.exception("It failed for %s", "ana.lima@example.org", extra={"request_id": "abc", "job": 7})
    first, _rest = stream.getvalue().split("\n", 1)
    told = json.loads(first)
    assert (told["error"], told["message"], told["job"]) == ("ValueError", "It failed for [e-mail]", 7)
    assert "[e-mail] at [address] and [address], not 127.0.0.1 or ::1, at 12:30:45" in told["trace"]
    assert "example.org" not in stream.getvalue()
    assert "203.0" not in stream.getvalue()


@given(st.text())
def test_scrubbing_takes_any_text_and_is_done_once(text: str) -> None:
    assert scrubbed(scrubbed(text)) == scrubbed(text)


def test_djangos_words_about_a_path_are_put_by_its_route() -> None:
    request = RequestFactory().get("/invitation/secret/")
    record = logging.LogRecord("django.request", 30, "", 1, "%s: %s", ("Not Found", request.path), None)
    record.request, record.status_code = request, 404
    assert WithoutPaths().filter(record)
    assert record.getMessage() == "404 no such page"


def test_a_form_of_log_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="line, json"):
        logging_config("xml", "INFO")
