"""One filled installation and one backup of it for all tests of a process; each test spoils a copy."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.make import Server, Site, a_copy


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests on one worker: they share what is costly to make."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("backup"))


@pytest.fixture(scope="session")
def first_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An installation on SQLite, filled by real processes."""
    return Site(tmp_path_factory.mktemp("first") / "data").made()


@pytest.fixture(scope="session")
def first_backup(first_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    folder = tmp_path_factory.mktemp("backups") / "first"
    first_site.manage("backup", "--out", str(folder))
    return folder


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
