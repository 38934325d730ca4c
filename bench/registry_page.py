"""The registry of 2,000 AI systems in the browser: queries and CPU of its list, searched and paged, and one system."""

import json
import sys
from typing import Any

from bench.place import fresh
from bench.table import Row, show
from bench.workbench import cost

SYSTEMS, SOURCES = 2_000, 6
QUERIES, CPU = 15, 100
ONE, HERE = "one system", "/a/bench/systems/"
ASKED = {
    "the list": HERE,
    "searched, by risk": f"{HERE}?q=sys&sort=risk&risk=high",
    "the last page": f"{HERE}?page=40",
    ONE: f"{HERE}SYS-777/",
}


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    found = json.loads(fresh("registry_page", "measure"))
    rows = [Row("systems", str(SYSTEMS))]
    for name, (queries, cpu, size) in found.items():
        rows += [
            _queries(name, queries),
            Row(f"{name}: CPU a request", f"{cpu:.1f} ms", f"under {CPU} ms", cpu < CPU),
            Row(f"{name}: answer", f"{size / 1024:.0f} KiB"),
        ]
    return show((__doc__ or "").strip(), rows)


def _queries(name: str, queries: int) -> Row:
    """The list has a bar; what one system costs grows with the rooms that show something of it."""
    if name == ONE:
        return Row(f"{name}: queries", str(queries))
    return Row(f"{name}: queries", str(queries), f"under {QUERIES}", queries < QUERIES)


def measure() -> dict[str, Any]:
    """Fill a registry, then ask for its pages as a signed-in officer."""
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
    from accounts.context import acting_in
    from aims.actions import found
    from systems.actions import register, say_scope

    aims, actor = found("Bench", founder=officer, roles_played=["provider"], slug="bench")
    with acting_in(aims, actor):
        for number in range(SYSTEMS):
            row = register(name=f"System {number}", record=_record(number), owner=officer, actor=actor)
            if number % 3:
                say_scope(row, is_in_scope=True, reason="It serves customers.", seen=row.version, actor=actor)


def _record(number: int) -> dict[str, Any]:
    tiers = ("low", "moderate", "high", "severe")
    sources = [{"name": f"source {each}", "provenance": "Bought", "pii": True, "x": each} for each in range(SOURCES)]
    return {
        "unit": f"Unit {number % 40}",
        "deployment": {"environment": "production", "regions": ["eu"]},
        "classification": {"purpose": "Answers questions.", "risk_tier": tiers[number % 4], "data_sensitivity": "pii"},
        "model": {"type": "llm", "base_model": "example", "provider": "Example", "version": str(number)},
        "data": {"sources": sources, "retention_days": 30},
        "suppliers": [{"name": "Example", "due_diligence": "passed", "responsibilities": "The model"}],
        "lifecycle": {"stage": "production"},
    }


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
