"""The arguments of `check_systems`, and its exit status: 0 nothing is wrong, 1 something is, 2 called wrongly."""

import argparse
import sys
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings

from policies.stages import STAGES
from systems.check.checking import NoPolicies, check, sources_at
from systems.check.formats import FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be said on the command line."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, and folders whose *.yaml and *.yml are read")
    parser.add_argument("--policies", metavar="DIR", help="judge by the *.rego below DIR, instead of the shipped set")
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="how to print what was found")
    parser.add_argument("--stage", choices=STAGES, default="", help="judge as if the systems were at this stage")
    parser.add_argument("--today", type=date.fromisoformat, help="judge as of this day, such as 2026-06-18")


def run(given: dict[str, Any]) -> int:
    """Check, print, and return the exit status."""
    today = given["today"] or datetime.now(UTC).astimezone().date()
    try:
        sources = sources_at(given["policies"])
    except NoPolicies as error:
        sys.stderr.write(f"check_systems: {error}\n")
        return 2
    if not sources:
        sys.stderr.write(
            f"check_systems: {given['policies']} holds no policies (*.rego): only the schema is checked.\n"
        )
    files = check(given["paths"], sources, today=today, stage=given["stage"])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout.write(FORMATS[given["format"]](files) + "\n")
    return 0 if all(file.is_allowed for file in files) else 1


def main(argv: list[str]) -> int:
    """Run without the rest of the application: settings are the least that texts need."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
    parser = argparse.ArgumentParser(
        prog="check_systems",
        description="Check records of AI systems in files: schema and policies, without a database.",
    )
    add_arguments(parser)
    return run(vars(parser.parse_args(argv)))
