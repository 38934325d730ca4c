"""Writers and sealers killed with -9 again and again: no record that was acknowledged is lost, no number is skipped."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ops.installations import installation, servers_here
from ops.places import ROOT

WRITERS, SEALERS, ROUNDS = 2, 2, 10

LOOK = """
import django; django.setup()
import json
from ledger.actions import checkpoint, seal_all
from ledger.holding import within
from ledger.models import Leaf, Log, Record, Waiting
from ledger.verify import verify
log = Log.unscoped.get(aims_id={aims})
seal_all(log.aims_id, wait=True)
checkpoint(log.aims_id)
with within(log.aims_id):
    leaves = list(Leaf.objects.order_by("number").values_list("number", "record__event_id"))
    records = Record.objects.count()
verdict = verify(Log.unscoped.get(pk=log.pk))
print(json.dumps({{
    "numbers": [number for number, _id in leaves],
    "sealed": [str(event) for _number, event in leaves],
    "records": records,
    "waiting": Waiting.unscoped.count(),
    "fault": verdict.fault,
    "checkpoints": verdict.checkpoints,
}}))
"""

pytestmark = [pytest.mark.db_both, pytest.mark.faults]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation of its own, that real processes share; on PostgreSQL with its three roles."""
    if connection.vendor == "postgresql" and servers_here() is None:
        pytest.skip("needs the private PostgreSQL that `make test` starts")
    with installation(tmp_path / "data", servers_here() if connection.vendor == "postgresql" else None) as env:
        yield env


def start(env: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    """A process of the crowd."""
    return subprocess.Popen([sys.executable, "-m", "tests.ledger.crowd", *words], cwd=ROOT, env=env)


def answer(env: dict[str, str], *argv: str) -> str:
    """What a process prints that is let run to its end."""
    return subprocess.run([sys.executable, *argv], cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def acknowledged(folder: Path) -> list[str]:
    """The records whose writers heard that they are through; the last line of a killed one may be half written."""
    lines = [line for file in folder.glob("*.done") for line in file.read_text().splitlines(keepends=True)]
    return [line.strip() for line in lines if line.endswith("\n")]


def wait_for(folder: Path, count: int) -> None:
    """Until so many are acknowledged."""
    for _tick in range(600):
        if len(acknowledged(folder)) >= count:
            return
        time.sleep(0.1)
    raise AssertionError("The writers do not get on.")


@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_and_no_number_is_skipped(env: dict[str, str], tmp_path: Path) -> None:
    """Each round kills one of them, wherever it is, and starts another in its place."""
    aims, user = answer(env, "-m", "tests.ledger.crowd", "found").split()
    names = iter(f"W{number}" for number in range(100))

    def writer() -> subprocess.Popen[bytes]:
        name = next(names)
        return start(env, "write", aims, user, name, str(tmp_path / f"{name}.done"))

    makers: list[Any] = [writer] * WRITERS + [lambda: start(env, "seal")] * SEALERS
    crowd = [make() for make in makers]
    chance = random.Random(7)  # noqa: S311  (which process dies next is no secret)
    try:
        wait_for(tmp_path, 20)
        for _round in range(ROUNDS):
            time.sleep(chance.random())
            wait_for(tmp_path, len(acknowledged(tmp_path)) + 3)
            place = chance.randrange(len(crowd))
            assert crowd[place].poll() is None, "it ended by itself"
            crowd[place].kill()
            crowd[place].wait()
            crowd[place] = makers[place]()
    finally:
        for process in crowd:
            process.kill()
            process.wait()
    seen = json.loads(answer(env, "-c", LOOK.format(aims=aims)))
    assert set(acknowledged(tmp_path)) <= set(seen["sealed"])
    assert seen["numbers"] == list(range(1, len(seen["numbers"]) + 1))
    assert (seen["records"], seen["waiting"], seen["fault"]) == (len(seen["numbers"]), 0, "")
    assert seen["checkpoints"] >= 1
