"""An assessment with 300 impacts: what its page costs to open, and what a save in passing costs.

Every query is counted but the brackets of the transaction; five of them let anybody in anywhere.
"""

import json
import sys
import time
from statistics import median
from typing import Any

from bench.place import fresh
from bench.table import Row, show
from bench.workbench import cost

IMPACTS, ROUNDS = 300, 9
OPENS, DOOR, ACT = 15, 5, 10
BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    found = json.loads(fresh("assessment", "measure"))
    queries, cpu, size = found["opens"]
    rows = [
        Row("impacts, each with a measure", str(IMPACTS)),
        Row("it opens: queries", str(queries), f"at most {OPENS}", queries <= OPENS),
        Row("it opens: CPU", f"{cpu:.0f} ms"),
        Row("it opens: answer", f"{size / 1024:.0f} KiB"),
    ]
    for name, (asked, spent) in found["saves"].items():
        own = asked - DOOR
        rows += [
            Row(f"{name}: queries, {asked} less {DOOR} to come in", str(own), f"at most {ACT}", own <= ACT),
            Row(f"{name}: CPU", f"{spent:.0f} ms"),
        ]
    return show((__doc__ or "").strip().splitlines()[0], rows)


def measure() -> dict[str, Any]:
    """Write the assessment, then open it and save in it as its signed-in author."""
    import django

    django.setup()
    from django.test import Client

    from accounts.models import User

    officer = User.objects.create_user("b@example.org", name="Bench Officer")
    here, impact = _fill(officer)
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)
    saves = {
        "texts saved": lambda n: (f"{here}purpose/", {"intended_use": f"Use {n}", "seen": n + 1}),
        "an answer saved": lambda n: (f"{here}answers/scope/", {"text": f"All {n}", "seen": n}),
        "scores saved": lambda n: (f"{here}impacts/scores/", _scores(impact, n)),
    }
    return {
        "opens": cost(client, here),
        "saves": {name: _saving(client, sent) for name, sent in saves.items()},
    }


def _scores(impact: int, n: int) -> dict[str, Any]:
    return {f"i{impact}-seen": n + 1, f"i{impact}-likelihood": 1 + n % 5, f"i{impact}-severity": 3}


def _saving(client: Any, sent: Any) -> tuple[int, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spent, asked = [], 0
    for n in range(ROUNDS):
        place, data = sent(n)
        with CaptureQueriesContext(connection) as caught:
            began = time.process_time()
            answer = client.post(place, {**data, "autosave": "1"}, headers={"HX-Request": "true"})
            spent.append((time.process_time() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{place} answered {answer.status_code}.")
        asked = sum(not one["sql"].startswith(BRACKETS) for one in caught)
    return asked, median(spent)


def _fill(officer: Any) -> tuple[str, int]:
    """Begin it through its action; its 300 rows are written past theirs, which would take a minute."""
    from accounts.context import acting_in
    from aims.actions import found
    from assessments.actions import start_assessment
    from assessments.models import Impact, Measure
    from controls.models import Requirement
    from systems.models import AiSystem

    aims, actor = found("Bench", founder=officer, roles_played=["provider"], slug="bench")
    with acting_in(aims, actor):
        system = AiSystem.objects.bulk_create([AiSystem(aims=aims, code="SYS-01", name="Ranker", purpose="Ranks")])[0]
        row = start_assessment(system, actor=actor)
        control = Requirement.objects.get(code="A.9.2")
        words = {"level": "individual", "description": "Somebody is ranked out of sight", "who": "Applicants"}
        impacts = Impact.objects.bulk_create(
            Impact(aims=aims, assessment=row, number=n, likelihood=1 + n % 4, severity=1 + n % 5, **words)
            for n in range(1, IMPACTS + 1)
        )
        Measure.objects.bulk_create(
            Measure(aims=aims, impact=impact, text="A person reads it", requirement=control, is_in_place=True)
            for impact in impacts
        )
    return f"/a/bench/assessments/{row.code}/{row.edition}/", impacts[0].pk


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
