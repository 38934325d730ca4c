"""The three roles on PostgreSQL: what a thief of the application's role cannot do, and what is seen of what it can."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ops.installations import OWNER, installation, servers_here
from ops.places import ROOT

pytestmark = pytest.mark.postgres

FORBIDDEN = (
    "INSERT INTO ledger_leaf (log_id, aims_id, number, record_id, leaf_hash) "
    "SELECT log_id, aims_id, 99, record_id, '00' FROM ledger_leaf LIMIT 1",
    "INSERT INTO ledger_checkpoint (log_id, aims_id, size, root, note, frontier, made_at) "
    "SELECT id, aims_id, 99, '', '', '[]', now() FROM ledger_log",
    "UPDATE ledger_log SET size = 1",
    "UPDATE ledger_log SET signed_size = 0",
    "UPDATE ledger_log SET root = ''",
    "DELETE FROM ledger_log",
    "DELETE FROM ledger_leaf",
    "TRUNCATE ledger_leaf",
    "ALTER TABLE ledger_record DISABLE TRIGGER ALL",
    "UPDATE ledger_record SET mac = ''",
    "DELETE FROM ledger_record",
)
FORGE = """
import django; django.setup()
from uuid import uuid4
from ledger.holding import within
from ledger.models import Log, Record, Waiting
with within(Log.unscoped.get().aims_id):
    row = Record.objects.order_by("pk").first()
    row.pk, row.event_id, row.body = None, uuid4(), bytes(row.body).replace(b"human", b"agent")
    row.save(force_insert=True)
    Waiting(record=row, aims_id=row.aims_id).save(force_insert=True)
"""
SEAL = "import django; django.setup(); from ledger.actions import seal_waiting; seal_waiting()"


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An installation of its own with an organisation in it."""
    servers = servers_here()
    if servers is None:
        pytest.skip("needs the private PostgreSQL that `make test` starts")
    folder: Path = tmp_path_factory.mktemp("roles")
    with installation(folder, servers) as env:
        run(env, "-m", "tests.ledger.crowd", "found")
        yield env


def run(env: dict[str, str], *argv: str) -> subprocess.CompletedProcess[str]:
    """A process of the installation."""
    return subprocess.run([sys.executable, *argv], cwd=ROOT, env=env, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_application_may_neither_number_nor_sign_nor_rewrite(env: dict[str, str], statement: str) -> None:
    """By its rights, or by a guard that it cannot switch off."""
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        connection.execute("SELECT set_config('app.aims', aims_id::text, true) FROM ledger_log")
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(statement)  # type: ignore[call-overload]
    assert refused.value.sqlstate in ("42501", "P0001"), refused.value


def test_a_forged_record_stops_the_sealer(env: dict[str, str]) -> None:
    """The application's role can write a row, but not the HMAC of a key that is not in the database."""
    assert run(env, "-c", FORGE).returncode == 0
    run(env, "-c", SEAL)
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        halted = connection.execute("SELECT halted FROM ledger_log").fetchone()
    assert halted is not None
    assert "was not written by Assay" in halted[0]


def test_a_start_looks_at_the_roles(env: dict[str, str]) -> None:
    """Rights that somebody gave back are an error, and migrating takes them away again."""
    servers = servers_here()
    assert servers is not None
    assert run(env, "manage.py", "check").returncode == 0
    owner = servers[OWNER].rpartition("/")[0] + "/" + env["DATABASE_URL"].rpartition("/")[2]
    with psycopg.connect(owner) as connection:
        connection.execute("GRANT INSERT ON ledger_leaf TO assay_app")
    checked = run(env, "manage.py", "check")
    assert checked.returncode == 1
    assert "ledger.E003" in checked.stderr
    assert run(env | {"DATABASE_URL": owner}, "manage.py", "migrate", "--verbosity", "0").returncode == 0
    assert run(env, "manage.py", "check").returncode == 0
