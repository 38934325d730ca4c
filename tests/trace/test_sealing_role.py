"""PostgreSQL with a role of its own for sealing: a process that may neither number nor sign sends checkpoints all the
same."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.installations import installation, servers_here
from ops.places import ROOT

pytestmark = pytest.mark.postgres

BEGIN = """
import django; django.setup()
from tests.make import an_organisation
from tests.trace.outside import an_auditor, beat
aims, officer = an_organisation()
an_auditor(aims, officer)
an_auditor(aims, officer, name="Oda")
beat()
"""
SEND = """
import django; django.setup()
from accounts.context import acting_in
from accounts.models import User
from aims.models import Aims
from aims.queries import actor_for
from jobs.actions import send_waiting
from tests.trace.outside import MORNING, run_jobs
from accounts import clock
from trace.actions import send_checkpoint
from trace.anchoring import schedule
from trace.anchoring.recipients import auditors
from ledger.models import Anchor
aims = Aims.objects.get()
officer = actor_for(User.objects.order_by("pk")[0], aims, auth_method="password")
with acting_in(aims, officer):
    send_checkpoint(aims, auditors()[0], actor=officer)
sent = send_waiting()
with clock.standing_at(MORNING):
    schedule.ask_each_day()
    run_jobs()
    sent += send_waiting()
with acting_in(aims):
    print(sent, Anchor.objects.count())
"""


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation of its own."""
    servers = servers_here()
    if servers is None:
        pytest.skip("needs the private PostgreSQL that `make test` starts")
    with installation(tmp_path, servers) as env:
        yield env | {"EMAIL_URL": "memorymail://"}


def run(env: dict[str, str], script: str) -> str:
    """What a process of the installation says."""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_who_may_not_seal_sends_what_was_signed(env: dict[str, str]) -> None:
    run(env, BEGIN)
    assert run(env | {"DATABASE_SEALER_URL": ""}, SEND).split() == ["2", "2"]


def test_who_may_seal_sends_too(env: dict[str, str]) -> None:
    run(env, BEGIN)
    assert run(env, SEND).split() == ["2", "2"]
