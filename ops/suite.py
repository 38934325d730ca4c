"""`make test`: have what the tests need, run them on SQLite, then what differs on a private PostgreSQL."""

import os
import shlex
import sys
import tempfile
from collections.abc import Mapping

from ops import prepare
from ops.commands import show
from ops.places import VENV_PYTHON, inherited
from ops.postgres import private_postgres
from ops.processes import guarded
from ops.say import Problem, say, say_loudly

NOTHING_COLLECTED = 5
OUR_OWN = ("ASSAY_DATA", "DATABASE_OWNER_URL", "DATABASE_URL", "DEMO", "EVIDENCE_STORE", "PORT", "REDIS_URL")
WITHOUT_FAULTS = ("-m", "not faults")
BOTH_DATABASES = ("-m", "(db_both or postgres) and not faults", "--no-cov")


def main() -> int:
    """Run what DB asks for (sqlite, postgres, or both when it is empty); the first failure is the exit status."""
    chosen = wanted_databases(os.environ.get("DB", ""))
    missing = prepare.missing_for_tests(chosen)
    not_run = [f"{extra.need.what} cannot be had here: NOT RUN: {extra.tests}" for extra in missing]
    say_loudly(not_run)
    if prepare.DATABASE in missing:
        chosen = [database for database in chosen if database != "postgres"]
    statuses = [run_on(database, not_run) for database in chosen]
    return next(filter(None, statuses), 0) if statuses else 1


def wanted_databases(choice: str) -> list[str]:
    """The databases to test on, in order."""
    if choice not in ("", "sqlite", "postgres"):
        raise Problem(f"DB must be sqlite or postgres, not {choice!r}.")
    return [choice] if choice else ["sqlite", "postgres"]


def run_on(database: str, not_run: list[str]) -> int:
    """Run the tests of one database in a data folder of their own, and return pytest's exit status."""
    with tempfile.TemporaryDirectory(prefix="assay-test-") as data:
        env = clean_environment() | prepare.browser_environment()
        env |= {"ASSAY_DATA": data, "ASSAY_NOT_RUN": "\n".join(not_run)}
        if database == "sqlite":
            say("Tests on SQLite")
            return pytest(env, *WITHOUT_FAULTS)
        say("Tests on PostgreSQL")
        with private_postgres() as urls:
            status = pytest(env | urls, *BOTH_DATABASES)
    return 0 if status == NOTHING_COLLECTED else status


def clean_environment() -> dict[str, str]:
    """Our environment without what would point the tests at somebody's real data."""
    return {name: value for name, value in inherited().items() if name not in OUR_OWN}


def pytest(env: Mapping[str, str], *options: str) -> int:
    """Run pytest on two processes; ARGS adds to or overrides its options."""
    more = shlex.split(os.environ.get("ARGS", ""))
    return show(
        [VENV_PYTHON, "-m", "pytest", "-p", "ops.not_run", "-n", "2", "--dist", "loadscope", *options, *more], env=env
    )


if __name__ == "__main__":
    with prepare.one_line_problems(), guarded():
        status = main()
    sys.exit(status)
