"""The ledger: what a record adds to a governed write, and how fast a chain is verified."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

from bench.place import fresh
from bench.table import Row, show

WRITES = 400
QUERIES = 5
RATIO = 1.5


def main() -> int:
    """Measure in a fresh installation on SQLite, as a process of its own."""
    found = json.loads(fresh("ledger", "measure"))
    rows = []
    for name, (with_record, without) in found["acts"].items():
        rows.append(Row(f"{name}, without record and with", f"{without:.2f} and {with_record:.2f} ms"))
        ratio = with_record / without
        is_bare = name.startswith("bare")
        rows.append(Row("ratio", f"{ratio:.2f}", "" if is_bare else f"at most {RATIO}", is_bare or ratio <= RATIO))
    rows += [
        Row("queries of a record", str(found["queries"]), f"at most {QUERIES}", found["queries"] <= QUERIES),
        Row("records in the log", str(found["records"])),
        Row("verified", f"{found['verified']:,.0f} records/s"),
        Row("is sound", str(found["is_sound"]), "True", found["is_sound"]),
    ]
    return show((__doc__ or "").strip(), rows)


def measure() -> dict[str, Any]:
    """Do governed acts with and without their record, turn about, then verify the log."""
    import django

    django.setup()
    from accounts.context import acting_in
    from accounts.models import User
    from aims.actions import found
    from ledger.models import Log
    from ledger.verify import verify

    aims, actor = found("Bench", founder=User.objects.create_user("b@example.org"), roles_played=["provider"])
    with acting_in(aims, actor):
        acts = {name: _turn_about(module, act) for name, module, act in _acts(aims, actor)}
        queries = _queries(actor)
        begun = perf_counter()
        verdict = verify(Log.objects.get())
        seconds = perf_counter() - begun
    return {
        "acts": acts,
        "queries": queries,
        "records": verdict.size,
        "verified": verdict.size / seconds,
        "is_sound": verdict.is_sound,
    }


def _acts(aims: Any, actor: Any) -> Iterator[tuple[str, str, Callable[[int], None]]]:
    """Two acts as people do them, and the smallest there could be: a row of a few columns with its history."""
    from django.db import transaction

    from aims.actions import Duty, edit_obligation, oblige
    from aims.models import Obligation
    from ledger.change import Change
    from soa.actions import amend, open_statement
    from soa.models import Entry

    open_statement(actor=actor)
    now = {"law": oblige(Duty(kind="law", title="Law"), actor=actor)}
    now["row"] = Entry.objects.with_names().get(requirement__code="A.2.2")

    def oblige_anew(number: int) -> None:
        duty = Duty(kind="law", title=f"Law {number}", text="x" * 200)
        now["law"] = edit_obligation(now["law"], duty, seen=now["law"].version, actor=actor)

    def amend_row(number: int) -> None:
        texts = {"why": f"Reason {number} " + "x" * 200}
        now["row"] = amend(now["row"], texts, seen=now["row"].version, actor=actor)

    def write_bare(number: int) -> None:
        with transaction.atomic():
            row = Obligation(aims=aims, code=f"B-{number}", kind="law", title=f"Law {number}", text="x" * 200)
            change = Change.new(row)
            change.save(actor=actor, reason="bench")
            sys.modules["aims.actions.oblige"].record(  # type: ignore[attr-defined]
                _event(), row, actor=actor, change=change, reason="bench"
            )

    yield "amend a row of the statement", "soa.actions.amend", amend_row
    yield "edit an obligation", "aims.actions.edit_obligation", oblige_anew
    yield "bare row and history", "aims.actions.oblige", write_bare


def _event() -> Any:
    from aims.events import OBLIGED

    return OBLIGED


def _turn_about(module: str, act: Callable[[int], None]) -> tuple[float, float]:
    """Return the medians in milliseconds, with the record and without."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    for number in range(WRITES):
        for recorded in (number % 2 == 0, number % 2 == 1):
            with recording(module, is_on=recorded):
                spent[recorded].append(timed(lambda: act(number * 2 + recorded)))  # noqa: B023
    return median(spent[True]) * 1000, median(spent[False]) * 1000


@contextmanager
def recording(module: str, *, is_on: bool) -> Iterator[None]:
    """Leave the record out of an action, which no action of ours allows."""
    place = sys.modules[module]
    real = place.record  # type: ignore[attr-defined]
    if not is_on:
        place.record = lambda *_args, **_named: None  # type: ignore[attr-defined]
    try:
        yield
    finally:
        place.record = real  # type: ignore[attr-defined]


def _queries(actor: Any) -> int:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from aims.models import Obligation
    from ledger.actions import record
    from ledger.change import Change

    row = Obligation.objects.all()[0]
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        record(_event(), row, actor=actor, change=Change.new(row), reason="bench")
    return len([query for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))])


def timed(work: Callable[[], None]) -> float:
    """Seconds that the work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


if __name__ == "__main__" and sys.argv[1:] == ["measure"]:
    print(json.dumps(measure()))
