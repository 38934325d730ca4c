"""Eight people write at once, each on a connection of their own: the numbers have no gap and the tree holds."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from ledger.actions import seal_waiting
from ledger.models import Log
from ledger.verify import verify
from tests.ledger.make import an_act, numbers
from tests.make import an_organisation

WRITERS, ACTS = 8, 6

Crowd = Callable[[list[Callable[[], Any]]], list[Any]]


@pytest.fixture
def crowd(tmp_path: Path, django_db_setup: None, django_db_blocker: Any, request: Any) -> Iterator[Crowd]:
    """Return how to do things at once; SQLite gets a file of its own, as memory cannot be shared by writers."""
    if connection.vendor == "postgresql":
        request.getfixturevalue("transactional_db")
        yield _at_once
        return
    with django_db_blocker.unblock():
        file = tmp_path / "assay.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
        name = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = str(file)
        yield _at_once
        connection.settings_dict["NAME"] = name


def _at_once(work: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result() for future in [pool.submit(_alone, item) for item in work]]


def _alone(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connections["default"].close()


def write(aims: Aims, officer: Actor, writer: int) -> None:
    for number in range(ACTS):
        with acting_in(aims, officer):
            an_act(officer, aims_id=aims.pk, code=f"O-{writer}-{number}")
        seal_waiting()


@pytest.mark.db_both
def test_numbers_have_no_gaps(crowd: Crowd) -> None:
    [(aims, officer)] = crowd([an_organisation])
    crowd([lambda writer=writer: write(aims, officer, writer) for writer in range(WRITERS)])

    def look() -> tuple[list[int], Log, str]:
        seal_waiting()
        with acting_in(aims, officer):
            return numbers(), Log.objects.get(), verify(Log.objects.get()).fault

    [(found, log, fault)] = crowd([look])
    assert found == list(range(1, WRITERS * ACTS + 5))
    assert (log.size, fault) == (len(found), "")
