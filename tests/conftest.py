"""What every test starts from: the catalogue, an organisation, and a ledger that can be flushed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from tests import migrated
from tests.databases import become_app, become_owner, guards_lifted, owning
from tests.groups import ByGroup
from tests.make import an_organisation

hypothesis_settings.register_profile("assay", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("assay")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    """Start the server, the browsers and the worlds of the tests once, not once a process."""
    return ByGroup(config, log)


@pytest.fixture(autouse=True)
def _clean(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keep files of a test in its own folder, hash passwords fast, forget rate limits."""
    settings.EVIDENCE_ROOT = tmp_path / "files"
    settings.ANCHOR_ROOT = tmp_path / "anchors"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDIS_URL = ""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Make the test database as its owner, as migrations are run in production; return the application's role.

    On SQLite it is a file, as everywhere else: one in memory cannot make one thread wait for another. It is a copy
    of one that was migrated before, where nothing is left to migrate.
    """
    if connection.vendor == "sqlite":
        place = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(migrated.copy_to(place))
    return become_owner()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Take the copy as it is."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, django_db_modify_db_settings: dict[str, Any]
) -> Iterator[None]:
    """Load the catalogue once into the test database, as every installation has it; tests run as the application."""
    with django_db_blocker.unblock():
        become_app(django_db_modify_db_settings)
        call_command("load_catalogue", verbosity=0)
    yield
    with django_db_blocker.unblock():
        become_owner()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterator[None]:
    """Lift the ledger's guards around the flush that ends a transactional test, and load the catalogue again."""
    flush = TransactionTestCase._fixture_teardown

    def lift_and_flush(case: TransactionTestCase) -> None:
        with owning(), guards_lifted():
            flush(case)
        call_command("load_catalogue", verbosity=0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_flush)
        yield


@pytest.fixture
def organisation(db: None) -> tuple[Aims, Actor]:
    """Return a fresh AIMS and its officer as an actor (not yet in context)."""
    return an_organisation()


@pytest.fixture
def aims(organisation: tuple[Aims, Actor]) -> Iterator[Aims]:
    """Return a fresh AIMS, acting in it for the whole test."""
    aims, actor = organisation
    with acting_in(aims, actor):
        yield aims


@pytest.fixture
def officer(organisation: tuple[Aims, Actor]) -> Actor:
    """Return the founder: administrator and compliance officer."""
    return organisation[1]


@pytest.fixture
def on_postgres() -> bool:
    """Return whether this run is on PostgreSQL."""
    return connection.vendor == "postgresql"
