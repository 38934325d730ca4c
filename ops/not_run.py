"""A pytest plugin that names, above the summary line, the tests this machine could not run."""

import os
from typing import Protocol


class Reporter(Protocol):
    """What we use of pytest's terminal reporter."""

    def section(self, title: str, sep: str = "=", **markup: bool) -> None: ...
    def line(self, msg: str, **markup: bool) -> None: ...


def pytest_terminal_summary(terminalreporter: Reporter) -> None:
    """Repeat what `make test` said at its start, where it cannot be scrolled past."""
    lines = [line for line in os.environ.get("ASSAY_NOT_RUN", "").splitlines() if line]
    if lines:
        terminalreporter.section("NOT RUN ON THIS MACHINE", sep="!", red=True, bold=True)
        for line in lines:
            terminalreporter.line(line, red=True)
