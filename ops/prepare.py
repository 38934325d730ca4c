"""What checking and testing need beyond running: `python -m ops.prepare` brings the tools."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ops import machine, venv
from ops.machine import BROWSERS, Need
from ops.postgres import POSTGRES
from ops.say import Problem, complain
from ops.stop import Stopped, stop


@dataclass(frozen=True, slots=True)
class Extra:
    """Something only some tests need, and which tests those are."""

    need: Need
    tests: str


BROWSER = Extra(machine.BROWSER, "the browser tests (pages, keyboard, accessibility)")
POPPLER = Extra(machine.POPPLER, "the tests that read the text of PDF reports and verify their signatures")
QPDF = Extra(machine.QPDF, "the tests that check the syntax of PDF reports")
DATABASE = Extra(POSTGRES, "the PostgreSQL tests (row-level security, both databases)")


@contextmanager
def one_line_problems() -> Iterator[None]:
    """Leave with a clear line instead of a traceback when something is missing or somebody stops us."""
    stop.listen()
    try:
        yield
    except Stopped:
        sys.exit(130)
    except Problem as problem:
        complain(problem)
        sys.exit(1)


def tools() -> None:
    """Have what `make check` needs."""
    venv.ensure(venv.TEST)


def missing_for_tests(databases: Iterable[str]) -> list[Extra]:
    """Have what `make test` needs on these databases, and return the extras that cannot be had here."""
    machine.ensure(machine.LIBRARIES, optional=[machine.INTER, machine.EAST_ASIAN])
    tools()
    extras = (BROWSER, POPPLER, QPDF, *((DATABASE,) if "postgres" in databases else ()))
    return [extra for extra in extras if not _have(extra.need)]


def _have(need: Need) -> bool:
    try:
        machine.ensure([need])
    except Problem as problem:
        complain(problem)
        return False
    return True


def browser_environment() -> dict[str, str]:
    """Tell the tests where the browser is, or that there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None or not machine.BROWSER.present():
        return {"ASSAY_NO_BROWSER": "1"}
    return {"ASSAY_BROWSER": os.environ.get("ASSAY_BROWSER") or found}


if __name__ == "__main__":
    with one_line_problems():
        tools()
