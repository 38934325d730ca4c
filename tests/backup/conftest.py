"""One filled installation and one backup of it for all tests of a run; each test spoils a copy."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backup.make import Server, Site, a_copy


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder once for all processes of this run; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"backup-{name}"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            make(place)
    return place


@pytest.fixture(scope="session")
def first_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An installation on SQLite, filled by real processes."""
    return Site(once(tmp_path_factory, "site", lambda place: Site(place).made()))


@pytest.fixture(scope="session")
def first_backup(first_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    return once(tmp_path_factory, "kept", lambda place: first_site.manage("backup", "--out", str(place)))


@pytest.fixture
def site(first_site: Site, tmp_path: Path) -> Site:
    """An installation that the test may spoil."""
    return a_copy(first_site, tmp_path / "site")


@pytest.fixture
def kept(first_backup: Path, tmp_path: Path) -> Path:
    """A backup that the test may spoil."""
    return Path(shutil.copytree(first_backup, tmp_path / "backup"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The PostgreSQL of this run, left as it was."""
    if "DATABASE_OWNER_URL" not in os.environ:
        pytest.skip("needs PostgreSQL")
    server = Server()
    yield server
    server.clean_up()
