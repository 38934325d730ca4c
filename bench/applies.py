"""What applies with 2,000 systems: the workbench with proposals and without, a control's page, and an edit."""

import json
import sys
from time import perf_counter
from typing import Any

from bench.place import fresh
from bench.table import Row, show
from bench.workbench import cost

SYSTEMS, EDITS = 2_000, 100
QUERIES, CPU_MORE, ASKED_CPU, ASKED_QUERIES = 1, 1.25, 100.0, 15


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    found = json.loads(fresh("applies", "measure"))
    with_, without, asked = found["with"], found["without"], found["asked"]
    more = with_[0] - without[0]
    ratio = with_[1] / without[1]
    rows = [
        Row("systems, kinds of what follows", f"{SYSTEMS}, {found['kinds']}"),
        Row("workbench, queries without and with", f"{without[0]} and {with_[0]}", f"{QUERIES} more", more <= QUERIES),
        Row("workbench, CPU without and with", f"{without[1]:.0f} and {with_[1]:.0f} ms"),
        Row("ratio", f"{ratio:.2f}", f"at most {CPU_MORE}", ratio <= CPU_MORE),
        Row("panel of a control, queries and CPU", f"{found['panel'][0]}, {found['panel'][1]:.0f} ms"),
        Row("what a control asks, queries", str(asked[0]), f"at most {ASKED_QUERIES}", asked[0] <= ASKED_QUERIES),
        Row("what a control asks, CPU", f"{asked[1]:.0f} ms", f"at most {ASKED_CPU:.0f} ms", asked[1] <= ASKED_CPU),
        Row("roles and facts, queries and CPU", f"{found['applies'][0]}, {found['applies'][1]:.0f} ms"),
        Row("deriving what follows, in an edit", f"{found['derive']:.2f} ms"),
    ]
    return show((__doc__ or "").strip(), rows)


def measure() -> dict[str, Any]:
    """Register the systems, then ask for the pages with what follows from their records and without it."""
    import django

    django.setup()
    from django.test import Client

    from accounts.context import acting_in
    from accounts.models import User
    from aims.actions import found
    from systems.applying import queries

    officer = User.objects.create_user("b@example.org", name="Bench Officer")
    aims, actor = found("Bench", founder=officer, roles_played=["provider"], slug="bench")
    with acting_in(aims, actor):
        derive = _fill(actor)
        kinds = len(list(queries._in_scope(None)))
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)
    here = "/a/bench/soa/"
    pages = {
        "with": here,
        "panel": f"{here}?control=A.10.3",
        "asked": "/a/bench/systems/asked/A.7.5/",
        "applies": f"{here}applies/",
    }
    told: dict[str, Any] = {name: cost(client, place) for name, place in pages.items()}
    sys.modules["soa.queries.rows"].in_play = lambda _at=None: queries.NOTHING  # type: ignore[attr-defined]
    return told | {"without": cost(client, here), "kinds": kinds, "derive": derive}


def _fill(actor: Any) -> float:
    from soa.actions import open_statement
    from systems.actions import register, say_scope
    from systems.applying.actions import derive
    from systems.models import AiSystem

    open_statement(actor=actor)
    for number in range(SYSTEMS):
        system = register(name=f"System {number}", purpose="Answers.", record=_record(number), actor=actor)
        say_scope(system, is_in_scope=True, reason="It serves customers.", seen=system.version, actor=actor)
    rows = list(AiSystem.objects.order_by("pk")[:EDITS])
    begun = perf_counter()
    for row in rows:
        derive(row)
    return (perf_counter() - begun) / EDITS * 1000


def _record(number: int) -> dict[str, Any]:
    """Return one of many kinds of records, as registers have them."""
    record: dict[str, Any] = {
        "deployment": {"environment": ("production", "staging", "development")[number % 3], "regions": ["eu"]},
        "classification": {
            "purpose": "Answers.",
            "data_sensitivity": ("none", "internal", "pii", "special")[number % 4],
            "risk_tier": ("low", "moderate", "high")[number % 5 % 3],
            "affected_parties": ["customers"] if number % 2 else [],
        },
        "model": {"type": ("llm-rag", "classifier")[number % 7 % 2], "provider": f"Provider {number % 40}"},
        "lifecycle": {"stage": "operation"},
    }
    if number % 3 == 0:
        record["data"] = {"sources": [{"name": "Tickets", "pii": number % 2 == 0, "kind": "training"}]}
    if number % 11 == 0:
        record["customers"] = [{"name": "Agencies", "expectations": "Answers in a day"}]
    return record


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
