"""Keeping services up, giving up in time, and burying what they leave."""

import subprocess
import sys

import pytest

from ops import guard, places, supervisor
from ops.places import inherited
from ops.say import Problem
from ops.services import Service
from ops.stop import stop
from ops.supervisor import Supervisor

FAILING = Service("ticker", (sys.executable, "-c", "raise SystemExit(7)"))


@pytest.fixture
def services() -> Supervisor:
    return Supervisor(inherited())


def test_gives_up_on_what_will_not_stay_up(
    services: Supervisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "RESTARTS", 1)
    services.start(FAILING)
    with pytest.raises(
        Problem, match="The ticker stopped with exit status 7 and would not stay up; stopping everything"
    ):
        services.watch()
    assert "starting it again in 1 s (1 of 1)" in capsys.readouterr().out


def test_a_long_steady_run_starts_the_count_again(services: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STEADY_SECONDS", -1.0)
    monkeypatch.setattr(stop, "pause", lambda _seconds=0.0: None)
    services.start(FAILING)
    services.running[0].failures = supervisor.RESTARTS
    services.running[0].process.wait()
    services._restart(services.running[0])
    assert services.running[0].failures == 1
    services.end_all()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_orphans_are_buried_while_it_runs() -> None:
    script = """
import os, subprocess, sys, time
from ops.processes import adopt_orphans, process_table, reap_orphans
adopt_orphans()
subprocess.run(["sh", "-c", "sleep 0.1 & exit 0"], check=True)
time.sleep(0.5)
mine = lambda: [pid for pid, (parent, _state) in process_table().items() if parent == os.getpid()]
before = len(mine()); reap_orphans(known=set()); sys.exit(0 if (before, len(mine())) == (1, 0) else 1)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=places.ROOT, check=False)
    assert done.returncode == 0


def test_the_guard_leaves_alone_what_has_ended() -> None:
    assert guard.still_named(["+10\n", "+11\n", "-10\n", "+12\n"]) == {11, 12}
