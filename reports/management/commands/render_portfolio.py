"""Write the report of every system's judgement to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from reports.judged.command import render_judged


class Command(BaseCommand):
    """`render_portfolio --aims SLUG --out FILE.pdf`: the portfolio as it stands now."""

    help = "Write the portfolio of impact assessments as a PDF."
    requires_system_checks = []  # they import every address; a report needs none

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the AIMS and the file."""
        parser.add_argument("--aims", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file, whole or not at all."""
        done, _note = render_judged(options["aims"], options["out"])
        self.stdout.write(done)
