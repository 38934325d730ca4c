"""What other rooms and the ticker get from this one, and two writers at once."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from evidence.actions import expect_evidence, link_evidence
from evidence.store import store
from jobs.registry import schedules
from systems.models import AiSystem
from systems.ports import linked_facts
from tests import migrated
from tests.evidence.make import a_note, files_on_disk, requirements


def test_a_system_shows_the_evidence_linked_for_it(aims: Aims, officer: Actor) -> None:
    system = AiSystem.objects.create(aims=aims, code="SYS-01", name="RAG", purpose="Answers")
    late = a_note(actor=officer, title="Late", renew_by=clock.today(aims.time_zone) - timedelta(days=2))
    other = a_note(actor=officer, title="Other", serves=["A.2.2"])
    link_evidence(late, requirements("A.6.2.4", "A.7.4"), system=system, actor=officer)
    (fact,) = (fact for fact in linked_facts(system) if fact.heading == "Evidence")
    assert (fact.ref, fact.title, fact.note, fact.state) == ("EV-001", "Late", "A.6.2.4, A.7.4", "overdue 2 d")
    assert fact.address.endswith("/evidence/EV-001/")
    with CaptureQueriesContext(connection) as few:
        linked_facts(system)
    for number in range(20):
        item = expect_evidence(f"Awaited {number}", actor=officer)
        link_evidence(item, requirements("A.2.2"), system=system, actor=officer)
    link_evidence(other, requirements("A.2.2"), system=system, actor=officer)
    with CaptureQueriesContext(connection) as many:
        assert len([fact for fact in linked_facts(system) if fact.heading == "Evidence"]) == 22
    assert len(many) == len(few)


def test_the_ticker_sweeps_what_was_abandoned() -> None:
    (sweep,) = (schedule for schedule in schedules() if schedule.name == "evidence-sweep")
    abandoned = store().stage(10)
    os.utime(abandoned.path, (0, 0))
    sweep.run()
    assert files_on_disk() == []


RACE = """
import django, threading
django.setup()
from django.db import connections
from accounts.context import acting_in
from evidence.actions import Content, give_evidence, give_version
from evidence.models import EvidenceVersion
from ledger.models import Log, Record
from ledger.verify import verify
from tests.make import an_organisation

aims, actor = an_organisation()
with acting_in(aims, actor):
    item = give_evidence(Content(note="one"), title="Raced", actor=actor)

def give(number):
    with acting_in(aims, actor):
        for turn in range(3):
            give_version(item, Content(note=f"{number}.{turn}", change_note="next"), actor=actor)
    connections.close_all()

threads = [threading.Thread(target=give, args=(number,)) for number in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
with acting_in(aims, actor):
    print(sorted(EvidenceVersion.objects.values_list("number", flat=True)) == list(range(1, 14)))
    print(EvidenceVersion.objects.values("note").distinct().count(), verify(Log.objects.get()).is_sound)
"""


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="needs an SQLite file of its own")
def test_versions_given_at_once_are_all_kept_with_numbers_of_their_own(tmp_path: Path) -> None:
    migrated.copy_to(tmp_path / "assay.sqlite3")
    env = os.environ | {
        "ASSAY_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    done = subprocess.run([sys.executable, "-c", RACE], capture_output=True, text=True, env=env, timeout=120)
    assert done.stdout.split() == ["True", "13", "True"], done.stderr[-2000:]
