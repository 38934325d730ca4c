"""The portfolio of 2,000 systems, each assessed: queries and CPU of its page, now, narrowed and looking back."""

import json
import sys
from typing import Any

from bench.place import fresh
from bench.table import Row, show
from bench.workbench import cost

SYSTEMS, IMPACTS = 2_000, 8
QUERIES, CPU = 15, 300
HERE = "/a/bench/assessments/portfolio/"
ASKED = {"the page": HERE, "searched, by system": f"{HERE}?q=77&sort=name", "the last page": f"{HERE}?page=40"}


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    rows = [Row("systems", str(SYSTEMS)), Row("harms", str(SYSTEMS * IMPACTS))]
    for name, (queries, cpu, size) in json.loads(fresh("portfolio", "measure")).items():
        rows += [
            Row(f"{name}: queries", str(queries), f"at most {QUERIES}", queries <= QUERIES),
            Row(f"{name}: CPU a request", f"{cpu:.0f} ms", f"under {CPU} ms", cpu < CPU),
            Row(f"{name}: answer", f"{size / 1024:.0f} KiB"),
        ]
    return show((__doc__ or "").strip(), rows)


def measure() -> dict[str, Any]:
    """Fill an organisation, then ask for the pages as a signed-in officer."""
    import django

    django.setup()
    from django.test import Client

    from accounts.models import User

    officer = User.objects.create_user("b@example.org", name="Bench Officer")
    _fill(officer)
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)
    return {name: cost(client, place) for name, place in ASKED.items()}


def _fill(officer: Any) -> None:
    """Write rows past the actions, which would take minutes; nothing here is looked back on."""
    from accounts.context import acting_in
    from aims.actions import found
    from aims.models import Criteria
    from assessments.models import Assessment, Impact
    from systems.models import AiSystem

    aims, actor = found("Bench", founder=officer, roles_played=["provider"], slug="bench")
    with acting_in(aims, actor):
        criteria = Criteria.objects.get()
        systems = AiSystem.objects.bulk_create(
            AiSystem(aims=aims, code=f"SYS-{n:04d}", name=f"System {n}", purpose="Helps") for n in range(SYSTEMS)
        )
        rows = Assessment.objects.bulk_create(
            Assessment(aims=aims, code=f"IA-2026-{n:04d}", system=system, criteria=criteria, author=officer)
            for n, system in enumerate(systems)
        )
        Impact.objects.bulk_create(_impact(aims, row, n, i) for n, row in enumerate(rows) for i in range(IMPACTS))


def _impact(aims: Any, row: Any, n: int, i: int) -> Any:
    from assessments.models import Impact

    before = (1 + (n + i) % 5, 1 + (n * 3 + i) % 5)
    now = (1 + (n + i) % 3, 1 + (n * 3 + i) % 5)
    scores = {"likelihood": before[0], "severity": before[1], "residual_likelihood": now[0]}
    return Impact(
        aims=aims, assessment=row, number=i + 1, level="individual", description="Harm", residual_severity=now[1],
        target_likelihood=1 if i % 2 else None, target_severity=now[1] if i % 2 else None, **scores,
    )  # fmt: skip


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
