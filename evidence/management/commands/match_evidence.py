"""Match files to requirements, with what is shipped only: no database, no server, no network, nothing kept."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.matching.frameworks import UnknownFramework, known_framework
from evidence.matching.suggest import Matches, match
from evidence.reading import Document, read


class Command(BaseCommand):
    """Print which requirements each file may prove, with a passage and a confidence, or that it abstains."""

    help = "Suggest requirements for files, each with a passage (docs/matching.md); needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the files, the framework, how many, and the form of the answer."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--framework", default="42001", help="whose requirements: 42001 or another catalogue")
        parser.add_argument("--top", type=int, default=5, help="at most so many for each file")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, match, print; a file that cannot be read abstains and says why."""
        try:
            framework = known_framework(options["framework"])
        except UnknownFramework as error:
            raise CommandError(str(error)) from error
        told = {name: told_of(matched(name, framework, max(1, options["top"]))) for name in options["files"]}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for name, said in told.items():
            self.stdout.write(name)
            if said["abstain"]:
                self.stdout.write(f"  nothing suggested: {said['why']}")
            for one in said["matches"]:
                self.stdout.write(
                    f"  {one['requirement']:<9} {one['confidence']:.0%}  {' '.join(one['passage'].split())[:100]}"
                )


def matched(name: str, framework: str, top: int) -> Matches:
    """Return what a file may prove."""
    try:
        document = read(Path(name))
    except (OSError, ValueError) as error:
        document = Document("", why=f"it could not be read ({type(error).__name__})")
    return match(document, framework, top)


def told_of(found: Matches) -> dict[str, Any]:
    """Return the answer as others read it."""
    matches = [
        {"requirement": one.requirement, "confidence": one.confidence, "passage": one.passage} for one in found.matches
    ]
    return {"abstain": found.abstain, "matches": matches} | ({"why": found.why} if found.abstain else {})
