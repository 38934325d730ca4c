"""Weigh a file against a control, with what is shipped only: no database, no server, nothing kept."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import clock
from evidence.reading import read
from evidence.review.judge import UnknownRequirement, review


class Command(BaseCommand):
    """Print the score of a document, what is strong in it, and what an auditor would flag."""

    help = "Weigh a document against a control by the published rubric (docs/review.md); needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the control and the form of the answer."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--requirement", required=True, metavar="CODE", help="the control, such as A.2.2")
        parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="judge as of this day")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, weigh, print."""
        if not options["file"].is_file():
            raise CommandError(f"{options['file']} is not a file.")
        document = read(options["file"])
        try:
            draft = review(document, options["requirement"].strip(), options["on"] or clock.now().date())
        except UnknownRequirement as error:
            raise CommandError(f"Nothing is declared for {error}; give a control of Annex A, such as A.2.2.") from error
        told = {
            "score": draft.score,
            "strengths": [str(finding) for finding in draft.strengths],
            "flags": [str(finding) for finding in draft.flags],
            "quotes": list(draft.quotes),
            "dimensions": draft.dimensions,
            "confidence": draft.confidence,
            "language": draft.language,
            "method": f"{draft.method} {draft.version}",
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{draft.score} of 5 for {draft.requirement}")
        for mark, findings in (("+", draft.strengths), ("-", draft.flags)):
            for finding in findings:
                self.stdout.write(f"{mark} {finding}")
