"""Whatever is killed, flushed, cut off or full: what was acknowledged is there, once, whole, and in the chain."""

import io
import random
import subprocess
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import requests

from ops.places import ROOT
from tests.faults.stack import LEASE, Stack, a_stack, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(600)]
MB = 1024 * 1024
CHANCE = random.Random(7)  # noqa: S311  (when a process dies is no secret)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One installation for all tests of this file; each leaves everything running."""
    with a_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def organisation(stack: Stack) -> dict[str, str]:
    """Its only organisation: slug, and a token of its officer."""
    found: dict[str, str] = stack.act("found")
    return found


@pytest.fixture(autouse=True)
def _whole(stack: Stack, organisation: dict[str, str]) -> Iterator[None]:
    """After each test everything runs, nothing waits, and nothing is lost, doubled, half or unproved."""
    yield
    stack.ready()
    seen = until(lambda: _settled(stack), "nothing waits any more", 120)
    assert (seen["faults"], seen["verdict"], seen["gaps"]) == ([], "", False)
    assert seen["records"] == seen["sealed"]
    assert seen["in_force"] <= 1
    assert seen["approvals"][0] == seen["approvals"][1]
    assert (seen["twice"], seen["runs_twice"]) == ([], False)
    assert set(seen["jobs"]) <= {"done", "cancelled"}
    assert max((stack.mails.came.count(one) for one in stack.mails.came), default=1) == 1


def _settled(stack: Stack) -> Any:
    seen = stack.act("seen")
    busy = {"queued", "running"} & set(seen["jobs"]) or seen["waiting"] or "new" in seen["mails"]
    return None if busy else seen


def give(stack: Stack, organisation: dict[str, str], name: str, data: bytes) -> int:
    """Give a file through the API, and return the status; 0 when nobody answered."""
    try:
        answer = requests.post(
            f"{stack.address}/api/v1/a/{organisation['slug']}/evidence/",
            headers={"Authorization": f"Bearer {organisation['token']}"},
            data={"kind": "document", "title": name},
            files={"files": (f"{name}.txt", io.BytesIO(data))},
            timeout=30,
        )
    except requests.RequestException:
        return 0
    return answer.status_code


class Giving:
    """A thread that gives file after file, and remembers which were acknowledged."""

    def __init__(self, stack: Stack, organisation: dict[str, str], prefix: str) -> None:
        self.acknowledged: list[str] = []
        self._stop = Event()
        self._thread = Thread(target=self._give, args=(stack, organisation, prefix), daemon=True)

    def __enter__(self) -> "Giving":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _give(self, stack: Stack, organisation: dict[str, str], prefix: str) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            name = f"{prefix}-{number}"
            if give(stack, organisation, name, name.encode() * 20_000) == 201:
                self.acknowledged.append(name)


def all_given(stack: Stack, names: list[str]) -> bool:
    titles = stack.act("seen")["titles"]
    return all(titles.count(name) == 1 for name in names)


def test_web_servers_killed_during_uploads(stack: Stack, organisation: dict[str, str]) -> None:
    with Giving(stack, organisation, "web") as giving:
        for _round in range(4):
            before = len(giving.acknowledged)
            until(lambda before=before: len(giving.acknowledged) >= before + 3, "uploads go on")
            time.sleep(CHANCE.random())
            stack.kill("web")
            stack.start("web")
            stack.ready()
    assert all_given(stack, giving.acknowledged)


def test_approvals_cut_off_anywhere(stack: Stack) -> None:
    before = stack.act("seen")["approvals"][0]
    for _round in range(4):
        process = stack.begin("approvals")
        try:
            time.sleep(6 + 3 * CHANCE.random())
            assert process.poll() is None, stack.log("approvals")
        finally:
            process.kill()
            process.wait()
    assert stack.act("seen")["approvals"][0] > before


def test_workers_killed_during_renders_and_the_queue_flushed(stack: Stack) -> None:
    count = len(stack.act("report", "6"))
    for _round in range(3):
        time.sleep(1 + 2 * CHANCE.random())
        stack.kill("worker")
        stack.redis().flushall()
        stack.start("worker")
    seen = until(lambda: _settled(stack), "all reports are made", 180)
    assert seen["jobs"]["done"] >= count


def test_tickers_and_sealers_killed_while_mail_leaves(stack: Stack) -> None:
    already = len(stack.mails.came)
    for round_ in range(3):
        stack.act("mail", f"round-{round_}", "60")
        time.sleep(0.5)
        stack.kill("ticker-1", "sealer")
        stack.start("ticker-1", "sealer")
    seen = until(lambda: _settled(stack), "no mail waits")
    unsure = seen["mails"].get("sending", 0)
    assert seen["mails"]["sent"] + unsure == 180
    assert 180 - unsure <= len(stack.mails.came) - already <= 180


def test_redis_killed(stack: Stack, organisation: dict[str, str]) -> None:
    stack.kill("redis")
    assert give(stack, organisation, "without-redis", b"proof") in (201, 500, 0)
    stack.act("report", "1")
    stack.start("redis")


def test_the_database_crashed_in_the_middle_of_everything(stack: Stack, organisation: dict[str, str]) -> None:
    stack.act("report", "2")
    with Giving(stack, organisation, "database") as giving:
        until(lambda: len(giving.acknowledged) >= 2, "uploads go on")
        stack.database.crash()
        time.sleep(2)
        stack.database.start_again()
        stack.ready()
        before = len(giving.acknowledged)
        until(lambda: len(giving.acknowledged) > before, "uploads go on again")
    assert all_given(stack, giving.acknowledged)


def test_a_full_disk_takes_nothing_and_then_goes_on(stack: Stack, organisation: dict[str, str]) -> None:
    incoming = stack.folder / "files" / "incoming"
    stack.kill("web")
    left = sorted(incoming.iterdir())  # by web servers that were killed; swept after a day
    stack.start("web", most_bytes=2 * MB)
    stack.ready()
    try:
        assert give(stack, organisation, "too-much", b"x" * 3 * MB) == 507
        assert give(stack, organisation, "fits", b"fits") == 201
        assert sorted(incoming.iterdir()) == left
    finally:
        stack.kill("web")
        stack.start("web")
        stack.ready()
    titles = stack.act("seen")["titles"]
    assert ("fits" in titles, "too-much" in titles) == (True, False)


@pytest.fixture
def version_before(tmp_path: Path) -> Path:
    """The code as it was before the newest migration, taken from the history."""
    try:
        newest = _git("log", "-1", "--first-parent", "--format=%H", "--", "*/migrations/*").decode().strip()
        archive = _git("archive", f"{newest}^1")
    except subprocess.CalledProcessError:
        pytest.skip("there is no history here")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(tmp_path, filter="data")
    return tmp_path


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout


def test_the_version_before_works_beside_this_one(
    stack: Stack, organisation: dict[str, str], version_before: Path
) -> None:
    """During an upgrade its worker makes reports and its ticker sends mail on tables that are newer than both."""
    stack.kill("worker", "ticker-1", "ticker-2")
    try:
        stack.start("worker", "ticker-1", code=version_before)
        stack.act("report", "1")
        stack.act("mail", "old", "3")
        assert give(stack, organisation, "beside", b"proof") == 201
        until(lambda: _settled(stack), "the old worker and the old ticker did it")
    finally:
        stack.kill("worker", "ticker-1")
        stack.start("worker", "ticker-1", "ticker-2")


def test_a_role_revoked_while_a_job_runs(stack: Stack, organisation: dict[str, str]) -> None:
    """The work ends under Assay's own authority; who asked for it reads nothing of it any more. The last test."""
    stack.kill("worker")
    stack.act("report", "1")
    stack.act("revoke")
    stack.start("worker")
    until(lambda: _settled(stack), "the report is made")
    assert give(stack, organisation, "revoked", b"proof") in (401, 403, 404)
    assert LEASE < 60
