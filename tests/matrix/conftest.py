"""Both AIMS, built once for all tests of the matrix; every test takes back what it did."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from accounts import clock
from accounts.models import User
from tests.matrix.asking import FIRST_OF_THE_WALK, FIRST_OF_THEIRS, World
from tests.matrix.furnish import furnish
from tests.matrix.planted import plant
from tests.matrix.reads import answers_alone
from tests.matrix.rows import tenant_models
from tests.matrix.tenant import NOW, a_tenant, as_guest
from tests.matrix.urls import INSIDE
from tests.routes import ROUTES

HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One of them run alone finds the database made."""
    for item in [item for item in items if Path(__file__).parent in item.path.parents]:
        item.add_marker(pytest.mark.django_db)


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    """Leave settings as they were when the world was built, since its files lie there; refusals are not logged."""
    cache.clear()
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)
    cache.clear()


@pytest.fixture(scope="package")
def world(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Ours beside theirs; ours is asked once before theirs has anything. The database forgets both."""
    where = tmp_path_factory.mktemp("matrix")
    stores = {"EVIDENCE_ROOT": where / "files", "ANCHOR_ROOT": where / "anchors"}
    lasting = {"STEP_UP_SECONDS": 86_400, "SESSION_IDLE_SECONDS": 86_400}
    settings = override_settings(**stores, **lasting, PASSWORD_HASHERS=HASHERS, REDIS_URL="")
    with django_db_blocker.unblock(), settings, transaction.atomic(), clock.standing_at(NOW):
        yield built(_routes_of(request.session.items))
        transaction.set_rollback(True)


def _routes_of(items: list[pytest.Item]) -> set[str]:
    """The routes that tests of this run ask for."""
    asked = [getattr(item, "callspec", None) for item in items]
    given = [spec.params.get("seed", spec.params.get("name")) for spec in asked if spec is not None]
    return {getattr(one, "route", one) for one in given if isinstance(getattr(one, "route", one), str)}


def built(names: set[str]) -> World:
    """Furnish ours, ask it while it is the only one, then furnish theirs; hash it before anybody knocks."""
    logging.disable(logging.ERROR)
    ours = a_tenant("Halcyon")
    furnish(ours)
    alone = answers_alone(ours, sorted(INSIDE & ROUTES.keys() & names))
    count_from(FIRST_OF_THEIRS)
    theirs = a_tenant("Xanthippe")
    furnish(theirs, 3)
    as_guest(theirs, ours)
    plant(theirs)
    count_from(FIRST_OF_THE_WALK)
    world = World(ours, theirs, alone)
    assert world.clients
    assert world.theirs_before
    return world


def count_from(first: int) -> None:
    """Give the rows that follow keys that nobody could take for a count."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in (*tenant_models(), User._meta.db_table):
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first])
