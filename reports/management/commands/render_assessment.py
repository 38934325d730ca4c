"""Write the report of one impact assessment to a file: a decided edition signed, a draft watermarked."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from reports.judged.command import render_judged


class Command(BaseCommand):
    """`render_assessment IA-2026-08@1.3 --aims SLUG --out FILE.pdf`; without an edition the one in force is meant."""

    help = "Write an impact assessment as a PDF."
    requires_system_checks = []  # they import every address; a report needs none

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the assessment, the AIMS and the file."""
        parser.add_argument("reference", metavar="REF")
        parser.add_argument("--aims", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file, whole or not at all."""
        done, note = render_judged(options["aims"], options["out"], options["reference"])
        self.stdout.write(done)
        if note:
            self.stderr.write(note)
