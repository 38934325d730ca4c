"""`make faults`: have what the tests need, and run those that kill real processes, on SQLite and on PostgreSQL."""

import sys
import tempfile

from ops import prepare
from ops.postgres import private_postgres
from ops.processes import guarded
from ops.say import say, say_loudly
from ops.suite import NOTHING_COLLECTED, clean_environment, pytest

SERIALLY = ("-n", "0", "--no-cov", "-o", "addopts=--strict-markers --strict-config -ra")


def main() -> int:
    """Run both parts; the first failure is the exit status."""
    missing = prepare.missing_for_tests(["sqlite", "postgres"])
    not_run = [f"{extra.need.what} cannot be had here: NOT RUN: {extra.tests}" for extra in missing]
    say_loudly(not_run)
    statuses = [_run("faults and not postgres", not_run)]
    if prepare.DATABASE not in missing:
        with private_postgres() as urls:
            statuses.append(_run("faults and (db_both or postgres)", not_run, urls))
    return next((status for status in statuses if status not in (0, NOTHING_COLLECTED)), 0)


def _run(marked: str, not_run: list[str], urls: dict[str, str] | None = None) -> int:
    say(f"Faults on {'PostgreSQL' if urls else 'SQLite'}")
    with tempfile.TemporaryDirectory(prefix="assay-faults-") as data:
        env = clean_environment() | {"ASSAY_DATA": data, "ASSAY_NOT_RUN": "\n".join(not_run)} | (urls or {})
        return pytest(env, "-m", marked, *SERIALLY)


if __name__ == "__main__":
    with prepare.one_line_problems(), guarded():
        status = main()
    sys.exit(status)
