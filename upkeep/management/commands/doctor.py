"""Look at an installation and say what is wrong with it."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from upkeep.doctor import Finding, Level, examine, given, places, proof, work

CHECKS = (*given.CHECKS, *places.CHECKS, *work.CHECKS, *proof.CHECKS)
MARKS = {Level.OK: "ok  ", Level.WARN: "warn", Level.FAIL: "FAIL"}


class Command(BaseCommand):
    """Print a line for each thing that was looked at, and what mends it; nothing is changed."""

    help = "Say what is wrong with this installation and how to mend it; exit 1 when anything fails."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="print one JSON array on standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run all checks."""
        findings = examine(CHECKS)
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_json for finding in findings], indent=2))
        else:
            for finding in findings:
                self._say(finding)
        if any(finding.level == Level.FAIL for finding in findings):
            sys.exit(1)

    def _say(self, finding: Finding) -> None:
        styles = {Level.OK: self.style.SUCCESS, Level.WARN: self.style.WARNING, Level.FAIL: self.style.ERROR}
        self.stdout.write(f"{styles[finding.level](MARKS[finding.level])}  {finding.check:<14}  {finding.words}")
        if finding.mend:
            self.stdout.write(f"{'':22}{finding.mend}")
