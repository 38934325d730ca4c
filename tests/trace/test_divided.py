"""Keys and checkpoints where sealing has a role of its own: nobody waits for a lock they hold, nothing is half done."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.installations import installation, servers_here
from ops.places import ROOT

pytestmark = pytest.mark.postgres

WHO = """
import django; django.setup()
from accounts.context import acting_in
from aims.models import Aims, Membership
aims = Aims.objects.get()
with acting_in(aims):
    print(aims.slug, Membership.objects.select_related("user").first().user.email)
"""
IN_A_REQUEST = """
import django; django.setup()
from django.test import Client
from django.conf import settings
from accounts.context import acting_in
from accounts.models import User
from aims.models import Aims
from ledger.models import Checkpoint, LogKey, Waiting
settings.ALLOWED_HOSTS = ["*"]
browser = Client()
browser.force_login(User.objects.get(email="{email}"))
print(browser.post("/a/{slug}/chain/anchors/rotate/", {{"reason": "A yearly rotation"}}).status_code)
print(browser.post("/a/{slug}/chain/sign/").status_code)
with acting_in(Aims.objects.get()):
    print(LogKey.objects.count(), Waiting.objects.exists(), Checkpoint.objects.exists())
"""


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation with its three roles and an organisation in it."""
    servers = servers_here()
    if servers is None:
        pytest.skip("needs the private PostgreSQL that `make test` starts")
    with installation(tmp_path / "data", servers) as env:
        run(env, "-m", "tests.ledger.crowd", "found")
        yield env


def run(env: dict[str, str], *argv: str, fails: bool = False) -> str:
    """What a process of the installation prints; one that fails prints why."""
    done = subprocess.run([sys.executable, *argv], cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    assert (done.returncode != 0) == fails, done.stderr
    return done.stderr if fails else done.stdout


def test_a_process_that_may_not_seal_leaves_it_to_the_one_that_may(env: dict[str, str]) -> None:
    slug, email = run(env, "-c", WHO).split()
    web = {name: value for name, value in env.items() if name != "DATABASE_SEALER_URL"}
    told = run(web, "-c", IN_A_REQUEST.format(slug=slug, email=email)).splitlines()
    assert told == ["302", "302", "1 True False"]
    assert "may not sign" in run(web, "manage.py", "checkpoint", "--aims", slug, fails=True)
    run(env, "manage.py", "ticker", "--once")
    printed = run(env, "manage.py", "checkpoint", "--aims", slug)
    assert printed.startswith("assay/")
    assert "verified" in run(env, "manage.py", "verify_chain", "--aims", slug)


def test_a_process_with_both_roles_does_both_without_waiting_for_itself(env: dict[str, str]) -> None:
    slug, email = run(env, "-c", WHO).split()
    told = run(env, "-c", IN_A_REQUEST.format(slug=slug, email=email)).splitlines()
    assert told == ["302", "302", "1 False True"]
    words = ("--aims", slug, "--as", email, "--reason", "A yearly rotation")
    assert "signs with key 2" in run(env, "manage.py", "rotate_key", *words)
    assert "nothing to resume" in run(env, "manage.py", "resume_log", *words, fails=True)
    assert "verified" in run(env, "manage.py", "verify_chain", "--aims", slug)
