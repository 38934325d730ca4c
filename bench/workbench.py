"""The workbench: 38 controls, 10 AI systems, 300 evidence links; queries, CPU and bytes of a request, now and then."""

import json
import sys
from time import process_time
from typing import Any

from bench.place import fresh
from bench.table import Row, show

REQUESTS = 30
QUERIES = 15
CHANGES = 10  # of each row, so that the past has something to choose from
PEER = {"queries": 181, "cpu": 163.0}  # the best open peer's SoA view, as design/issue 2 gives it


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    found = json.loads(fresh("workbench", "measure"))
    share = found["cpu"] / PEER["cpu"]
    rows = [
        Row("controls, systems, links", f"{found['controls']}, {found['systems']}, {found['links']}"),
        Row("queries", str(found["queries"]), f"at most {QUERIES}", found["queries"] <= QUERIES),
        Row("queries of the peer", str(PEER["queries"])),
        Row("CPU a request", f"{found['cpu']:.1f} ms"),
        Row("share of the peer's 163 ms, aim 0.10", f"{share:.2f}"),
        Row("answer", f"{found['bytes'] / 1024:.0f} KiB"),
        Row("queries, as of a date", str(found["then"]), f"at most {QUERIES}", found["then"] <= QUERIES),
        Row("CPU a request, as of a date", f"{found['cpu_then']:.1f} ms"),
    ]
    return show((__doc__ or "").strip(), rows)


def measure() -> dict[str, Any]:
    """Fill a statement, then ask for its page as a signed-in officer."""
    import django

    django.setup()
    from django.test import Client

    from accounts import clock
    from accounts.models import User

    officer = User.objects.create_user("b@example.org", name="Bench Officer")
    links = _fill(officer)
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)
    here = "/a/bench/soa/"
    now = cost(client, here)
    then = cost(client, f"{here}?as_of={clock.today('Europe/London')}")
    return {
        "controls": 38,
        "systems": 10,
        "links": links,
        "queries": now[0],
        "cpu": now[1],
        "bytes": now[2],
        "then": then[0],
        "cpu_then": then[1],
    }


def cost(client: Any, place: str) -> tuple[int, float, int]:
    """Return the queries, the CPU milliseconds and the bytes of one request, once everything is warm."""
    from django.db import connection

    for _warm in range(3):
        client.get(place)
    queries: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        answer = client.get(place)
    begun = process_time()
    for _request in range(REQUESTS):
        client.get(place)
    return len(queries), (process_time() - begun) / REQUESTS * 1000, len(answer.content)


def _fill(officer: Any) -> int:
    from accounts.context import acting_in
    from aims.actions import found
    from evidence.actions import expect_evidence, link_evidence
    from evidence.models import EvidenceLink
    from soa.actions import amend, decide, open_statement
    from soa.models import Applicability, Entry
    from systems.actions import register, say_scope

    aims, actor = found("Bench", founder=officer, roles_played=["provider"], slug="bench")
    with acting_in(aims, actor):
        open_statement(actor=actor)
        for number in range(10):
            system = register(name=f"System {number}", purpose="Answers questions.", actor=actor)
            say_scope(system, is_in_scope=True, reason="It serves customers.", seen=system.version, actor=actor)
        for entry in Entry.objects.with_names():
            row = decide(entry, Applicability.INCLUDED, why="A reason of usual length. " * 4, seen=1, actor=actor)
            for change in range(CHANGES):
                row = amend(
                    row, {"how": f"Done by hand {change}. " * 5, "owner": officer}, seen=row.version, actor=actor
                )
        requirements = [entry.requirement for entry in Entry.objects.with_names()]
        for number in range(60):
            evidence = expect_evidence(f"Record {number}", actor=actor)
            link_evidence(evidence, [requirements[(number + k * 7) % 38] for k in range(5)], actor=actor)
        return EvidenceLink.objects.count()


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
