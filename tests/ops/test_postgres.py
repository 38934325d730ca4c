"""A private PostgreSQL: two roles with different rights, and nothing left when it ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ops import places, postgres
from ops.say import Problem
from tests.ops.project import wait_for

pytestmark = pytest.mark.skipif(postgres.find_programs() is None, reason="needs PostgreSQL")


def test_the_owner_makes_tables_that_the_application_may_fill_but_not_empty() -> None:
    with postgres.private_postgres() as urls:
        with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("CREATE DATABASE assay_test")
        app_url, owner_url = (urls[name] + "_test" for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute("CREATE TABLE fact (id serial PRIMARY KEY)")
        with psycopg.connect(app_url, autocommit=True) as app:
            app.execute("INSERT INTO fact DEFAULT VALUES")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("TRUNCATE fact")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("CREATE TABLE other (id int)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("CREATE DATABASE other")


def test_a_command_gets_the_addresses_and_its_status_is_kept(tmp_path: Path) -> None:
    script = f'echo "$DATABASE_URL" > "{tmp_path}/url"; exit 3'
    done = subprocess.run(
        [sys.executable, "-m", "ops.postgres", "--", "sh", "-c", script], cwd=places.ROOT, check=False
    )
    assert done.returncode == 3
    assert (tmp_path / "url").read_text().startswith("postgresql://assay_app:")


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder that the server's account can reach, as /tmp is and pytest's are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


def test_ending_it_leaves_neither_server_nor_files(tmp_path: Path, temporary: Path) -> None:
    env = os.environ | {"TMPDIR": str(temporary)}
    command = [sys.executable, "-m", "ops.postgres", "--", "sh", "-c", f"touch {tmp_path}/started; sleep 60"]
    wrapper = subprocess.Popen(command, cwd=places.ROOT, env=env)
    assert wait_for((tmp_path / "started").exists)
    wrapper.send_signal(signal.SIGTERM)
    assert wrapper.wait(timeout=90) == 130
    assert list(temporary.iterdir()) == []


def test_without_a_server_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "DEBIAN_SERVERS", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(Problem, match="apt-get install postgresql"), postgres.private_postgres():
        pytest.fail("there is no server")
