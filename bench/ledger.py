"""The ledger: what a record adds to a governed write, and how fast a chain is verified."""

import json
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from bench.place import fresh
from bench.table import Row, show

WRITES = 400
QUERIES = 5


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    found = json.loads(fresh("ledger", "measure"))
    ratio = found["with"] / found["without"]
    rows = [
        Row("governed write without record", f"{found['without']:.2f} ms"),
        Row("governed write with record", f"{found['with']:.2f} ms"),
        Row("ratio", f"{ratio:.2f}"),
        Row("queries of a record", str(found["queries"]), f"at most {QUERIES}", found["queries"] <= QUERIES),
        Row("records in the log", str(found["records"])),
        Row("verified", f"{found['verified']:,.0f} records/s"),
        Row("is sound", str(found["is_sound"]), "True", found["is_sound"]),
    ]
    return show((__doc__ or "").strip(), rows)


def measure() -> dict[str, Any]:
    """Write obligations with and without a record, turn about, then verify the log."""
    import django  # noqa: PLC0415  (only the child, which has a data folder of its own, may load Django)

    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from accounts.context import acting_in  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415
    from aims.actions import found  # noqa: PLC0415
    from aims.events import OBLIGED  # noqa: PLC0415
    from aims.models import Obligation  # noqa: PLC0415
    from ledger.actions import record  # noqa: PLC0415
    from ledger.change import Change  # noqa: PLC0415
    from ledger.models import Log  # noqa: PLC0415
    from ledger.verify import verify  # noqa: PLC0415

    aims, actor = found("Bench", founder=User.objects.create_user("b@example.org"), roles_played=["provider"])

    def write(number: int, *, recorded: bool) -> None:
        with transaction.atomic():
            row = Obligation(aims=aims, code=f"O-{number}", kind="law", title=f"Law {number}", text="x" * 200)
            change = Change.new(row)
            change.save(actor=actor, reason="bench")
            if recorded:
                record(OBLIGED, row, actor=actor, change=change, reason="bench")

    with acting_in(aims, actor):
        spent = {True: 0.0, False: 0.0}
        for number in range(WRITES):
            for recorded in (number % 2 == 0, number % 2 == 1):
                spent[recorded] += timed(lambda: write(number * 2 + recorded, recorded=recorded))  # noqa: B023
        row = Obligation.objects.all()[0]
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            record(OBLIGED, row, actor=actor, change=Change.new(row), reason="bench")
        begun = perf_counter()
        verdict = verify(Log.objects.get())
        seconds = perf_counter() - begun
    ours = [query for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))]
    return {
        "with": spent[True] / WRITES * 1000,
        "without": spent[False] / WRITES * 1000,
        "queries": len(ours),
        "records": verdict.size,
        "verified": verdict.size / seconds,
        "is_sound": verdict.is_sound,
    }


def timed(work: Callable[[], None]) -> float:
    """Seconds that the work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
