"""Two people decide on one change, and two edits open one, at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import Conflict
from aims.models import Aims
from changes.actions import approve_change, refuse_change
from changes.models import ChangeRecord
from ledger.models import Record
from systems.actions import edit_system
from tests.changes.make import a_change, a_live_system, again, an_approver, ready

pytestmark = [pytest.mark.db_both, pytest.mark.django_db(transaction=True)]


def at_once(aims: Aims, *acts: Callable[[], object]) -> list[object]:
    """What each came back with, or the refusal it met, when all began at one moment."""
    barrier = Barrier(len(acts))

    def begin(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            with acting_in(aims):
                return act()
        except Conflict as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def test_of_two_deciders_one_decides(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        first, second = an_approver(aims, officer), an_approver(aims, officer)
        row = ready(a_change(officer), officer)
    came = at_once(
        aims,
        lambda: approve_change(row, seen=row.version, actor=first),
        lambda: refuse_change(row, reason="No", seen=row.version, actor=second),
    )
    with acting_in(aims, officer):
        assert sum(isinstance(each, Conflict) for each in came) == 1
        assert again(row).decided_by_id in (first.user_id, second.user_id)
        assert Record.objects.filter(subject=row.ref, event__in=("change.approved", "change.refused")).count() == 1


def test_of_two_edits_one_opens_and_one_change_stands(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        system = a_live_system(officer)
    came = at_once(
        aims,
        lambda: edit_system(system, model_version="2.7.1", seen=system.version, actor=officer),
        lambda: edit_system(system, model_version="2.7.2", seen=system.version, actor=officer),
    )
    with acting_in(aims, officer):
        assert sum(isinstance(each, Conflict) for each in came) == 1
        assert ChangeRecord.objects.count() == 1
