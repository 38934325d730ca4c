"""`make run` with real processes: what it starts, what it says, and that nothing stays behind."""

import os
import shutil
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.project import Project, a_project, wait_for

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.skipif(shutil.which("make") is None, reason="needs make"),
]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = a_project(tmp_path / "project")
    yield project
    project.clean_up()


def stop_and_read(project: Project) -> str:
    """End the newest run and return everything it printed."""
    run = project.runs[-1]
    run.send_signal(signal.SIGTERM)
    return run.communicate(timeout=90)[0]


def test_starts_everything_in_order_and_says_where_it_is(project: Project) -> None:
    project.start_until_healthy()
    assert wait_for(lambda: len(project.calls()) == 4)
    printed = stop_and_read(project)
    assert project.calls() == ["migrate --noinput", "load_catalogue", "load_demo --if-first-start", "ticker"]
    assert f"Assay is ready: http://127.0.0.1:{project.port}\n" in printed
    assert "  compliance officer  ada@example.org  secret-1\n" in printed
    assert "  auditor             bo@example.org   s2\n" in printed


def to_make(project: Project, number: int) -> None:
    os.kill(project.runs[-1].pid, number)


def to_supervisor(project: Project, number: int) -> None:
    os.kill(project.supervisor, number)


def to_group(project: Project, number: int) -> None:
    os.killpg(project.runs[-1].pid, number)


@pytest.mark.parametrize(
    ("target", "number"),
    [
        pytest.param(to_make, signal.SIGTERM, id="SIGTERM to make"),
        pytest.param(to_make, signal.SIGINT, id="SIGINT to make alone"),
        pytest.param(to_make, signal.SIGKILL, id="kill -9 to make"),
        pytest.param(to_supervisor, signal.SIGTERM, id="SIGTERM to the supervisor"),
        pytest.param(to_supervisor, signal.SIGKILL, id="kill -9 to the supervisor"),
        pytest.param(to_group, signal.SIGTERM, id="SIGTERM to the group"),
        pytest.param(to_group, signal.SIGINT, id="Ctrl-C"),
        pytest.param(to_group, signal.SIGHUP, id="closed terminal"),
    ],
)
def test_nothing_is_left_however_it_is_ended(project: Project, target: object, number: int) -> None:
    project.start_until_healthy()
    assert len(project.left_over()) >= 10
    assert callable(target)
    target(project, number)
    assert project.all_gone(), project.left_over()


def test_a_second_ctrl_c_ends_children_that_will_not_listen(project: Project) -> None:
    project.start_until_healthy(STUBBORN="1")
    to_group(project, signal.SIGINT)
    time.sleep(1.0)
    assert project.left_over()
    to_group(project, signal.SIGINT)
    assert project.all_gone(5), project.left_over()


def test_can_be_ended_while_it_prepares(project: Project) -> None:
    (project.root / "manage.py").write_text("import time; time.sleep(60)")
    run = project.start()
    assert wait_for(lambda: any("migrate" in line for line in project.left_over()))
    run.send_signal(signal.SIGTERM)
    assert project.all_gone(), project.left_over()


def test_starts_again_on_the_same_data(project: Project) -> None:
    project.start_until_healthy()
    stop_and_read(project)
    (project.data / "kept.txt").write_text("kept")
    project.start_until_healthy()
    assert (project.data / "kept.txt").read_text() == "kept"
    assert "Assay is ready" in stop_and_read(project)


def test_gives_the_worker_a_redis_with_a_password(project: Project) -> None:
    project.start_until_healthy()
    assert wait_for((project.data / "worker.txt").exists)
    _pid, url = project.worker()
    password, _, port = url.removeprefix("redis://:").removesuffix("/0").replace("@127.0.0.1", "").partition(":")
    with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(100).startswith(b"-NOAUTH")
        connection.sendall(f"AUTH {password}\r\n".encode())
        assert connection.recv(100) == b"+OK\r\n"
    config = project.data / "redis" / "redis.conf"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(project.data.stat().st_mode) == 0o700


def test_uses_the_redis_it_is_given(project: Project) -> None:
    project.start_until_healthy(REDIS_URL="redis://127.0.0.1:1/0")
    assert wait_for((project.data / "worker.txt").exists)
    assert project.worker()[1] == "redis://127.0.0.1:1/0"
    assert not (project.data / "redis").exists()


def test_starts_on_a_queue_that_redis_cannot_read(project: Project) -> None:
    folder = project.data / "redis"
    (folder / "appendonlydir").mkdir(parents=True)
    (folder / "appendonly.aof").write_text("not a queue")
    (folder / "appendonlydir" / "appendonly.aof.manifest").write_text("not a manifest")
    project.start_until_healthy()
    assert len(list(folder.glob("unread-*/appendonly*"))) == 2


def test_starts_a_killed_worker_again(project: Project) -> None:
    project.start_until_healthy()
    assert wait_for((project.data / "worker.txt").exists)
    first, _url = project.worker()
    os.kill(first, signal.SIGKILL)
    assert wait_for(lambda: project.worker()[0] != first)
    assert "The worker was killed by signal 9; starting it again in 1 s (1 of 5)." in stop_and_read(project)
    assert project.all_gone(), project.left_over()


def test_refuses_a_port_in_use_before_it_starts_anything(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", project.port))
        taken.listen()
        run = project.start()
        printed = run.communicate(timeout=90)[0]
    assert run.returncode != 0
    assert printed.startswith(f"Port {project.port} cannot be used (address already in use): free it, or")
    assert not (project.data / "calls.txt").exists()


def test_refuses_a_second_run_on_the_same_data(project: Project) -> None:
    project.start_until_healthy()
    second = project.start(PORT="1")
    printed = second.communicate(timeout=90)[0]
    assert second.returncode != 0
    assert f"already runs on {project.data} (process {project.supervisor}, http://127.0.0.1:{project.port})" in printed
    assert project.healthy()


def test_says_when_the_web_server_does_not_start(project: Project) -> None:
    run = project.start(NO_WEB="1")
    printed = run.communicate(timeout=90)[0]
    assert run.returncode != 0
    assert f"The web server did not start on port {project.port}: it stopped with exit status 1." in printed
    assert project.all_gone(), project.left_over()


def test_shows_why_a_preparation_failed(project: Project) -> None:
    run = project.start(FAIL="load_catalogue")
    printed = run.communicate(timeout=90)[0]
    assert run.returncode != 0
    assert "Preparing the catalogue failed (exit status 1)" in printed
    assert "the reason it failed" in printed
    assert "load_demo --if-first-start" not in project.calls()
    assert project.all_gone(), project.left_over()


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1", "٣"])
def test_refuses_a_port_that_is_none(project: Project, port: str) -> None:
    run = project.start(PORT=port)
    assert f"PORT must be a whole number from 1 to 65535, not '{port}'." in run.communicate(timeout=90)[0]
    assert run.returncode != 0
