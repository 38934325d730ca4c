"""Processes that share a database and no memory: of two that are shown the same code, one lets its person in."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from ops.installations import installation, servers_here
from ops.places import ROOT

PERIOD, ENOUGH = 30, 8
DOORKEEPERS = (sys.executable, "-m", "tests.accounts.doorkeepers")

pytestmark = [pytest.mark.db_both, pytest.mark.faults]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation of its own without Redis, so that its database holds the cache."""
    if connection.vendor == "postgresql" and servers_here() is None:
        pytest.skip("needs the private PostgreSQL that `make test` starts")
    with installation(tmp_path / "data", servers_here() if connection.vendor == "postgresql" else None) as env:
        yield {name: value for name, value in env.items() if name != "REDIS_URL"}


def a_doorkeeper(env: dict[str, str]) -> "subprocess.Popen[str]":
    """A process that is ready to check codes."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([*DOORKEEPERS, "check"], cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.timeout(180)
def test_a_code_shown_to_two_processes_lets_one_in(env: dict[str, str]) -> None:
    made = subprocess.run([*DOORKEEPERS, "people"], cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    doors = [a_doorkeeper(env), a_doorkeeper(env)]
    try:
        for person in made.stdout.split():
            if time.time() % PERIOD > PERIOD - ENOUGH:
                time.sleep(ENOUGH + 1)  # so that both are asked within one period
            for door in doors:
                door.stdin.write(f"{person}\n")
            for door in doors:
                door.stdin.flush()
            assert sorted(door.stdout.readline() for door in doors) == ["in\n", "out\n"], person
    finally:
        for door in doors:
            door.kill()
            door.wait()
